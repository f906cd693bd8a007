"""Who proposed a plan, and what exactly. The plan's own file is what was proposed, letter for letter."""

from datetime import datetime
from pathlib import Path

from pydantic import Field

from zdtui.errors import ZdtuiError
from zdtui.frozen import Frozen

FOLDER = "proposals"
"""The folder, below the one that zdtui is called in, in which proposals wait to be read."""
LONGEST_NAME = 100
"""Characters of a name of who proposes, or for whom."""


class ProposalError(ZdtuiError):
    """Why a proposal is not taken, or not run, in one sentence."""


class Proposal(Frozen):
    """What the note beside a proposed plan says."""

    by: str = Field(description="who proposed it, by the name it gave itself; empty: nobody knows")
    on_behalf_of: str = Field(default="", description="the person it said it works for; empty: it named nobody")
    at: datetime | None = Field(default=None, description="when, by the clock of the machine that wrote it")
    digest: str = Field(default="", description="of the plan as it was proposed, as `Plan.digest`; empty: not known")
    doubt: str = Field(default="", description="why the note cannot be relied on; empty: it can", exclude=True)

    @property
    def who(self) -> str:
        """'claude on behalf of ana', or that nobody knows."""
        if not self.by:
            return "somebody unknown"
        return f"{self.by} on behalf of {self.on_behalf_of}" if self.on_behalf_of else self.by

    def is_changed(self, digest: str) -> bool:
        """Whether a plan of this digest is another text than the one that was proposed, as far as that is known."""
        return bool(self.digest) and self.digest != digest


def note_path(plan_path: str | Path) -> Path:
    """'proposals/add-index.yaml' → 'proposals/add-index.proposal.json'."""
    return Path(plan_path).with_suffix(".proposal.json")
