"""Copying one stretch of rows, in whatever transaction is open.

A conflict with the key of the target says that a row is there already, and the row is left as it is. Where ON CONFLICT
cannot say that (a DEFERRABLE key, rules), and where a trigger or a rule may keep a row out or change its key without an
error, it is looked up: which rows are missing, and after the INSERT whether one still is.
"""

import psycopg

from zdtui.postgres.copied import FIRST_RULE, Copying
from zdtui.postgres.keyset import Key, KeyValue
from zdtui.postgres.sessions.authors import answers_as_author, change_as_author
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.rows import Rows, by_names
from zdtui.run.bulk.ranges.scan_method import ScanMethod
from zdtui.run.bulk.worker import Worker


class RowsKeptOut(Exception):
    """The server took rows without an error, and they are not in the target."""


async def copy_rows(
    worker: Worker, lane: Lane, rows: Rows, pipeline: psycopg.AsyncPipeline | None = None
) -> tuple[int, int]:
    """Rows added and rows rejected by the plan's own rules. Raises psycopg.Error, and RowsKeptOut.

    What a second pass fills counts for no row: it was added before.
    """
    copying = worker.bulk_plan.copying
    assert copying is not None
    if lane.way is ScanMethod.SECOND_PASS and not worker.one_by_one:
        await _fill(worker, lane, rows, copying, pipeline)
        return 0, 0
    rejected = await _reject(worker, lane, rows, copying, pipeline) if copying.action.valid else 0
    added = await _add(worker, lane, rows, copying, pipeline)
    if worker.one_by_one and copying.late:
        await _fill(worker, lane, rows, copying, pipeline)
    return added, rejected


def in_one_snapshot(worker: Worker) -> bool:
    """Whether the statements of a copy have to see the same rows: what the plan's rules say, and what is added.

    Not where rows are looked up: what others have just written is to be seen.
    """
    copying = worker.bulk_plan.copying
    return copying is not None and bool(copying.action.valid) and not _looks_up(worker, copying)


async def is_there_now(worker: Worker, lane: Lane, key: KeyValue) -> bool:
    """Whether the target has this row's key by now: somebody else has written it while we tried."""
    copying = worker.bulk_plan.copying
    if copying is None or copying.unique is None:
        return False
    rows = by_names(lane, [key])
    sql = copying.missing_sql(worker.bulk_plan.relation(lane.part), _key(lane), rows.condition(1))
    return not await answers_as_author(worker.connection, sql, rows.parameters)


async def _reject(
    worker: Worker, lane: Lane, rows: Rows, copying: Copying, pipeline: psycopg.AsyncPipeline | None
) -> int:
    names = [name for name, _ in copying.action.valid]
    stretch = rows.condition(FIRST_RULE + len(names))
    parameters = [str(worker.work.recorder.run), worker.work.step.id, lane.part.table, *names, *rows.parameters]
    sql = copying.rules_sql(worker.bulk_plan.relation(lane.part), _key(lane), stretch)
    return await change_as_author(worker.connection, sql, parameters, pipeline)


async def _add(worker: Worker, lane: Lane, rows: Rows, copying: Copying, pipeline: psycopg.AsyncPipeline | None) -> int:
    if _looks_up(worker, copying):
        return await _add_missing(worker, lane, rows, copying, pipeline)
    source = worker.bulk_plan.relation(lane.part)
    wanted: int | None = None
    if copying.is_watched or worker.one_by_one:
        sql = copying.count_sql(source, rows.condition(1))
        wanted = int((await answers_as_author(worker.connection, sql, rows.parameters))[0][0])
    insert = copying.insert_sql(source, rows.condition(1))
    added = await change_as_author(worker.connection, insert, rows.parameters, pipeline)
    if wanted is not None and added < wanted:
        raise RowsKeptOut(_kept(copying))
    return added


async def _add_missing(
    worker: Worker, lane: Lane, rows: Rows, copying: Copying, pipeline: psycopg.AsyncPipeline | None
) -> int:
    """Rows that were missing and are there now."""
    source, key = worker.bulk_plan.relation(lane.part), _key(lane)
    wanted = copying.missing_sql(source, key, rows.condition(1))
    found = await answers_as_author(worker.connection, wanted, rows.parameters)
    if not found:
        return 0
    missing = by_names(lane, [tuple(row[0]) for row in found])
    insert = copying.insert_sql(source, missing.condition(1), known_missing=True)
    await change_as_author(worker.connection, insert, missing.parameters, pipeline)
    left_out = copying.left_out_sql(source, key, missing.condition(1))
    if await answers_as_author(worker.connection, left_out, missing.parameters):
        raise RowsKeptOut(_kept(copying))
    return len(found)


def _looks_up(worker: Worker, copying: Copying) -> bool:
    return copying.unique is not None and (copying.is_watched or worker.one_by_one)


def _kept(copying: Copying) -> str:
    who = (
        f": look at {', '.join(copying.keepers)}" if copying.keepers else ": a trigger on it has removed or changed it"
    )
    return f"kept out of {copying.action.into} without an error{who}"


async def _fill(
    worker: Worker, lane: Lane, rows: Rows, copying: Copying, pipeline: psycopg.AsyncPipeline | None
) -> None:
    sql = copying.second_pass_sql(worker.bulk_plan.relation(lane.part), rows.condition(1))
    await change_as_author(worker.connection, sql, rows.parameters, pipeline)


def _key(lane: Lane) -> Key:
    assert lane.key is not None
    return lane.key
