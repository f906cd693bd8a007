"""A look at whole tables: one read-only snapshot without a limit on its time, which a stop ends at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from zdtui.postgres.commands import command
from zdtui.run.execute.cancel_on_stop import cancelled_on_stop
from zdtui.run.execute.work import Work
from zdtui.run.journal.store import Connection


@asynccontextmanager
async def long_look(work: Work, connection: Connection) -> AsyncIterator[None]:
    """What is asked inside sees one snapshot and has no time limit.

    Somebody who asks for a stop ends it: psycopg.errors.QueryCanceled, with the stop in `work.stopped()`.
    """
    async with cancelled_on_stop(work, connection), connection.transaction():
        await connection.execute(command("one_snapshot_read_only"))
        await connection.execute(command("no_time_limit"))
        yield
