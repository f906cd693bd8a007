"""How things stand, as one frozen record: what `decide`, the verdict and every screen depend on, and nothing else.

The engine makes it of its state (`EngineState.view`); a screen has it as the snapshot. A fact has one name here, and
the engine and the screens use that name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from zdtui.evidence.standing import Beside
from zdtui.evidence.under_way import UnderWay
from zdtui.hazards.hazard import Finding
from zdtui.plan.model import Environment, Plan, Step, StepId
from zdtui.postgres.sessions.identity import BackendKey, ServerIdentity
from zdtui.run.figures.guards import Blind, Breach
from zdtui.run.figures.history import History
from zdtui.run.journal.damage import Damage
from zdtui.run.locks.blocking_cost import BlockingCost
from zdtui.run.model.activity import Activity
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import OVER, RunState
from zdtui.run.preflight.board import Board
from zdtui.watch.details import Looked
from zdtui.watch.samples import Backend, Samples, nodes_of

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def next_step(plan: Plan, run: RunState) -> Step | None:
    """The step that R would run, go on with, or try again; None when every step is over."""
    return next((step for step in plan.steps if run.step(step.id).status not in OVER), None)


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One plan on one target, at one moment."""

    plan: Plan
    run: RunState
    operator: str = ""
    rehearsal: str = ""
    """How far the rehearsal is whose run this is: 'move 3 of 9'; empty: this is no rehearsal."""

    console_role: ConsoleRole = ConsoleRole.OBSERVER
    lock_holder: str | None = None
    """Who holds the run's lock when this console does not."""
    leaving: str | None = None
    """Why this console is leaving; None while it stays."""

    connection_state: ConnectionState = ConnectionState.LOST
    connection_detail: str = ""
    """Why the connection is lost, and when it is tried again."""
    identity: ServerIdentity | None = None
    """The server and the role, also of the session before this one."""
    conductor_backend: BackendKey | None = None
    """The backend of the working session."""

    working: StepId | None = None
    """The step under way in this process, from the decision until it is over."""
    activity: Activity | None = None
    """What that step is doing; None before its first word and after its last."""
    blockers: tuple[str, ...] = ()
    """Who holds up the statement under way, each as 'pid application'."""
    blocked_for: float = 0.0
    """Seconds the statement under way has been held up for."""
    blocking_cost: BlockingCost = field(default_factory=BlockingCost)
    """What the waiting and working of this step has cost other sessions."""
    throttle_level: ThrottleLevel = ThrottleLevel.NORMAL
    queue_ceiling: timedelta = timedelta(milliseconds=200)
    """The longest a strong lock of the step under way, or of the next one, is queued for."""
    not_quiet: str = ""
    """Why the step that is armed does not start yet."""

    early_notes: tuple[str, ...] = ()
    """Notes of before the first step: they are written when the journal begins."""
    not_journaled: NotJournaled = field(default_factory=NotJournaled)
    """Who proposed the plan, and what was read of it, as far as only this console knows."""

    board: Board | None = None
    """The preflight board; None until it was asked for."""
    findings: tuple[Finding, ...] | None = None
    """What is known of every statement of the plan; None until it is."""
    hazards_note: str = ""
    """What could not be asked for the findings, in one sentence."""
    evidence: Beside | None = None
    """What a rehearsal left beside the plan; None until it was looked for."""
    under_way: UnderWay | None = None
    """The rehearsal of one step that this console has begun, also once it is over; None: it began none."""

    samples: Samples = field(default_factory=Samples)
    breached_guards: tuple[Breach, ...] = ()
    """Guards over their limit, or without their figure for too long."""
    unseen_figures: tuple[Blind, ...] = ()
    """Figures with a limit that cannot be seen, and that nobody accepted to be without; those missing for a moment
    only are not among them."""
    missing_standbys: tuple[str, ...] = ()
    """Standbys that streamed since the run began and are not there."""

    history: History = field(default_factory=History)
    """The last hour of what is drawn rather than read."""
    looked: Looked | None = None
    """What a person has opened, and the newest that is known of it; None: nothing is open."""

    journal_installed: bool = False
    damage: Damage | None = None
    """What is wrong with the journal; None when it is whole."""
    cannot_write: str = ""
    """Why the journal cannot be written here, by the catalogs; empty when it can."""
    write_refused: str = ""
    """Why the server refused what was last written to the journal; empty when it did not."""

    fault: str | None = None
    """What failed in this console, until a person has answered it with a step, a rollback or a skip."""
    refusal: str | None = None
    """Why the last command was not carried out; None after one that was."""
    refusal_count: int = 0
    """Grows with every refusal, so that the same sentence twice is seen twice."""

    now: float = 0.0
    """time.monotonic() of this moment."""
    wall: datetime = LONG_AGO
    """The same by this console's clock."""

    @cached_property
    def next_step(self) -> StepId | None:
        """The step that R would run, go on with or try again; None when the plan is finished."""
        step = next_step(self.plan, self.run)
        return None if step is None else step.id

    @cached_property
    def steps_over(self) -> int:
        """How many steps of the plan are done or were passed over."""
        return sum(state.status in OVER for step, state in self.run.steps.items() if self.plan.has(step))

    @property
    def is_production(self) -> bool:
        """Whether the plan says that this is the production database."""
        return self.plan.target.environment is Environment.PRODUCTION

    @property
    def is_conductor(self) -> bool:
        """Whether this console holds the run's lock: its commands reach the server."""
        return self.console_role is ConsoleRole.CONDUCTOR

    @property
    def is_connected(self) -> bool:
        """Whether the conductor's own connection stands."""
        return self.connection_state is ConnectionState.CONNECTED

    @property
    def journal_refuses(self) -> str:
        """Why the journal cannot be written, while that is so; empty when it can."""
        return self.cannot_write or self.write_refused

    def why_untouchable(self, backend: Backend) -> str:
        """Why this role may neither cancel nor terminate that session; empty when it may."""
        queries = self.samples.queries.sample
        return "" if queries is None else queries.why_untouchable(backend)

    def backends_in_sight(self) -> Iterator[Backend]:
        """Every backend the panes show, those in our own way first; one that stands in two panes comes twice."""
        locking = None if self.activity is None else self.activity.locking
        yield from (node.backend for node in nodes_of(() if locking is None else locking.holders))
        yield from self.samples.in_sight()
