"""Drives a real conductor against a real server, the way the console does, and waits for what it says."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg

from zdtui.hazards.rules import RULES
from zdtui.plan.model import (
    Action,
    Guards,
    Limits,
    NoRollback,
    Phase,
    Plan,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import retry_digest, rollback_digest, step_digest
from zdtui.run.decisions.decide import undoable
from zdtui.run.engine.conductor import Conductor
from zdtui.run.journal.reader import read_runs
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.events import Recorded
from zdtui.run.model.state import StepState, StepStatus

QUIET = Guards(replication_lag=None, blocked_sessions=None, oldest_transaction=None)


def sql_step(name: str, sql: str, back: str | None = None, **fields: Any) -> Step:
    """A step that runs this SQL, and that SQL backwards."""
    rollback: Rollback = NoRollback(reason="nothing to undo") if back is None else SqlRollback(sql=back)
    return step(name, SqlAction(sql=sql), rollback, **fields)


def step(
    name: str, action: Action, rollback: Rollback | None = None, phase: Phase = Phase.EXPAND, **fields: Any
) -> Step:
    """A step with limits short enough for a test."""
    limits = fields.pop(
        "limits", Limits(lock_timeout=timedelta(milliseconds=100), retries=2, lock_patience=timedelta(seconds=1))
    )
    return Step(
        id=StepId(name),
        title=name,
        phase=phase,
        action=action,
        rollback=rollback or NoRollback(reason="nothing to undo"),
        limits=limits,
        **fields,
    )


def plan_of(*steps: Step, name: str = "tour", **fields: Any) -> Plan:
    """A plan of these steps that no guard stops."""
    return Plan(
        name=name, title="Tour", steps=steps, source="source", path="t.yaml", digest="d", **{"guards": QUIET, **fields}
    )


def taking_everything_on(plan: Plan) -> Plan:
    """The plan with every hazard of its steps silenced: what is tested here is how steps run, not whether they should."""
    everything = tuple((rule.name, "a test runs it") for rule in RULES)
    steps = tuple(each.model_copy(update={"silence": each.silence or everything}) for each in plan.steps)
    return plan.model_copy(update={"steps": steps})


class Driver:
    """A conductor on the test's own loop."""

    def __init__(self, plan: Plan, dsn: str, *, minds_hazards: bool = False) -> None:
        self.plan, self.dsn = plan if minds_hazards else taking_everything_on(plan), dsn
        self._changed = asyncio.Event()
        self.conductor = Conductor(self.plan, Target(dsn), "tester@here", self._changed.set)
        self.task: asyncio.Task[None] | None = None

    @property
    def stage(self) -> Any:
        return self.conductor.state

    async def __aenter__(self) -> "Driver":
        self.task = asyncio.create_task(self.conductor.run())
        await self.until(lambda: self.stage.connection_state is ConnectionState.CONNECTED)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.task is not None
        if not self.task.done():
            self.conductor.submit(c.Leave("test over", force=True))
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait_for(self.task, 45)

    async def until(self, reached: Callable[[], object], seconds: float = 240.0) -> None:
        """Wait for a condition; fail with where things stand."""
        try:
            async with asyncio.timeout(seconds):
                while not reached():
                    if self.task is not None and self.task.done():
                        self.task.result()
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), 0.05)
        except TimeoutError:
            log = "\n".join(str(line.event) for line in self.stage.recorder.state.log[-20:])
            raise AssertionError(
                f"not reached; refusal {self.stage.refusal!r}; link {self.stage.connection_detail!r}\n{log}"
            ) from None

    def state(self, name: str) -> StepState:
        """Where a step stands."""
        found: StepState = self.stage.recorder.state.step(StepId(name))
        return found

    def start(self, name: str, note: str = "") -> None:
        """Confirm a step as the console does."""
        each = self.plan.step(name)
        self.conductor.submit(c.RunStep(each.id, step_digest(each), str(each.id), note))

    async def run(self, name: str, note: str = "") -> StepState:
        """Confirm a step and wait until it is over one way or the other."""
        attempt = self.state(name).attempt
        self.start(name, note)
        await self.until(lambda: self.state(name).attempt > attempt and self.stage.working is None)
        return self.state(name)

    async def retry(self, name: str) -> StepState:
        """Try the rejected rows of a step again, and wait until they were."""
        each = self.plan.step(name)
        before = sum(line.event.kind == "retry ended" for line in self.stage.recorder.state.log)
        self.conductor.submit(c.RetryRejected(each.id, retry_digest(each), str(each.id)))
        await self.until(
            lambda: (
                sum(line.event.kind == "retry ended" for line in self.stage.recorder.state.log) > before
                and self.stage.working is None
            )
        )
        return self.state(name)

    async def refusal(self, command: c.Command) -> str:
        """Submit what has to be refused; the sentence."""
        before = self.stage.refusal_count
        self.conductor.submit(command)
        await self.until(lambda: self.stage.refusal_count > before)
        return str(self.stage.refusal)

    async def roll_back_to(self, name: str) -> None:
        """Roll back everything down to a step and wait for it."""
        steps = undoable(self.plan, self.stage.recorder.state)
        chosen = steps[: [each.id for each in steps].index(StepId(name)) + 1]
        self.conductor.submit(c.RollBack(tuple(each.id for each in chosen), rollback_digest(chosen), name))
        over = (StepStatus.PENDING, StepStatus.HELD, StepStatus.FAILED)
        await self.until(lambda: self.stage.working is None and self.state(name).status in over)

    async def journal(self) -> list[Recorded]:
        """What the journal holds of the newest run."""
        await self.stage.recorder.flush(5)
        return (await read_runs(Target(self.dsn)))[0]


async def ask(dsn: str, sql: str) -> Any:
    """The single value of a query on a session of its own."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        row = await (await connection.execute(sql.encode())).fetchone()
        return None if row is None else row[0]


async def do(dsn: str, sql: str) -> None:
    """Run statements on a session of its own."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(sql.encode())


def kinds(events: list[Recorded]) -> list[str]:
    """The kinds of events, in order."""
    return [recorded.event.kind for recorded in events]


__all__ = ["Driver", "ask", "c", "do", "e", "kinds", "plan_of", "sql_step", "step"]
