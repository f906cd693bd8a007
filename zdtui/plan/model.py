"""A plan as the rest of zdtui sees it: frozen, complete, with every default filled in.

The author's YAML is looser (`docs/plan-format.md`); `zdtui.plan.load` turns it into this.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, NewType, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zdtui.plan.once import once
from zdtui.plan.problems import line_starts
from zdtui.plan.scalar import Scalar
from zdtui.sql.split import split, split_alone
from zdtui.sql.statement import Statement

StepId = NewType("StepId", str)
HALF = re.compile("[\ud800-\udfff]")


def _whole(text: str) -> str:
    return HALF.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)


class Frozen(BaseModel):
    """A value: immutable, compared by content, refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, data: Any) -> Any:
        """Half a character (a byte of a database that knows no characters) is told by its number."""
        if isinstance(data, dict) and any(HALF.search(text) for text in data.values() if isinstance(text, str)):
            return {name: _whole(text) if isinstance(text, str) else text for name, text in data.items()}
        return data

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values. What was worked out of the old ones (a `cached_property`) is not copied."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


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


class Sql(Frozen):
    """One or many statements, exactly as written."""

    sql: str
    file: str | None = Field(default=None, description="where `sql_file` was read from, relative to the plan")
    transaction: bool = Field(default=True, description="False: a CALL or DO may commit as it goes")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements in order, cut once; with `transaction: off` a CALL or DO stands outside a transaction."""
        return split(self.sql) if self.transaction else split_alone(self.sql)

    @cached_property
    def runs_together(self) -> bool:
        """Whether PostgreSQL takes every statement of it in one transaction, and the plan wants that."""
        return all(statement.transactional for statement in self.statements)


class SqlAction(Sql):
    """What an `sql` or `sql_file` step runs."""

    kind: Literal["sql"] = "sql"


class Walk(StrEnum):
    """In which order a backfill goes through its table."""

    AUTO = "auto"
    """Striped by pages where that is right and pays, by key otherwise."""
    KEY = "key"


class BatchTuning(Frozen):
    """How a backfill or copy sizes its batches."""

    batch_duration: timedelta = Field(default=timedelta(milliseconds=20), description="what a batch aims at")
    batch_rows: int = Field(default=1000, description="rows (keys walked) of the first batch")
    max_batch_rows: int = 50_000
    batch_pause: timedelta = Field(default=timedelta(0), description="a rest after each batch")
    max_replication_lag: timedelta | None = Field(default=None, description="over this lag, slow down")
    workers: int = Field(default=1, description="sessions that work side by side while nothing holds the speed down")
    walk: Walk = Walk.AUTO
    max_rejected: int = Field(default=0, description="rows the server may refuse before the step fails")
    vacuum_after_rows: int | None = Field(default=None, description="VACUUM the table after so many changed rows")


class BackfillAction(Frozen):
    """UPDATE `table` SET `assignments` WHERE `where`, in batches by page or by `key`."""

    kind: Literal["backfill"] = "backfill"
    table: str
    assignments: tuple[tuple[str, str], ...] = Field(description="column and SQL expression, in order")
    where: str | None = None
    key: tuple[str, ...] = Field(default=(), description="empty: the primary key")
    tuning: BatchTuning = BatchTuning()

    @property
    def may_go_by_page(self) -> bool:
        """Whether the plan leaves it to the table to go by page (`zdtui.run.bulk.ranges.scan_method`)."""
        return self.where is not None and self.tuning.walk is not Walk.KEY


class CopyAction(Frozen):
    """INSERT INTO `into` SELECT ... FROM `source`, in batches by `key`, of rows whose key is not there already."""

    kind: Literal["copy"] = "copy"
    source: str
    into: str
    columns: tuple[tuple[str, str], ...] = Field(description="target column and SQL expression over the source")
    where: str | None = None
    key: tuple[str, ...] = ()
    valid: tuple[tuple[str, str], ...] = Field(
        default=(), description="name of a rule and the predicate a row must satisfy to be copied"
    )
    overriding: Literal["system"] | None = Field(
        default=None, description="say OVERRIDING SYSTEM VALUE even where the catalog does not ask for it"
    )
    second_pass: tuple[str, ...] = Field(
        default=(), description="columns of `into` filled once all rows are there; empty: those that refer to `into`"
    )
    tuning: BatchTuning = BatchTuning()


class CompareAction(Frozen):
    """Each column of `into` must be what the expression over `source` gives, for every row, chunk by chunk."""

    kind: Literal["compare"] = "compare"
    source: str
    into: str = Field(description="the same as `source` where columns of one table are compared")
    columns: tuple[tuple[str, str], ...] = Field(description="column of `into` and SQL expression over `source`")
    where: str | None = None
    key: tuple[str, ...] = ()
    watch: timedelta | None = Field(default=None, description="compare again and again for so long")
    tuning: BatchTuning = BatchTuning()


class CheckAction(Frozen):
    """A query whose single value must be true."""

    kind: Literal["check"] = "check"
    query: str

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The one query, as a statement."""
        return split(self.query)


class ManualAction(Frozen):
    """Something a person does outside the database, confirmed with a note."""

    kind: Literal["manual"] = "manual"
    instructions: str


class WaitAction(Frozen):
    """A soak time, counted from the journal, so that it survives restarts."""

    kind: Literal["wait"] = "wait"
    duration: timedelta


Action = Annotated[
    SqlAction | BackfillAction | CopyAction | CompareAction | CheckAction | ManualAction | WaitAction,
    Field(discriminator="kind"),
]


class SqlRollback(Sql):
    """Statements that undo the step."""

    kind: Literal["sql"] = "sql"


class NoRollback(Frozen):
    """Nothing needs undoing, and why."""

    kind: Literal["none"] = "none"
    reason: str


class Irreversible(Frozen):
    """The step cannot be undone, and what it would take all the same."""

    kind: Literal["irreversible"] = "irreversible"
    consequence: str


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
