"""One of the sessions that work on a backfill or copy, and how it is set up while it does."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from zdtui.plan.model import BatchTuning
from zdtui.postgres.commands import reset
from zdtui.postgres.sessions.session import backend_pid
from zdtui.run.bulk.ranges.begin import BulkPlan
from zdtui.run.execute.pacing import Resting
from zdtui.run.execute.round_trip import at_the_server, set_for_session
from zdtui.run.execute.timeouts import timeouts
from zdtui.run.execute.work import Work
from zdtui.run.journal.store import Connection
from zdtui.run.model.outcome import Held
from zdtui.sql.statement import StatementClass

SETTINGS = {
    "synchronous_commit": "off",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "row_security": "off",
}
"""A commit is not waited for: the rows and the checkpoint that tells of them are lost together or not at all, and the
event that says the step is done is flushed after them
(https://www.postgresql.org/docs/current/wal-async-commit.html). No JIT: it is worth it for no batch. Each batch is
planned for its own bounds. With row_security off the server
refuses a statement whose rows a policy would hide, also in a view, a subquery or a function, instead of leaving some
out (https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY)."""


@dataclass
class Worker:
    """A session at work on a lane."""

    work: Work
    bulk_plan: BulkPlan
    connection: Connection
    first: bool = True
    """The working session itself; the others rest while anything holds the speed down."""
    number: int = 1
    """Which try of the batch this is."""
    checkpoint_at: float = 0.0
    """time.monotonic() of its last checkpoint."""
    resting: Resting = field(default_factory=Resting)
    one_by_one: bool = False
    """Rows are tried by themselves, whatever lane they are of: a copy's first and second pass at once."""
    vacuumed_at: int = 0
    """Rows that were changed when it last vacuumed."""

    @property
    def holder(self) -> int:
        """The backend of the working session, which holds the run."""
        return backend_pid(self.work.connection)

    @property
    def tuning(self) -> BatchTuning:
        """The plan's, with batches as long as the dial lets them be."""
        tuning, throttling = self.bulk_plan.action.tuning, self.work.throttling
        if throttling is None:
            return tuning
        return tuning.model_copy(update={"batch_duration": throttling.aim(tuning.batch_duration)})

    async def rest(self, worked: float) -> Held | None:
        """After so many seconds of work; Held when somebody asks to stop."""
        return await self.resting.after(self.work, worked, self.bulk_plan.action.tuning.batch_pause)

    def at_the_server(self, seconds: float, journeys: int = 2) -> float:
        """What a batch of so many seconds kept the server at work; two journeys are those of `commit_batch`."""
        return at_the_server(self.work, seconds, journeys)

    def begins(self) -> float:
        """A statement goes to the server now; the moment, by time.monotonic()."""
        now = time.monotonic()
        if self.first:
            self.work.sent(now)
        return now


@asynccontextmanager
async def set_up(work: Work, connection: Connection) -> AsyncIterator[None]:
    """The step's limits and SETTINGS for the whole session, which saves round trips; put back at the end."""
    limits = timeouts(StatementClass.DML, work.step.limits)
    await set_for_session(work, connection, (*limits.settings(), *SETTINGS.items()))
    try:
        yield
    finally:
        if not (connection.closed or connection.broken):
            await connection.execute(reset(SETTINGS))
