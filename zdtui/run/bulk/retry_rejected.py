"""Trying rejected rows again, after somebody has put them right.

A row is named by its key and tried by itself. Where the table has no key its place may be another's by now: there the
table is gone through once more, page by page, for rows that still match `where`.

Crash points: what is changed, what no longer stands aside and the totals of the checkpoint are one transaction; the end
of the retry is journaled after it, and taken from the checkpoint when the console died in between.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, CopyAction
from zdtui.postgres.ask import ask
from zdtui.postgres.commands import command
from zdtui.postgres.keyset import KeyValue
from zdtui.postgres.queries import query
from zdtui.run.bulk import rejected_rows
from zdtui.run.bulk.bisect import REFUSALS, TooManyRefused, bisect_batch, is_of_a_row, reason_of
from zdtui.run.bulk.commit_batch import by_names, by_pages, change_rows, hold, move
from zdtui.run.bulk.copy_rows import in_one_snapshot
from zdtui.run.bulk.progress_reporter import ProgressReporter
from zdtui.run.bulk.ranges.begin import BulkPlan, begin
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.scan_method import ScanMethod, not_done
from zdtui.run.bulk.worker import Worker, set_up
from zdtui.run.execute.work import Work, refused
from zdtui.run.model.outcome import Done, Failed, Held, Outcome

KEYS_AT_ONCE = 20
"""Rows that are tried in one transaction, each in a savepoint of its own."""
Attempt = Callable[[], Awaitable[int]]
"""One transaction of a retry; rows that were changed."""


async def retry_rejected(work: Work) -> Outcome:
    """Try every rejected row of the step again. The checkpoint's totals say what came of it."""
    action = work.step.action
    assert isinstance(action, BackfillAction | CopyAction)
    try:
        async with set_up(work, work.connection):
            bulk_plan = await begin(work, action)
            worker = Worker(work, bulk_plan, work.connection, one_by_one=isinstance(action, CopyAction))
            reporter = ProgressReporter(work, bulk_plan)
            reporter.show(None, 0.0, 0)
            for part, keys in groupby(await rejected_rows.all_of_step(worker), key=lambda each: each[0]):
                if held := await _of_part(worker, reporter, part, [key for _, key in keys]):
                    return held
            return Done()
    except (TargetError, TooManyRefused) as error:
        return Failed(str(error), applied=True)
    except psycopg.Error as error:
        return refused(error, work, applied=True)


async def _of_part(worker: Worker, reporter: ProgressReporter, part: str, keys: Sequence[KeyValue]) -> Held | None:
    lane = _lane(worker.bulk_plan, part)
    if lane is None:
        await rejected_rows.forget_part(worker, part)
        return None
    for attempt in _by_key(worker, lane, keys) if lane.is_keyed else await _by_page(worker, lane):
        if held := worker.work.stopped():
            return held
        began = worker.begins()
        changed = await attempt()
        seconds = time.monotonic() - began
        reporter.batch(lane, changed, seconds)
        if held := await worker.rest(seconds):
            return held
    return None


def _lane(bulk_plan: BulkPlan, part: str) -> Lane | None:
    """The one whose totals are kept true; the last, which is the sweep where there is one."""
    return next((lane for lane in reversed(bulk_plan.lanes) if lane.part.table == part), None)


def _by_key(worker: Worker, lane: Lane, keys: Sequence[KeyValue]) -> Iterator[Attempt]:
    for first in range(0, len(keys), KEYS_AT_ONCE):
        yield partial(_try_keys, worker, lane, keys[first : first + KEYS_AT_ONCE])


async def _by_page(worker: Worker, lane: Lane) -> Iterator[Attempt]:
    """The whole table in stretches of pages."""
    pages = int((await ask(worker.connection, query("heap_pages"), [lane.table]))[0][0])
    size = max(1, lane.pages.pages)
    return (partial(_try_pages, worker, lane, first, min(pages, first + size)) for first in range(0, pages, size))


async def _try_keys(worker: Worker, lane: Lane, keys: Sequence[KeyValue]) -> int:
    """Rows that were changed."""
    connection = worker.connection
    changed = rejected_rows = 0
    async with connection.transaction():
        if in_one_snapshot(worker):
            await connection.execute(command("one_snapshot"))
        await connection.execute(command("constraints_immediate"))
        await hold(worker, lane)
        for key in keys:
            taken, more = await _try_one(worker, lane, key)
            changed, rejected_rows = changed + taken, rejected_rows + more
        after = await move(worker, lane, lane.checkpoint.position, changed, rejected_rows)
    lane.checkpoint = after
    return changed


async def _try_one(worker: Worker, lane: Lane, key: KeyValue) -> tuple[int, int]:
    """Rows changed (0: it needs nothing any more, or is gone), and by how many more (or fewer) rows stand aside."""
    rows = by_names(lane, [key]).but(_to_do(worker, lane))
    try:
        async with worker.connection.transaction():
            forgotten = await rejected_rows.forget(worker, lane, key)
            changed, failed = await change_rows(worker, lane, rows)
            return changed, failed - forgotten
    except REFUSALS as error:
        if not is_of_a_row(error):
            raise
        reason = reason_of(error)
    forgotten = await rejected_rows.forget(worker, lane, key)
    return 0, await rejected_rows.keep(worker, lane, key, reason) - forgotten


def _to_do(worker: Worker, lane: Lane) -> str:
    action, done_rows = worker.bulk_plan.action, worker.bulk_plan.done_rows
    if (
        lane.way in (ScanMethod.KEY, ScanMethod.KEY_STRIPES)
        or not isinstance(action, BackfillAction)
        or done_rows is None
    ):
        return ""
    return not_done(action, done_rows, lane.is_keyed, sweeping=True)


async def _try_pages(worker: Worker, lane: Lane, first: int, beyond: int) -> int:
    """Rows that were changed on those pages; those that are still refused stand aside under the place they have now."""
    rows = by_pages(first, beyond)
    before = lane.checkpoint
    try:
        async with worker.connection.transaction():
            await hold(worker, lane)
            forgotten = await rejected_rows.forget_pages(worker, lane, rows.parameters)
            lane.checkpoint = await move(worker, lane, lane.checkpoint.position, 0, -forgotten)
            return await bisect_batch(worker, lane, rows.but(_to_do(worker, lane)), lane.checkpoint.position)
    except BaseException:
        lane.checkpoint = before
        raise
