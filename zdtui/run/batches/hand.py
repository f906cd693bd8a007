"""One of the sessions that work on a backfill or copy, and how it is set up while it does."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from zdtui.plan.model import BatchTuning
from zdtui.run.batches.begin import Course
from zdtui.run.journal import Connection
from zdtui.run.outcome import Held
from zdtui.run.resting import Resting
from zdtui.run.work import Work

SETTINGS = {
    "synchronous_commit": "off",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}
"""A commit is not waited for: the rows and the checkpoint that tells of them are lost together or not at all, and the
event that says the step is done is flushed after them
(https://www.postgresql.org/docs/current/wal-async-commit.html). No JIT: it is worth it for no batch. Each batch is
planned for its own bounds."""


@dataclass
class Hand:
    """A session at work on a lane."""

    work: Work
    course: Course
    connection: Connection
    first: bool = True
    """The working session itself; the others rest while anything holds the speed down."""
    number: int = 1
    """Which try of the batch this is."""
    checkpoint_at: float = 0.0
    """time.monotonic() of its last checkpoint."""
    resting: Resting = field(default_factory=Resting)
    vacuumed_at: int = 0
    """Rows that were changed when it last vacuumed."""

    @property
    def tuning(self) -> BatchTuning:
        """The plan's, with batches as long as the dial lets them be."""
        tuning, throttling = self.course.action.tuning, self.work.throttling
        if throttling is None:
            return tuning
        return tuning.model_copy(update={"batch_duration": throttling.aim(tuning.batch_duration)})

    async def rest(self, worked: float) -> Held | None:
        """After so many seconds of work; Held when somebody asks to stop."""
        return await self.resting.after(self.work, worked, self.course.action.tuning.batch_pause)

    def begins(self) -> float:
        """A statement goes to the server now; the moment, by time.monotonic()."""
        now = time.monotonic()
        if self.first:
            self.work.sent(now)
        return now


@asynccontextmanager
async def set_up(work: Work, connection: Connection) -> AsyncIterator[None]:
    """The step's limits and SETTINGS for the whole session, which saves round trips; put back at the end."""
    limits = work.step.limits
    for name, duration in (("lock_timeout", limits.lock_timeout), ("statement_timeout", limits.statement_timeout)):
        await _set(connection, name, f"{round(duration.total_seconds() * 1000)}ms")
    for name, value in SETTINGS.items():
        await _set(connection, name, value)
    try:
        yield
    finally:
        if not (connection.closed or connection.broken):
            for name in SETTINGS:
                await connection.execute(f"RESET {name}".encode())


async def _set(connection: Connection, name: str, value: str) -> None:
    await connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [name, value])
