"""What the conductor is to do, as `decide` says it. A closed union; performing one never needs another decision."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from zdtui.plan.model import Plan, StepId
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.events import Event, HoldKind, JournalAccepted, PlanAmended, RetryStarted, StepRead, StepStarted
from zdtui.watch.details import Subject
from zdtui.watch.samples import BackendKey


@dataclass(frozen=True, slots=True)
class OpenRun:
    """Make the journal if it is missing, and write that the run began."""


@dataclass(frozen=True, slots=True)
class Record:
    """Journal an event before anything else happens."""

    event: Event


@dataclass(frozen=True, slots=True)
class Perform:
    """Journal `started`, then carry the step out. Several in a row stop at the first that does not succeed."""

    started: StepStarted
    note: str = ""
    journaled: bool = False
    """The journal has `started` already: a soak that goes on after a restart."""


@dataclass(frozen=True, slots=True)
class StopAtSafePoint:
    """Ask the step under way to stop: a backfill at its batch boundary, a statement that waits for a lock at once."""

    why: HoldKind
    detail: str


@dataclass(frozen=True, slots=True)
class CancelOurStatement:
    """Cancel the statement under way on the server."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Cancel or terminate that backend, if it is still the same one."""

    action: Literal["cancel", "terminate"]
    backend: BackendKey
    who: str


@dataclass(frozen=True, slots=True)
class DropInvalidIndex:
    """Run the confirmed clean-up statement."""

    step: StepId
    index_name: str
    sql: str


@dataclass(frozen=True, slots=True)
class RetryRejected:
    """Journal `started`, then try the step's rejected rows again."""

    started: RetryStarted


@dataclass(frozen=True, slots=True)
class AcceptJournal:
    """Write that the journal is taken on as it is, and go on from what it says."""

    accepted: JournalAccepted


@dataclass(frozen=True, slots=True)
class SetThrottleLevel:
    """Set how hard a backfill works."""

    level: ThrottleLevel


@dataclass(frozen=True, slots=True)
class SetQueueCeiling:
    """Set the longest time a strong lock may be queued for."""

    ceiling: timedelta


@dataclass(frozen=True, slots=True)
class AcquireRunLock:
    """Try for the run's lock; become the conductor if it is free."""


@dataclass(frozen=True, slots=True)
class RunPreflight:
    """Ask the preflight questions again."""


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Keep a note until the journal begins, and write it there right after the run's beginning."""

    text: str


@dataclass(frozen=True, slots=True)
class KeepReading:
    """Keep that a step was read until it can be written, as a note is kept."""

    read: StepRead


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Journal `amended`, if the run is open; then everything is asked of this plan."""

    plan: Plan
    amended: PlanAmended | None = None


@dataclass(frozen=True, slots=True)
class LookAt:
    """Ask for the details of this, each second, until somebody looks at something else or at nothing."""

    subject: Subject | None


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Have a process of its own rehearse that step on a scratch server."""

    step: StepId


@dataclass(frozen=True, slots=True)
class StopRehearsal:
    """Have that process put its server away and end."""


@dataclass(frozen=True, slots=True)
class CloseRun:
    """Stop at a safe point (or at once), journal it, close everything."""

    why: str
    force: bool


AtOnce = (
    OpenRun
    | Record
    | StopAtSafePoint
    | CancelOurStatement
    | Signal
    | DropInvalidIndex
    | RetryRejected
    | AcceptJournal
    | SetThrottleLevel
    | SetQueueCeiling
    | AcquireRunLock
    | RunPreflight
    | KeepNote
    | KeepReading
    | ChangePlan
    | LookAt
    | Rehearse
    | StopRehearsal
    | CloseRun
)
"""Performed one after another, before any step is."""
Effect = AtOnce | Perform
