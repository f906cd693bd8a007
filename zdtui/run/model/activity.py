"""The step under way, as only the engine knows it: written by those who carry it out, read by everybody else."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zdtui.plan.model import StepId
from zdtui.run.model.commands import StatementId
from zdtui.run.model.events import Direction
from zdtui.run.model.remaining import Remaining
from zdtui.run.model.throttle_status import ThrottleStatus
from zdtui.watch.samples import LockNode


class Doing(StrEnum):
    """What the step under way is doing at this moment."""

    SENDING = "sending"
    """A statement is with the server."""
    LOOKING = "waiting for a gap"
    """Waits outside every queue until nobody holds what it is to lock; nobody waits behind us."""
    QUEUEING = "in the queue"
    """Waits in the queue for a lock, for a moment: whoever comes after us waits too."""
    WAITING_TO_RETRY = "waiting to retry"
    WORKING_BATCHES = "working batches"
    CLOSING_LOOK = "closing look"
    """The whole table is read once more, for what still matches `where`."""
    THROTTLED = "throttled"
    SOAKING = "soaking"
    VERIFYING = "verifying"
    WAITING_TO_SEE = "waiting for figures"
    """A guard has no figure yet; nothing was sent."""
    STOPPING = "stopping"
    """A pause was asked for and the safe point is not reached yet."""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """A backfill or copy between two journal events."""

    rows: int = 0
    """Rows changed (copied) since the step began, exact."""
    rejected: int = 0
    batches: int = 0
    fraction: float | None = None
    """0 to 1 by key range or by the planner's row estimate; None when nothing honest can be said."""
    total_estimate: int | None = None
    """Rows in the table by the planner's estimate, when the backfill has no `where`."""
    rows_per_second: float = 0.0
    batch_rows: int = 0
    batch_seconds: float = 0.0
    longest_seconds: float = 0.0
    """Of the longest batch since the step was started."""
    eta: Remaining | None = None
    """The time left as a range; None while nothing honest can be said."""
    walk: str = ""
    """How the table is walked now: '8 stripes of 400 pages', 'by key (id)'."""
    why: str = ""
    """Why that way, in a short clause."""
    spoiled: str = ""
    """Who keeps changed rows from being pruned, so that stripes are of no use now. The server's words."""
    part: str = ""
    """Which partition of how many; empty for a table that has none."""
    workers: int = 1
    """Sessions that work on it now."""
    estimated: bool = False
    """Whether `total_estimate` is told by the rows found so far, not by the planner's count."""


@dataclass(frozen=True, slots=True)
class Locking:
    """How the locks of the step under way are being taken."""

    relations: tuple[str, ...]
    """As 'ACCESS EXCLUSIVE on public.users', in the order in which they are taken."""
    since: float
    """time.monotonic() when they were first wanted."""
    patience: float
    """Seconds after `since` at which a person is asked."""
    holders: tuple[LockNode, ...] = ()
    """Who held something that keeps us out when last looked, the oldest transaction first. None of them waits for us,
    and we wait for none of them in a queue while `doing` is LOOKING."""
    why: str = ""
    """Why the queue is not used now."""
    queued: int = 0
    """How often the queue was tried and let go of."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The step under way, as only the engine knows it. None in the snapshot when nothing runs."""

    step: StepId
    direction: Direction
    doing: Doing
    since: float
    """time.monotonic() when the step was (re)started."""
    statement: str = ""
    statement_index: int = 0
    statements_total: int = 1
    statement_since: float | None = None
    outwaits: bool = False
    """The statement is a CONCURRENTLY one: nothing but X cancels it, and it waits for lockers and old snapshots."""
    try_number: int = 1
    tries_total: int = 1
    retry_at: float | None = None
    """time.monotonic() of the next try."""
    reason: str = ""
    """Why it is throttled or trying again, with the figure."""
    progress: BatchProgress | None = None
    throttle: ThrottleStatus | None = None
    soak_until: datetime | None = None
    locking: Locking | None = None
    """None once all is locked that can be locked up front, and where nothing can."""

    @property
    def which(self) -> StatementId:
        """The statement under way."""
        return StatementId(self.step, self.direction, self.statement_index)
