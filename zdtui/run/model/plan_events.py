"""What happened with the plan itself (edited, proposed, read), part of the union in `zdtui.run.model.events`; and what
only this console knows of that.

A version that does not know a proposal's kinds refuses the run in words: it would go on without what they stand for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from zdtui.plan.model import StepId
from zdtui.proposals.proposal import Proposal
from zdtui.run.model.event_reach import ChangesRun, ChangesStep


class PlanAmended(ChangesRun):
    """The plan's text changed while the run was open, and a person said so."""

    kind: Literal["plan amended"] = "plan amended"
    plan_digest: str
    plan_text: str
    step_ids: tuple[StepId, ...]
    reason: str


class PlanProposed(ChangesRun):
    """The plan of this run was proposed by somebody else: none of its steps runs before a person has read it."""

    kind: Literal["plan proposed"] = "plan proposed"
    by: str = Field(description="empty: nobody knows who")
    on_behalf_of: str = ""
    proposed_at: datetime | None = None
    digest: str = Field(default="", description="of the plan as it was proposed; empty: not known")
    doubt: str = Field(default="", description="why the note of who proposed it cannot be relied on")

    @classmethod
    def of(cls, proposal: Proposal) -> "PlanProposed":
        """The event that says so."""
        return cls(
            by=proposal.by,
            on_behalf_of=proposal.on_behalf_of,
            proposed_at=proposal.at,
            digest=proposal.digest,
            doubt=proposal.doubt,
        )

    @property
    def proposal(self) -> Proposal:
        """What it says of who proposed the plan."""
        return Proposal(
            by=self.by, on_behalf_of=self.on_behalf_of, at=self.proposed_at, digest=self.digest, doubt=self.doubt
        )


class StepRead(ChangesStep):
    """A person had every line of a proposed step on the screen. It holds for the text of that digest only."""

    kind: Literal["step read"] = "step read"
    step: StepId
    text_digest: str
    by: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class NotJournaled:
    """It is written with the run's beginning, or when this console takes hold of the run."""

    proposal: Proposal | None = None
    """By the note beside the plan's file; None: there is none."""
    readings: tuple[StepRead, ...] = ()
    """Steps that were read here."""

    def proposal_over(self, journaled: Proposal | None) -> Proposal | None:
        """Who proposed the plan, as far as both know: a note that cannot be relied on says less than the journal."""
        if self.proposal is None or (self.proposal.doubt and journaled is not None):
            return journaled
        return self.proposal
