"""Changing one stretch of rows and moving the lane's checkpoint, in one transaction.

Crash points: the rows and the checkpoint are committed together, so that the checkpoint always says exactly how many
rows were changed and where to go on.
"""

from dataclasses import replace

import psycopg

from zdtui.plan.model import BackfillAction
from zdtui.postgres import keyset
from zdtui.postgres.keyset import KeyValue
from zdtui.postgres.keyset.statements import count_sql
from zdtui.postgres.sessions.authors import ask_as_author, authors_path, change_as_author, undo
from zdtui.run.bulk.copy_rows import copy_rows
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.rows import Rows as Rows
from zdtui.run.bulk.ranges.rows import by_bounds as by_bounds
from zdtui.run.bulk.ranges.rows import by_names as by_names
from zdtui.run.bulk.ranges.rows import by_pages as by_pages
from zdtui.run.bulk.worker import Worker
from zdtui.run.journal import store as journal


async def commit_batch(worker: Worker, lane: Lane, rows: Rows, position: KeyValue | None) -> int:
    """Change them and move the checkpoint to `position`; how many rows were changed. Raises psycopg.Error.

    Two journeys to the server: it begins, holds the checkpoint and changes the rows, then moves it and commits. What
    the author's constraints and triggers do at the COMMIT is done by the author's path.
    """
    connection, run, step, before = worker.connection, worker.work.recorder.run, worker.work.step.id, lane.checkpoint
    try:
        with journal.run_is_ours(step):
            async with connection.pipeline() as pipeline:
                await connection.execute("BEGIN")
                await journal.hold_checkpoint(connection, worker.holder, run, step, before)
                changed, rejected = await change_rows(worker, lane, rows, pipeline)
                after = _moved(before, position, changed, rejected)
                await journal.move_held(connection, run, step, before, after)
                await connection.execute(authors_path(connection).encode())
                await connection.execute("COMMIT")
    except BaseException:
        await undo(connection)
        raise
    lane.checkpoint = after
    return changed


async def hold(worker: Worker, lane: Lane) -> None:
    """Hold the lane's checkpoint to the end of the open transaction, before any row of it is changed.

    Raises RunHeldElsewhereError when this console does not hold the run any more, or another one moved the checkpoint.
    """
    step = worker.work.step.id
    with journal.run_is_ours(step):
        await journal.hold_checkpoint(worker.connection, worker.holder, worker.work.recorder.run, step, lane.checkpoint)


async def move(
    worker: Worker, lane: Lane, position: KeyValue | None, rows: int = 0, rejected: int = 0
) -> journal.Checkpoint:
    """Move the lane's checkpoint in the database; it becomes true for us once the transaction is committed."""
    after = _moved(lane.checkpoint, position, rows, rejected)
    await journal.move_checkpoint(
        worker.connection, worker.work.recorder.run, worker.work.step.id, lane.checkpoint, after
    )
    return after


def _moved(before: journal.Checkpoint, position: KeyValue | None, rows: int, rejected: int) -> journal.Checkpoint:
    return replace(
        before,
        position=position,
        batches=before.batches + 1,
        rows=before.rows + rows,
        rejected=before.rejected + rejected,
    )


async def change_rows(
    worker: Worker, lane: Lane, rows: Rows, pipeline: psycopg.AsyncPipeline | None = None
) -> tuple[int, int]:
    """Rows changed and rows rejected by the plan's own rules, in whatever transaction is open."""
    action, connection, table = worker.bulk_plan.action, worker.connection, worker.bulk_plan.relation(lane.part)
    if isinstance(action, BackfillAction):
        sql = keyset.backfill_sql(action, table, rows.condition(1))
        return await change_as_author(connection, sql, rows.parameters, pipeline), 0
    return await copy_rows(worker, lane, rows, pipeline)


async def count_matching(worker: Worker, lane: Lane, rows: Rows, most: int | None = None) -> tuple[int, int]:
    """How many of the rows there are, and how many are left to do; no more than `most` are looked at.

    A condition that `Rows.but` has added counts with the plan's `where`.
    """
    action, table = worker.bulk_plan.action, worker.bulk_plan.relation(lane.part)
    left = " AND ".join(f"({each})" for each in (action.where, rows.matching) if each) or "true"
    found = await ask_as_author(
        worker.connection,
        count_sql(table, rows.stretch(1), left, most),
        rows.parameters,
    )
    return int(found[0][0]), int(found[0][1])
