"""What may take long and leaves nothing behind is cancelled on the server as soon as somebody asks for a stop."""

import contextlib
from collections.abc import AsyncIterator

from zdtui.owned_tasks import OwnedTasks
from zdtui.postgres.sessions.session import ask_to_cancel
from zdtui.run.execute.work import Work
from zdtui.run.journal.store import Connection
from zdtui.run.model.faults import Part

UNTIL_STOPPED = 3600.0
"""Seconds of one wait for a stop; then it is waited for again."""


@contextlib.asynccontextmanager
async def cancelled_on_stop(work: Work, connection: Connection) -> AsyncIterator[None]:
    """While what is inside is under way on the session.

    It raises psycopg.errors.QueryCanceled when it was cancelled, with the stop in `work.stopped()`.
    """
    stopping = OwnedTasks(work.host.told_of)
    stopping.once(Part.WORKER, _cancel(work, connection))
    try:
        yield
    finally:
        await stopping.close()


async def _cancel(work: Work, connection: Connection) -> None:
    while not await work.control.sleep(UNTIL_STOPPED):
        pass
    await ask_to_cancel(connection)
