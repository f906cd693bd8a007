"""A plan as the rest of zdtui sees it: frozen, complete, with every default filled in.

The author's YAML is looser (`docs/plan-format.md`); `zdtui.plan.load` turns it into this. What each kind of step says
of itself is in `zdtui.steps`; its names can be had from here too.
"""

from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, NewType

from pydantic import Field

from zdtui.frozen import Frozen as Frozen
from zdtui.plan.once import once
from zdtui.plan.problems import line_starts
from zdtui.plan.scalar import Scalar
from zdtui.sql.split import split
from zdtui.sql.statement import Statement
from zdtui.steps.action import Action as Action
from zdtui.steps.backfill import BackfillAction as BackfillAction
from zdtui.steps.batches import BatchTuning as BatchTuning
from zdtui.steps.batches import Walk as Walk
from zdtui.steps.check import CheckAction as CheckAction
from zdtui.steps.compare import CompareAction as CompareAction
from zdtui.steps.copy import CopyAction as CopyAction
from zdtui.steps.manual import ManualAction as ManualAction
from zdtui.steps.sql import SqlAction as SqlAction
from zdtui.steps.statements import Sql as Sql
from zdtui.steps.unused import UnusedAction as UnusedAction
from zdtui.steps.wait import WaitAction as WaitAction

StepId = NewType("StepId", str)


class Phase(StrEnum):
    """The six phases of a change without downtime, in the order they must come."""

    EXPAND = "expand"
    DUAL_WRITE = "dual-write"
    BACKFILL = "backfill"
    VERIFY = "verify"
    SWITCH = "switch"
    CONTRACT = "contract"


class Environment(StrEnum):
    """Where the plan expects to run; `production` asks for typed confirmations."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Target(Frozen):
    """What the plan expects of the database it is run against."""

    database: str | None = None
    minimum_version: int | None = Field(default=None, description="major version of PostgreSQL, such as 14")
    environment: Environment = Environment.STAGING


class Limits(Frozen):
    """How long a statement may wait and work, and how often it is tried again."""

    lock_timeout: timedelta = timedelta(milliseconds=500)
    statement_timeout: timedelta = timedelta(seconds=30)
    lock_queue_ceiling: timedelta = timedelta(milliseconds=200)
    """The longest a strong lock is queued for when no gap comes; those who come after it wait as long."""
    lock_patience: timedelta = timedelta(minutes=10)
    """How long a gap is waited for outside the queue, where the wait costs nobody anything."""
    retries: int = 30


class Guards(Frozen):
    """Limits that pause the run when a figure on a pane is over them. None: not guarded."""

    replication_lag: timedelta | None = timedelta(seconds=10)
    blocked_sessions: int | None = 5
    oldest_transaction: timedelta | None = None


class Window(Frozen):
    """A time of day, every day, in UTC. `ends` before `begins` goes over midnight."""

    begins: int = Field(description="minutes since midnight, 0 to 1439")
    ends: int = Field(description="minutes since midnight, 0 to 1439; not included")


class Answer(StrEnum):
    """What the team's own throttle may answer."""

    GO = "go"
    SLOW = "slow"
    STOP = "stop"


class Throttle(Frozen):
    """Limits that slow a backfill or copy down before they are reached. None: not a limit."""

    replication_lag: timedelta | None = timedelta(seconds=5)
    replication_lag_bytes: int | None = None
    blocked_sessions: int | None = 2
    wal_rate: int | None = Field(default=None, description="bytes of WAL a second, of the whole server")
    active_sessions: int | None = None
    oldest_transaction: timedelta | None = None
    archive_backlog: int | None = Field(default=16, description="WAL segments that wait for the archiver")
    retained_wal: int | None = Field(default=None, description="bytes retained by the worst replication slot")
    requested_checkpoints: int | None = Field(default=None, description="in five minutes")
    autovacuum: bool = Field(default=True, description="slow down while it works on the table")
    canary: int | None = Field(default=None, description="how many times its usual time a small write may take")
    query: str | None = None
    url: str | None = None
    timeout: timedelta = timedelta(seconds=2)
    unanswered: Answer = Answer.STOP
    only: tuple[Window, ...] = ()


class SqlRollback(Sql):
    """Statements that undo the step."""

    kind: Literal["sql"] = "sql"

    @property
    def in_one_line(self) -> str:
        """What undoes the step, for a line beside others: the statements without their line breaks."""
        return " ".join(self.sql.split())


class NoRollback(Frozen):
    """Nothing needs undoing, and why."""

    kind: Literal["none"] = "none"
    reason: str

    @property
    def in_one_line(self) -> str:
        """That nothing is sent, and why."""
        return f"nothing to undo: {self.reason}"


class Irreversible(Frozen):
    """The step cannot be undone, and what it would take all the same."""

    kind: Literal["irreversible"] = "irreversible"
    consequence: str

    @property
    def in_one_line(self) -> str:
        """That nothing brings it back, loudly, and what that means."""
        return f"IRREVERSIBLE: {self.consequence}"


Rollback = Annotated[SqlRollback | NoRollback | Irreversible, Field(discriminator="kind")]


class Texts(Frozen):
    """Where the SQL of a step is written in the plan's file; None and empty for what is not written there."""

    action: Scalar | None = None
    rollback: Scalar | None = None
    verify: tuple[Scalar, ...] = ()


class Step(Frozen):
    """One thing that happens, with its undoing."""

    id: StepId
    title: str
    phase: Phase
    notes: str = ""
    links: tuple[str, ...] = ()
    silence: tuple[tuple[str, str], ...] = Field(default=(), description="rule of a hazard and why it is acknowledged")
    action: Action
    rollback: Rollback
    verify: tuple[str, ...] = Field(default=(), description="boolean queries that decide success after the action")
    limits: Limits = Limits()
    line: int = Field(default=0, description="1-based line of the step in the plan file")
    texts: Texts = Field(default=Texts(), repr=False)

    @cached_property
    def verify_statements(self) -> tuple[tuple[Statement, ...], ...]:
        """Of each verify query its statement."""
        return tuple(split(query) for query in self.verify)

    @property
    def is_point_of_no_return(self) -> bool:
        """True for what cannot be taken back: every contract step and every irreversible one."""
        return self.phase is Phase.CONTRACT or self.rollback.kind == "irreversible"


class Plan(Frozen):
    """A whole plan file."""

    name: str
    title: str
    description: str = ""
    target: Target = Target()
    defaults: Limits = Field(default=Limits(), description="what a step that sets none runs under; steps hold theirs")
    guards: Guards = Guards()
    throttle: Throttle = Throttle()
    notify: tuple[str, ...] = Field(default=(), description="names of receivers, never their addresses")
    require_rehearsal: timedelta | None = Field(
        default=None, description="how old the evidence of a step may be before it is run without a reason"
    )
    steps: tuple[Step, ...]
    source: str = Field(description="the file's text, byte for byte as decoded from UTF-8")
    path: str = Field(description="as given by the person who named it")
    digest: str = Field(description="SHA-256 in hex over the text of the plan and of every sql_file it names")

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line of the file begins, as YAML counts them."""
        return line_starts(self.source)

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError when the plan has none."""
        return self.steps[self.index(step_id)]

    def has(self, step_id: str) -> bool:
        """Whether a step of the plan has that id."""
        return step_id in _places(self.steps)

    def index(self, step_id: str) -> int:
        """0-based place of the step in the plan; KeyError when the plan has none."""
        return _places(self.steps)[step_id]


@once
def _places(steps: tuple[Step, ...]) -> dict[str, int]:
    """Where the step of each id stands; of two the first."""
    places: dict[str, int] = {}
    for place, step in enumerate(steps):
        places.setdefault(step.id, place)
    return places
