"""What the operator wants. Every key that acts becomes one of these; `decide` says whether it may happen.

What was shown when the operator confirmed travels with the command (digest, pid + backend_start): if the world
moved on since, the command is refused rather than aimed at something else.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from zdtui.plan.model import Plan, StepId
from zdtui.run.model.events import Direction
from zdtui.watch.details import Subject
from zdtui.watch.samples import Backend, BackendKey


@dataclass(frozen=True, slots=True)
class RunStep:
    """Run (or go on with, or try again) a step. `sql_digest` is of the text that was shown."""

    step: StepId
    sql_digest: str
    confirmed_by: str
    """'y', or the step id that was typed."""
    note: str = ""
    """For a manual step: what was done."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Run a step in the next quiet moment, if there is one before `lasts` is over.

    Nothing runs that a person did not confirm: this is the confirmation, of one step and of exactly the text that
    `sql_digest` is of, given beforehand and for a limited time. It may be taken back at any moment (`p`), it is worth
    nothing for another text, and every rule that would refuse RunStep at the moment of firing refuses it too.
    """

    step: StepId
    sql_digest: str
    confirmed_by: str
    """'y', or the step id that was typed."""
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class SetQueueCeiling:
    """Set the longest time a strong lock may be queued for; takes effect with the next attempt."""

    ceiling: timedelta


@dataclass(frozen=True, slots=True)
class RollBack:
    """Undo these steps, in this order (latest first). `sql_digest` is over all the texts shown."""

    steps: tuple[StepId, ...]
    sql_digest: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop at the next safe point. Always allowed."""


@dataclass(frozen=True, slots=True)
class StatementId:
    """One statement of a step that is under way."""

    step: StepId
    direction: Direction
    index: int


@dataclass(frozen=True, slots=True)
class CancelStatement:
    """Cancel our own running statement on the server."""

    shown: StatementId | None = None
    """Which one was shown, and no other is cancelled; None: whichever runs."""


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Pass over a step, for a reason."""

    step: StepId
    reason: str


@dataclass(frozen=True, slots=True)
class SilenceHazard:
    """Take on a `stop` hazard of a step, for a reason. `text_digest` is of the text it was shown for."""

    step: StepId
    rule: str
    reason: str
    text_digest: str


@dataclass(frozen=True, slots=True)
class ReadStep:
    """A person has had all there is to read of a step on the screen. `text_digest` is of what was shown."""

    step: StepId
    text_digest: str


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Go on with the plan as its file is now, which a person has edited."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class AcceptBlindness:
    """Go on for this run without a figure that cannot be seen: typed, for a reason.

    It holds for what was shown: for the figure as a whole or, with `about`, only for the standbys that are gone.
    """

    guard: str
    """By the plan's name for it: 'replication_lag'."""
    reason: str
    confirmed_by: str
    """'blind', as it was typed."""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put a remark into the journal."""

    text: str


@dataclass(frozen=True, slots=True)
class SignalBackend:
    """Cancel or terminate the backend that was shown, and no other."""

    action: Literal["cancel", "terminate"]
    backend: BackendKey
    who: str
    """As it was shown: '4711 report-nightly'."""
    shown: Backend | None = None
    """As it was shown; what the panes show of it now counts more."""
    confirmed_by: str = ""
    """What was typed: in production the backend's pid."""


@dataclass(frozen=True, slots=True)
class CleanUpIndex:
    """Drop the invalid index a failed build left. `sql` is the statement that was shown."""

    step: StepId
    index_name: str
    sql: str
    confirmed_by: str = "y"
    """'y', or the step id that was typed."""


@dataclass(frozen=True, slots=True)
class RetryRejected:
    """Try the rows again that a backfill or copy could not take. `sql_digest` is of the text that was shown."""

    step: StepId
    sql_digest: str
    confirmed_by: str
    """'y', or the step id that was typed."""


@dataclass(frozen=True, slots=True)
class SettleDoubt:
    """The operator looked and says whether a statement in doubt took effect."""

    step: StepId
    done: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AcceptJournal:
    """Go on with what this server's journal says, although it is not whole. `found_digest` is of what was shown."""

    found_digest: str
    confirmed_by: str
    """The plan's name, typed."""
    reason: str


@dataclass(frozen=True, slots=True)
class SetThrottleLevel:
    """How hard a backfill works; takes effect with the next batch."""

    level: "ThrottleLevel"


class ThrottleLevel(StrEnum):
    """The dial: how much of the time a backfill works."""

    GENTLE = "gentle"
    NORMAL = "normal"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class TakeOver:
    """An observer takes the run, if nobody holds it any more."""


@dataclass(frozen=True, slots=True)
class RefreshBoard:
    """Ask the server the preflight questions again."""


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Rehearse the next step on a scratch server, with the schema as it is here now."""

    step: StepId


@dataclass(frozen=True, slots=True)
class StopRehearsal:
    """End the rehearsal that this console has begun."""


@dataclass(frozen=True, slots=True)
class LookAt:
    """Ask the server each second for all that is to be known of one row; None: nobody looks any more."""

    subject: Subject | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Let go of the run. `force`: at once, cancelling what works; else at the next safe point."""

    why: str
    force: bool = False


Command = (
    RunStep
    | Arm
    | SetQueueCeiling
    | RollBack
    | Pause
    | CancelStatement
    | SkipStep
    | SilenceHazard
    | ReadStep
    | ChangePlan
    | AcceptBlindness
    | AddNote
    | SignalBackend
    | CleanUpIndex
    | RetryRejected
    | SettleDoubt
    | AcceptJournal
    | SetThrottleLevel
    | TakeOver
    | RefreshBoard
    | Rehearse
    | StopRehearsal
    | LookAt
    | Leave
)
