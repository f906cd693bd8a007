"""A look at whole tables: one read-only snapshot without a limit on its time, which a stop ends at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from zdtui.run.journal import Connection
from zdtui.run.work import Work

UNTIL_STOPPED = 3600.0
"""Seconds of one wait for a stop; then it is waited for again."""


@asynccontextmanager
async def long_look(work: Work, connection: Connection) -> AsyncIterator[None]:
    """What is asked inside sees one snapshot and has no time limit.

    Somebody who asks for a stop ends it: psycopg.errors.QueryCanceled, with the stop in `work.stopped()`.
    """
    stopping = asyncio.create_task(_cancel_on_stop(work, connection), name="stop of a long look")
    try:
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            await connection.execute("SET LOCAL statement_timeout = 0")
            yield
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)


async def _cancel_on_stop(work: Work, connection: Connection) -> None:
    while not await work.control.sleep(UNTIL_STOPPED):
        pass
    with contextlib.suppress(psycopg.Error, OSError):
        await connection.cancel_safe(timeout=2.0)
