"""VACUUM between two batches, where the plan asks for it: what batches leave dead is room for the next ones."""

import contextlib

import psycopg

from zdtui.owned_tasks import OwnedTasks
from zdtui.run.batches.hand import Hand
from zdtui.run.batches.lane import Lane
from zdtui.run.faults import Part


async def vacuum_if_due(hand: Hand, lane: Lane) -> None:
    """VACUUM the lane's part when enough rows were changed since the last time. Raises psycopg.Error.

    It waits for nobody (SKIP_LOCKED), leaves the file's end alone, whose cutting needs ACCESS EXCLUSIVE, and ends at
    once when somebody asks for a stop; then it is due again.
    """
    every = hand.course.action.tuning.vacuum_after_rows
    changed = sum(each.checkpoint.rows for each in hand.course.lanes)
    if every is None or not hand.first or changed - hand.vacuumed_at < every:
        return
    connection = hand.connection
    await connection.execute("SET statement_timeout = 0")
    stopping = OwnedTasks(hand.work.told)
    stopping.once(Part.WORKER, _cancel_on_stop(hand))
    try:
        await connection.execute(f"VACUUM (SKIP_LOCKED, TRUNCATE false) {lane.table}".encode())
        hand.vacuumed_at = changed
    except psycopg.errors.QueryCanceled:
        if hand.work.control.stop is None:
            raise
    finally:
        await stopping.close()
        limit = round(hand.work.step.limits.statement_timeout.total_seconds() * 1000)
        with contextlib.suppress(psycopg.Error):
            await connection.execute(f"SET statement_timeout = {limit}".encode())


async def _cancel_on_stop(hand: Hand) -> None:
    while not await hand.work.control.sleep(3600.0):
        pass
    with contextlib.suppress(psycopg.Error, OSError):
        await hand.connection.cancel_safe(timeout=2.0)
