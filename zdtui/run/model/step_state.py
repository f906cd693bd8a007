"""One step as the events tell it, and the words for where it stands. Pure data; `zdtui.run.model.state` folds it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zdtui.run.model import events as e


class StepStatus(StrEnum):
    """Where a step stands. The word is what the console shows."""

    PENDING = "pending"
    RUNNING = "running"
    ROLLING_BACK = "rolling back"
    HELD = "held"
    FAILED = "failed"
    IN_DOUBT = "in doubt"
    APPLIED = "applied"
    """Committed, verify still to run."""
    DONE = "done"
    SKIPPED = "skipped"


OVER = frozenset({StepStatus.DONE, StepStatus.SKIPPED})
"""The statuses that let the next step run."""


@dataclass(frozen=True, slots=True)
class Silenced:
    """A hazard the operator took on, for the step's text of that digest."""

    rule: str
    reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A person has read the step of a proposal: its text of that digest, on a screen, to its last line."""

    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepState:
    """One step as the events tell it."""

    status: StepStatus = StepStatus.PENDING
    direction: e.Direction = e.Direction.FORWARD
    attempt: int = 0
    started_at: datetime | None = None
    """Of the first start since the step was last open: a wait counts from here."""
    changed_at: datetime | None = None
    seconds: float | None = None
    """How long the step took, when it is over."""
    rows: int | None = None
    batches: int = 0
    rejected: int = 0
    first_rejected: tuple[str, ...] = ()
    """The first of those rows and why, as '(4711): 22P02 invalid input syntax ...'."""
    retrying: bool = False
    """Rejected rows are being tried again, or a console died while they were."""
    fraction: float | None = None
    """0 to 1 of a backfill, as of the last BatchesDone."""
    hold: e.HoldKind | None = None
    invalid_indexes: tuple[str, ...] = ()
    """Those it is held for, each as it is written to drop it; empty in journals of older versions."""
    message: str = ""
    """Why it is held, failed or in doubt; or the note of a manual step, or the reason it was skipped."""
    applied: bool = False
    """The action's effects are (or may be) in place: a rollback has something to undo."""
    partial: bool = False
    """It failed with some of its work done, which stays: going on begins there."""
    rolled_back: bool = False
    statements_done: int = 0
    """For a step outside a transaction: how many of its statements are known to have taken effect."""
    statements_undone: int = 0
    """The same of its rollback."""
    statement_in_doubt: int | None = None
    """Index of a non-transactional statement that was sent and never heard of again."""
    confirmed_digest: str = ""
    """Digest of the text that was confirmed when the step was last started forward."""
    silenced: tuple[Silenced, ...] = ()
    readings: tuple[Reading, ...] = ()
    usage: e.UsageCounted | None = None
    """Of an `unused` step whose time runs: the counters at its beginning."""
    used: e.UsageFound | None = None
    """What it found last."""
