"""Everything a screen may know, as one frozen value; the newest replaces the one before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from zdtui.hazards.hazard import Finding
from zdtui.plan.model import Plan, StepId
from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.run.figures.guards import Blind, Breach
from zdtui.run.journal.damage import Damage
from zdtui.run.locks.blocking_cost import Toll
from zdtui.run.model.commands import Effort
from zdtui.run.model.events import Direction
from zdtui.run.model.remaining import Remaining
from zdtui.run.model.state import RunState
from zdtui.run.preflight.board import Board
from zdtui.run.throttle.shown import ThrottleShown
from zdtui.watch.samples import BackendKey, LockNode, Samples


class Seat(StrEnum):
    """Which part this console plays."""

    CONDUCTOR = "conductor"
    """Holds the run's lock: its commands reach the server."""
    OBSERVER = "observer"
    """Looks on; somebody else holds the run."""


class Link(StrEnum):
    """The conductor's own connection."""

    CONNECTED = "connected"
    LOST = "lost"


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
    throttle: ThrottleShown | None = None
    soak_until: datetime | None = None
    locking: Locking | None = None
    """None once all is locked that can be locked up front, and where nothing can."""


class VerdictWord(StrEnum):
    """The one word that says how things stand."""

    READY = "ready"
    """Nothing runs; the next step waits for a person."""
    RUNNING = "running"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    ARMED = "armed"
    """A confirmed step starts by itself in the next quiet moment."""
    HELD = "held"
    STALLED = "stalled"
    FAILED = "failed"
    LOST = "lost"
    OBSERVING = "observing"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How things stand, why, with the figure, and what a person can do next."""

    word: VerdictWord
    reason: str
    """'by 4711 report-nightly for 1.2 s', 'replay lag 8.1 s is over 5 s' ..."""
    advice: str
    """'X cancels it; p pauses', 'R goes on' ..."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the engine says, at one moment."""

    plan: Plan
    run: RunState
    seat: Seat
    link: Link
    verdict: Verdict
    findings: tuple[Finding, ...] | None = None
    """What is known of every statement of the plan; None until it is."""
    hazards_note: str = ""
    """What could not be asked for the findings, in one sentence."""
    identity: ServerIdentity | None = None
    operator: str = ""
    activity: Activity | None = None
    board: Board | None = None
    effort: Effort = Effort.NORMAL
    queue_ceiling: timedelta = timedelta(milliseconds=200)
    """The longest a strong lock of the step under way, or of the next one, is queued for."""
    toll: Toll = field(default_factory=Toll)
    """What our waiting and working has cost others in the step under way."""
    holder: str | None = None
    """Who holds the run when we do not."""
    conductor_backend: BackendKey | None = None
    samples: Samples = field(default_factory=Samples)
    blind: tuple[Blind, ...] = ()
    """Figures with a limit that cannot be seen at this moment and that nobody accepted to be without."""
    unseen: tuple[Breach, ...] = ()
    """Guards that are over because they cannot see."""
    gone: tuple[str, ...] = ()
    """Standbys that streamed since the run began and are not there."""
    link_detail: str = ""
    """Why the link is lost, and the next try."""
    refusal: str | None = None
    """Why the last command was not carried out; None after one that was."""
    refusal_count: int = 0
    """Grows with every refusal, so that the same sentence twice is seen twice."""
    journal_installed: bool = False
    damage: Damage | None = None
    """What is wrong with the journal; None when it is whole."""
    cannot_write: str = ""
    """Why the journal cannot be written here, by the catalogs; empty when it can. The verdict has the whole reason."""
    next_step: StepId | None = None
    """The step that R would run, go on with or try again; None when the plan is finished."""
    read_only_since: str | None = None
    """When stopping: why the engine takes no more commands."""
