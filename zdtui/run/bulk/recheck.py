"""The closing sweep: what walking by page has missed, because somebody's update moved it meanwhile, is found and done.

By key every row has its place, so that one reading of the whole key order meets every row that keeps its key. Without
a key the pages are read again while that finds much. The proof is the closing look's (closing.py).

Crash points: what was only looked at is not written down at once; it is looked at again after a crash.
"""

import time

import psycopg

from zdtui.plan.model import BackfillAction
from zdtui.postgres import keyset
from zdtui.postgres.ask import ask
from zdtui.postgres.keyset import KeyValue
from zdtui.postgres.queries import query
from zdtui.run.bulk.bisect import change_all, is_of_a_row
from zdtui.run.bulk.by_key import FIND_AND_CHANGE
from zdtui.run.bulk.commit_batch import Rows, by_bounds, by_pages, count_matching, move
from zdtui.run.bulk.ranges.batch_size import next_size
from zdtui.run.bulk.ranges.lane import SWEPT, Lane
from zdtui.run.bulk.ranges.scan_method import not_done
from zdtui.run.bulk.worker import Worker

CHECKPOINT_EVERY = 1.0
"""Seconds of mere looking between two checkpoints."""
MOST_ROUNDS = 5
FEW_FOUND = 1000
"""Rows of a round up to which the closing look is the quicker way to find what is left: it knows them by name."""


async def next_swept_by_key(worker: Worker, lane: Lane) -> int:
    """Look at the next stretch of keys, and change what is left there; how many rows. Raises as `change_all`."""
    before, upto = lane.position, lane.checkpoint.upto
    assert upto is not None
    tuning, began = worker.tuning, worker.begins()
    end, rows, left = await _look(worker, lane, before, upto)
    seconds = worker.at_the_server(time.monotonic() - began)
    lane.look = next_size(lane.look, max(rows, lane.look.rows // 2), seconds, tuning)
    if not left:
        await _nothing_until(worker, lane, end)
        return 0
    if left > lane.size.rows:
        began = time.monotonic()
        end, last = await keyset.batch_end(worker.connection, lane.table, _key(lane), before, upto, lane.size.rows)
        changed = await change_all(worker, lane, _left(worker, lane, by_bounds(lane, before, end)), end)
        seconds = worker.at_the_server(time.monotonic() - began, FIND_AND_CHANGE)
        lane.size = lane.size if last else next_size(lane.size, lane.size.rows, seconds, tuning)
    else:
        changed = await change_all(worker, lane, _left(worker, lane, by_bounds(lane, before, end)), end)
    lane.looked_at = None
    return changed


async def _look(worker: Worker, lane: Lane, before: KeyValue | None, upto: KeyValue) -> tuple[KeyValue, int, int]:
    """The end of the next stretch, its rows, and how many of them are left to do; or may be, if one cannot be told."""
    try:
        return await _told(worker, lane, before, upto)
    except psycopg.Error as error:
        if not is_of_a_row(error):
            raise
    rows = lane.size.rows
    end, _ = await keyset.batch_end(worker.connection, lane.table, _key(lane), before, upto, rows)
    return end, rows, rows


async def _told(worker: Worker, lane: Lane, before: KeyValue | None, upto: KeyValue) -> tuple[KeyValue, int, int]:
    key, most = _key(lane), lane.look.rows
    if lane.gap is not None and lane.low is not None:
        start = int(before[0]) if before else lane.low - 1
        guess = (str(min(int(upto[0]), start + max(1, int(most * lane.gap)))),)
        rows, left = await count_matching(
            worker, lane, _left(worker, lane, by_bounds(lane, before, guess)), 2 * most + 1
        )
        if rows <= 2 * most:
            return guess, rows, left
    end, _ = await keyset.batch_end(worker.connection, lane.table, key, before, upto, most)
    rows, left = await count_matching(worker, lane, by_bounds(lane, before, end))
    return end, rows, left


async def _nothing_until(worker: Worker, lane: Lane, end: KeyValue) -> None:
    now = time.monotonic()
    lane.looked_at = end
    if end == lane.checkpoint.upto or now - worker.checkpoint_at >= CHECKPOINT_EVERY:
        lane.checkpoint = await move(worker, lane, end)
        lane.looked_at, worker.checkpoint_at = None, now


async def next_swept_by_page(worker: Worker, lane: Lane) -> int:
    """Look at the next pages of the round, and change what is left there; how many rows. Raises as `change_all`."""
    pages = await _pages(worker, lane)
    if lane.page >= pages:
        await _end_of_round(worker, lane)
        return 0
    first, beyond = lane.page, min(pages, lane.page + lane.pages.pages)
    worker.begins()
    rows = _left(worker, lane, by_pages(first, beyond))
    changed = await change_all(worker, lane, rows, None) if await _may_be_left(worker, lane, rows) else 0
    lane.page, lane.found = beyond, lane.found + changed
    return changed


async def _may_be_left(worker: Worker, lane: Lane, rows: Rows) -> bool:
    try:
        _, left = await count_matching(worker, lane, rows)
    except psycopg.Error as error:
        if not is_of_a_row(error):
            raise
        return True
    return left > 0


async def _end_of_round(worker: Worker, lane: Lane) -> None:
    """Another round when this one found much; what is left after the last one the closing look finds."""
    lane.round, few = lane.round + 1, lane.found <= FEW_FOUND
    if few or lane.round >= MOST_ROUNDS:
        lane.checkpoint = await move(worker, lane, SWEPT)
        return
    lane.page, lane.found = 0, 0


async def _pages(worker: Worker, lane: Lane) -> int:
    if lane.page == 0 or lane.pages_now == 0:
        lane.pages_now = int((await ask(worker.connection, query("heap_pages"), [lane.table]))[0][0])
    return lane.pages_now


def _left(worker: Worker, lane: Lane, rows: Rows) -> Rows:
    action, done_rows = worker.bulk_plan.action, worker.bulk_plan.done_rows
    assert isinstance(action, BackfillAction)
    assert done_rows is not None
    return rows.but(not_done(action, done_rows, lane.is_keyed, sweeping=True))


def _key(lane: Lane) -> keyset.Key:
    assert lane.key is not None
    return lane.key
