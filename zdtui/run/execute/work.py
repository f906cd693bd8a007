"""What a performer has in hand: the step, the session it may use, and the ways to tell what it does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Protocol

import psycopg

from zdtui.owned_tasks import Fault
from zdtui.plan.model import Plan, Step
from zdtui.postgres.sessions.ended import how_it_ended
from zdtui.postgres.sessions.error_text import sentence
from zdtui.run.execute.control import Control, Stop
from zdtui.run.journal.recorder import Recorder
from zdtui.run.journal.store import Connection
from zdtui.run.locks.blocking_cost import BlockingCost
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, Doing
from zdtui.run.model.defects import defect_behind
from zdtui.run.model.outcome import Failed, Held, LinkLost, Outcome
from zdtui.run.model.state import StepState
from zdtui.run.throttle.rest import Rest
from zdtui.run.throttle.throttling import Throttling

THROTTLE_SHOWN_EVERY = 0.1


class StepHost(Protocol):
    """What whoever has a step carried out does for it meanwhile; the engine's state is one."""

    @property
    def random(self) -> Random:
        """For pauses that differ from one console to the next."""
        ...

    @property
    def changed(self) -> Callable[[], None]:
        """To be called after anything a screen shows may be different."""
        ...

    @property
    def own_pids(self) -> frozenset[int]:
        """Backends of this console."""
        ...

    @property
    def blocking_cost(self) -> BlockingCost:
        """What the step has cost other sessions since it began."""
        ...

    @property
    def last_blockers(self) -> tuple[str, ...]:
        """Who held up the statement under way when last looked, each as 'pid application'."""
        ...

    def queue_ceiling(self, step: Step | None) -> timedelta:
        """The longest a strong lock of the step may be queued for; the operator turns it."""
        ...

    def told_of(self, fault: Fault) -> str:
        """Hears of a part of the step's work that failed; the sentence it says."""
        ...

    async def open_worker(self) -> Connection:
        """Another session that works on the step beside the working one. Raises TargetError."""
        ...


@dataclass
class Work:
    """One step under way. The activity is the performer's; the conductor only reads it."""

    plan: Plan
    step: Step
    direction: e.Direction
    connection: Connection
    recorder: Recorder
    control: Control
    activity: Activity
    host: StepHost
    note: str = ""
    throttling: Throttling | None = None
    """Of a backfill, copy or comparison."""
    started: float = field(default_factory=time.monotonic)
    beside: list[Connection] = field(default_factory=list)
    """Sessions of ours that work on the step beside the working one."""
    journey: float | None = None
    """Seconds to the server and back at the quickest (`zdtui.run.execute.round_trip`)."""
    lock_let_go: bool = False
    """The step has let go of the run's lock at some time."""
    lock_limit: float = 0.0
    """Seconds the statement under way may wait for a lock, whatever the server does; 0: as long as it takes."""
    skipped: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """What the server said of each statement where IF NOT EXISTS did nothing, by the statement's place."""
    remarks: dict[int, str] = field(default_factory=dict)
    """What is said of such a statement with the step's success."""
    cost_told: BlockingCost = field(default_factory=BlockingCost)
    """What it had cost others when a try was last given up."""
    cost: BlockingCost | None = None
    """What it has cost other sessions, once it is over; None: nobody has looked."""
    throttle_shown_at: float = 0.0
    """time.monotonic() when the throttle was last looked at for the progress pane."""

    @property
    def state(self) -> StepState:
        """Where the step stands by the journal."""
        return self.recorder.state.step(self.step.id)

    def cost_of_this_try(self) -> BlockingCost:
        """What a try that is given up now has cost others; what comes from now on is of the next."""
        before, self.cost_told = self.cost_told, self.host.blocking_cost
        return self.cost_told.since(before)

    @property
    def remark(self) -> str:
        """The person's note, and what is to be said of statements that did nothing."""
        return "; ".join(each for each in (self.note.strip(), *self.remarks.values()) if each)

    @property
    def seconds(self) -> float:
        """Since this performing began."""
        return time.monotonic() - self.started

    def show(self, doing: Doing, **fields: object) -> None:
        """Say what is being done now."""
        self.activity = replace(self.activity, doing=doing, **fields)  # type: ignore[arg-type]
        self.host.changed()

    def sending(self, sql: str, index: int, total: int, outwaits: bool = False) -> None:
        """Say that a statement goes to the server. `outwaits`: it is a CONCURRENTLY one."""
        self.skipped.pop(index, None)
        self.remarks.pop(index, None)
        self.show(
            Doing.SENDING,
            statement=sql,
            statement_index=index,
            statements_total=total,
            statement_since=time.monotonic(),
            retry_at=None,
            reason="",
            outwaits=outwaits,
        )

    def did_nothing(self, told: str) -> None:
        """The server says so of the statement under way, where IF NOT EXISTS is written."""
        index = self.activity.statement_index
        self.skipped[index] = (*self.skipped.get(index, ()), told)

    def answered(self) -> None:
        """The server has answered it: what was special of that statement holds no longer."""
        self.lock_limit = 0.0
        self.activity = replace(self.activity, outwaits=False)

    def sent(self, now: float) -> None:
        """A statement of a batch went to the server; not worth a word of its own."""
        self.activity = replace(self.activity, statement_since=now)

    def rest(self, worked: float) -> Rest:
        """How long to rest after so many seconds of work on a batch, and why; shown beside the progress."""
        if self.throttling is None:
            return Rest(0.0)
        rest, now = self.throttling.rest(worked), time.monotonic()
        if now - self.throttle_shown_at >= THROTTLE_SHOWN_EVERY:
            self.throttle_shown_at = now
            self.activity = replace(self.activity, throttle=self.throttling.shown())
        return rest

    def stopped(self) -> Held | None:
        """Held, when somebody asked for a stop."""
        stop = self.control.stop
        return None if stop is None else Held(stop.why, stop.detail)


def refused(error: psycopg.Error, work: Work, applied: bool = False, connection: Connection | None = None) -> Outcome:
    """What a server's error means for the step. Nothing of the failed transaction remains.

    `connection`: the session that met it, where that is not the working one. Raises what stands behind the error where
    that is a defect of ours: the error is then only what tidying up met.
    """
    if (defect := defect_behind(error)) is not None:
        raise defect
    met_by = connection or work.connection
    if met_by.broken or met_by.closed or is_about_the_link(error):
        return LinkLost(how_it_ended(error))
    if isinstance(error, psycopg.errors.QueryCanceled):
        return _cancelled(error, work)
    return Failed(sentence(error), error.sqlstate, applied)


LOST = ("08", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04")
"""SQLSTATEs after which there is no session any more: the connection itself, a shutdown or an administrator, a crash,
a server that cannot be reached now, a dropped database, an end by one of the limits of sessions and transactions."""


def is_about_the_link(error: psycopg.Error) -> bool:
    """Whether it comes from no server, or is its last word: the session is gone, or in no state to be used."""
    if error.sqlstate is not None:
        return error.sqlstate.startswith(LOST)
    return isinstance(error, psycopg.OperationalError) and not isinstance(error, psycopg.errors.PipelineAborted)


def _cancelled(error: psycopg.Error, work: Work) -> Outcome:
    """57014 says only that it was cancelled: by us, by the statement's own time limit, or by somebody else."""
    ours: Stop | None = work.control.cancelled
    if ours is not None:
        return Held(ours.why, ours.detail)
    if _timed_out(work):
        return Failed(sentence(error), error.sqlstate)
    return Held(e.HoldKind.CANCELLED, f"cancelled on the server by somebody else: {sentence(error)}")


def _timed_out(work: Work) -> bool:
    """Told by the time, because the message comes in the server's language and the SQLSTATE is the same."""
    since = work.activity.statement_since
    limit = work.step.limits.statement_timeout.total_seconds()
    return since is not None and 0 < limit * 0.98 <= time.monotonic() - since
