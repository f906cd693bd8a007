"""What may take long and leaves nothing behind is cancelled on the server as soon as somebody asks for a stop."""

import contextlib
from collections.abc import AsyncIterator

import psycopg

from zdtui.owned_tasks import OwnedTasks
from zdtui.run.batches.hand import Hand
from zdtui.run.faults import Part


@contextlib.asynccontextmanager
async def cancelled_on_stop(hand: Hand) -> AsyncIterator[None]:
    """While what is inside is under way. It raises psycopg.errors.QueryCanceled when it was cancelled."""
    stopping = OwnedTasks(hand.work.told)
    stopping.once(Part.WORKER, _cancel(hand))
    try:
        yield
    finally:
        await stopping.close()


async def _cancel(hand: Hand) -> None:
    while not await hand.work.control.sleep(3600.0):
        pass
    with contextlib.suppress(psycopg.Error, OSError):
        await hand.connection.cancel_safe(timeout=2.0)
