"""What happened, in the past tense. The journal keeps these; the run state is nothing but their fold.

Every event is a frozen value that survives a trip through JSON. Adding a field needs a default, because
journals written by older versions are read for as long as the database lives.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, TypeAdapter

from zdtui.plan.model import Frozen, StepId
from zdtui.run.model.batch_events import BatchesDone as BatchesDone
from zdtui.run.model.batch_events import ClosingLook as ClosingLook
from zdtui.run.model.batch_events import DriftFound as DriftFound
from zdtui.run.model.batch_events import RetryEnded as RetryEnded
from zdtui.run.model.batch_events import RetryStarted as RetryStarted
from zdtui.run.model.console_events import ConnectionLost as ConnectionLost
from zdtui.run.model.console_events import ConnectionRestored as ConnectionRestored
from zdtui.run.model.console_events import ConsoleJoined as ConsoleJoined
from zdtui.run.model.console_events import ConsoleLeft as ConsoleLeft
from zdtui.run.model.console_events import EventsDropped as EventsDropped
from zdtui.run.model.console_events import JournalAccepted as JournalAccepted
from zdtui.run.model.console_events import ServerChanged as ServerChanged
from zdtui.run.model.event_reach import ChangesNothing as ChangesNothing
from zdtui.run.model.event_reach import ChangesRun as ChangesRun
from zdtui.run.model.event_reach import ChangesStep as ChangesStep
from zdtui.run.model.event_reach import SaysWhoWaited as SaysWhoWaited
from zdtui.run.model.guard_events import BlindnessAccepted as BlindnessAccepted
from zdtui.run.model.guard_events import GuardTripped as GuardTripped
from zdtui.run.model.guard_events import StandbysSeen as StandbysSeen
from zdtui.run.model.plan_events import PlanAmended as PlanAmended
from zdtui.run.model.plan_events import PlanProposed as PlanProposed
from zdtui.run.model.plan_events import StepRead as StepRead
from zdtui.run.model.usage_events import UsageCounted as UsageCounted
from zdtui.run.model.usage_events import UsageFound as UsageFound


class Direction(StrEnum):
    """Which of a step's two texts runs."""

    FORWARD = "forward"
    BACK = "back"


class HoldKind(StrEnum):
    """Why a step that was begun is not going on."""

    PAUSED = "paused"
    GUARD = "guard"
    LOCK = "lock"
    """Every attempt to take a lock within its limit failed."""
    CANCELLED = "cancelled"
    """The operator cancelled the statement on the server."""
    HANG_UP = "hang-up"
    CONNECTION = "connection"
    INVALID_INDEX = "invalid index"
    """A CONCURRENTLY build left an invalid index that has to go before it is tried again."""
    JOURNAL = "journal"
    """The journal cannot be written, or is not what was written."""
    LEFT = "left"
    """The operator quit: pause and leave."""
    USAGE = "usage"
    """Something uses what is to go, or that nothing does is not known."""
    FAULT = "fault"
    """A part of the console failed: what the server holds was looked up, and a person decides."""


class RunOpened(ChangesRun):
    """A run of a plan began; written once, with the whole text, so that the journal explains itself."""

    kind: Literal["run opened"] = "run opened"
    plan_name: str
    plan_title: str
    plan_digest: str
    plan_text: str
    plan_path: str
    step_ids: tuple[StepId, ...]
    environment: str
    database: str
    server: str
    server_version: int
    system_identifier: str
    zdtui_version: str
    timeline: int | None = None


class StepStarted(Frozen):
    """The operator confirmed a step (or its rollback) and it is about to reach the server."""

    kind: Literal["step started"] = "step started"
    step: StepId
    direction: Direction
    attempt: int
    sql_digest: str
    confirmed_by: str


class StepArmed(ChangesRun):
    """The operator confirmed a step for the next quiet moment, until a time; it starts by itself or is disarmed."""

    kind: Literal["step armed"] = "step armed"
    step: StepId
    sql_digest: str
    confirmed_by: str
    until: datetime


class StepDisarmed(ChangesRun):
    """An armed step will not start by itself any more."""

    kind: Literal["step disarmed"] = "step disarmed"
    step: StepId
    why: str


class QueueCeilingSet(ChangesNothing):
    """The operator set the longest time a strong lock may be queued for."""

    kind: Literal["queue ceiling set"] = "queue ceiling set"
    seconds: float


class StatementSent(ChangesStep):
    """A statement went to the server. For one outside a transaction this is written *before* it is sent."""

    kind: Literal["statement sent"] = "statement sent"
    step: StepId
    index: int
    sql: str
    pid: int
    transactional: bool = True


class StatementFinished(ChangesStep):
    """The server said a statement is done."""

    kind: Literal["statement finished"] = "statement finished"
    step: StepId
    index: int
    rows: int | None
    seconds: float
    transactional: bool = True


class NoticeReceived(ChangesNothing):
    """The server said something while a step ran."""

    kind: Literal["notice"] = "notice"
    step: StepId
    severity: str
    message: str


class LockAwaited(ChangesNothing):
    """Locks were not free: their holders are outwaited, outside every queue, so that nobody waits behind us."""

    kind: Literal["lock awaited"] = "lock awaited"
    step: StepId
    relations: tuple[str, ...]
    """As 'ACCESS EXCLUSIVE on public.users', in the order in which they are locked."""
    blockers: tuple[str, ...]


class AttemptFailed(ChangesStep):
    """A try was given up and rolled back; another follows after `retry_in` seconds unless a person is asked."""

    kind: Literal["attempt failed"] = "attempt failed"
    step: StepId
    try_number: int
    sqlstate: str
    message: str
    waited: float = Field(description="seconds until the server gave up")
    retry_in: float | None
    blockers: tuple[str, ...] = ()
    victims: int = Field(default=0, description="sessions that waited behind us during this try")
    victim_seconds: float = Field(default=0.0, description="what they lost together")


class StepApplied(ChangesStep):
    """The action is committed; its verify queries have not run yet."""

    kind: Literal["step applied"] = "step applied"
    step: StepId
    rows: int | None
    seconds: float
    lock_seconds: float = Field(default=0.0, description="waited for locks before anything was done")
    victims: int = Field(default=0, description="sessions that waited behind us until the commit")
    victim_seconds: float = Field(default=0.0, description="what they lost together")


class StepSucceeded(ChangesStep):
    """The step is done and verified. For a transactional step without verify, committed with the step itself."""

    kind: Literal["step succeeded"] = "step succeeded"
    step: StepId
    rows: int | None = None
    seconds: float
    note: str = ""
    lock_seconds: float = Field(default=0.0, description="waited for locks before anything was done")
    victims: int = Field(default=0, description="sessions that waited behind us until the commit")
    victim_seconds: float = Field(default=0.0, description="what they lost together")


class StepRolledBack(ChangesStep, SaysWhoWaited):
    """The step's rollback is done; the step is open again."""

    kind: Literal["step rolled back"] = "step rolled back"
    step: StepId
    seconds: float


class StepFailed(ChangesStep, SaysWhoWaited):
    """The server refused, or a verify query was not true. `applied`: the action's effects are in place, or some are."""

    kind: Literal["step failed"] = "step failed"
    step: StepId
    direction: Direction
    message: str
    sqlstate: str | None = None
    applied: bool = False
    partial: bool = Field(default=False, description="some of its work is done and stays; going on begins there")


class StepHeld(ChangesStep, SaysWhoWaited):
    """The step stopped at a safe point and waits for a person."""

    kind: Literal["step held"] = "step held"
    step: StepId
    why: HoldKind
    detail: str
    indexes: tuple[str, ...] = Field(default=(), description="invalid indexes, each as it is written to drop it")


class StepInDoubt(ChangesStep, SaysWhoWaited):
    """Whether a statement took effect cannot be told: the process died while it was under way outside a transaction, or
    IF NOT EXISTS met something that is perhaps not what was meant."""

    kind: Literal["step in doubt"] = "step in doubt"
    step: StepId
    index: int
    evidence: str


class DoubtSettled(ChangesStep):
    """What became of a statement in doubt, and how we know. `done`: it took effect and is not run again."""

    kind: Literal["doubt settled"] = "doubt settled"
    step: StepId
    index: int
    done: bool
    evidence: str


class StepSkipped(Frozen):
    """The operator passed over a step, with a reason."""

    kind: Literal["step skipped"] = "step skipped"
    step: StepId
    reason: str


class HazardSilenced(ChangesStep):
    """The operator took a `stop` hazard on, with a reason; it holds for the text of that digest only."""

    kind: Literal["hazard silenced"] = "hazard silenced"
    step: StepId
    rule: str
    reason: str
    sql_digest: str


class PauseRequested(ChangesRun):
    """A person (or a guard, named in `by`) asked that nothing more happens."""

    kind: Literal["pause requested"] = "pause requested"
    by: str


class FaultFound(ChangesRun):
    """A part of the console ended in a way nobody planned. Nothing more happens until a person has seen it."""

    kind: Literal["fault found"] = "fault found"
    step: StepId | None = Field(default=None, description="the step under way then")
    part: str
    message: str = Field(description="what failed, what that means, and where the report is")


class NoteAdded(ChangesNothing):
    """A remark of the operator."""

    kind: Literal["note"] = "note"
    text: str


class BackendSignalled(ChangesNothing):
    """The operator cancelled or terminated another backend."""

    kind: Literal["backend signalled"] = "backend signalled"
    action: Literal["cancel", "terminate"]
    pid: int
    who: str
    delivered: bool


class IndexCleanedUp(ChangesStep):
    """An invalid index was dropped, on confirmation, so that its step can be tried again."""

    kind: Literal["index cleaned up"] = "index cleaned up"
    step: StepId
    index_name: str
    sql: str


class RunLockTakenAgain(ChangesNothing):
    """A step let go of the run's lock, and this console took it again before anybody else did."""

    kind: Literal["run lock taken again"] = "run lock taken again"
    step: StepId
    pid: int


class RunFinished(ChangesRun):
    """Every step is done or skipped."""

    kind: Literal["run finished"] = "run finished"


Event = Annotated[
    RunOpened
    | ConsoleJoined
    | PlanAmended
    | PlanProposed
    | StepRead
    | StepStarted
    | StepArmed
    | StepDisarmed
    | QueueCeilingSet
    | StatementSent
    | StatementFinished
    | NoticeReceived
    | LockAwaited
    | AttemptFailed
    | BatchesDone
    | ClosingLook
    | DriftFound
    | RetryStarted
    | RetryEnded
    | UsageCounted
    | UsageFound
    | StepApplied
    | StepSucceeded
    | StepRolledBack
    | StepFailed
    | StepHeld
    | StepInDoubt
    | DoubtSettled
    | StepSkipped
    | HazardSilenced
    | PauseRequested
    | GuardTripped
    | FaultFound
    | BlindnessAccepted
    | StandbysSeen
    | NoteAdded
    | BackendSignalled
    | IndexCleanedUp
    | ConnectionLost
    | ConnectionRestored
    | ServerChanged
    | EventsDropped
    | JournalAccepted
    | RunLockTakenAgain
    | ConsoleLeft
    | RunFinished,
    Field(discriminator="kind"),
]

event_adapter: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(defer_build=True))
"""Reads and writes events as JSON: `dump_json`, `validate_python`."""


class Recorded(Frozen):
    """An event with its place in the journal."""

    run: UUID
    sequence: int
    at: datetime = Field(description="UTC, by the clock of the console that wrote it")
    operator: str = Field(description="OS user@host and database role, such as 'ana@bastion as migrator'")
    event: Event
