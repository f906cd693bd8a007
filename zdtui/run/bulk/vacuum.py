"""VACUUM between two batches, where the plan asks for it: what batches leave dead is room for the next ones."""

import contextlib

import psycopg

from zdtui.postgres.commands import command, set_session, vacuum
from zdtui.postgres.encoding import sql_bytes
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Worker
from zdtui.run.execute.cancel_on_stop import cancelled_on_stop


async def vacuum_if_due(worker: Worker, lane: Lane) -> None:
    """VACUUM the lane's part when enough rows were changed since the last time. Raises psycopg.Error.

    It waits for nobody (SKIP_LOCKED), leaves the file's end alone, whose cutting needs ACCESS EXCLUSIVE, and ends at
    once when somebody asks for a stop; then it is due again.
    """
    every = worker.bulk_plan.action.tuning.vacuum_after_rows
    changed = sum(each.checkpoint.rows for each in worker.bulk_plan.lanes)
    if every is None or not worker.first or changed - worker.vacuumed_at < every:
        return
    connection = worker.connection
    await connection.execute(command("no_time_limit_for_session"))
    try:
        async with cancelled_on_stop(worker.work, connection):
            await connection.execute(sql_bytes(vacuum(lane.table)))
        worker.vacuumed_at = changed
    except psycopg.errors.QueryCanceled:
        if worker.work.control.stop is None:
            raise
    finally:
        limit = str(round(worker.work.step.limits.statement_timeout.total_seconds() * 1000))
        with contextlib.suppress(psycopg.Error):
            await connection.execute(set_session([("statement_timeout", limit)]).encode())
