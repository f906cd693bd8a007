"""A backfill or copy: its lanes walked by one session or several, batch by batch, until all are done or one must stop.

Crash points: a batch's rows and its lane's checkpoint are one transaction, so that at any moment the checkpoints say
exactly which rows are done. Sweeps begin when nothing is left to change by page. Another session of ours that is in the
middle of a batch while the working one is lost can do no harm: its checkpoint is where it left it, or the batch fails.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import assert_never

import psycopg

from zdtui.errors import JournalError, TargetError
from zdtui.plan.model import CopyAction
from zdtui.run.bulk.bisect import TooManyRefused
from zdtui.run.bulk.by_key import next_by_key
from zdtui.run.bulk.by_key_stripe import MOST_KEY_STRIPES, next_by_key_stripe
from zdtui.run.bulk.by_page import next_by_page
from zdtui.run.bulk.closing_copy import close_copy
from zdtui.run.bulk.closing_look import Closing, Round
from zdtui.run.bulk.progress_reporter import ProgressReporter
from zdtui.run.bulk.pruning_horizon import Pruning
from zdtui.run.bulk.ranges.batch_size import halved
from zdtui.run.bulk.ranges.begin import BulkPlan, begin, read_parts
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.scan_method import SWEEPS, Action, ScanMethod
from zdtui.run.bulk.ranges.stripes import SLICES, stripes_of
from zdtui.run.bulk.ranges.stripes import halved as fewer_pages
from zdtui.run.bulk.recheck import next_swept_by_key, next_swept_by_page
from zdtui.run.bulk.vacuum import vacuum_if_due
from zdtui.run.bulk.worker import Worker, set_up
from zdtui.run.execute.transaction import try_again
from zdtui.run.execute.work import Work, refused
from zdtui.run.locks.retry import RETRIED_SQLSTATES
from zdtui.run.model.outcome import Done, Failed, Held, LinkLost, Outcome

QUERY_CANCELED = "57014"
OF_A_LOST_PART = frozenset({"42P01", "42809", "55000", "XX000"})
"""What a statement says of a partition that was dropped since it was found: undefined_table, or what it comes to in the
middle of a plan."""
MOVED_AWAY = "40001"
MOVED_TRIES = 30
"""A row that moves to another partition at that very moment fails a batch; a smaller one seldom meets another."""
ROOM_AGAIN = 0.2
"""Seconds after which a session that rests because something holds the speed down looks again."""


@dataclass
class _WorkerPool:
    """The sessions that walk the lanes."""

    work: Work
    bulk_plan: BulkPlan
    reporter: ProgressReporter
    pruning: Pruning
    taken: set[int] = field(default_factory=set)
    """Lanes that a session has in hand."""
    ending: bool = False
    """One of the sessions could not go on: the others stop after their batch."""
    journal_error: JournalError | None = None
    """Why the checkpoints cannot be moved: another console moved one, say. It ends the step, once all have stopped."""

    def without_journal(self, error: JournalError) -> LinkLost:
        """One session met it. A group of tasks would hide its kind from those who know what it means."""
        self.ending, self.journal_error = True, self.journal_error or error
        return LinkLost(str(error))

    def next_lane(self) -> Lane | None:
        """The next one that nobody walks; a sweep only when nothing else is left to change."""
        waiting = [lane for lane in self.bulk_plan.lanes if not lane.finished]
        changing = [lane for lane in waiting if lane.way not in SWEEPS]
        for lane in changing or waiting:
            if lane.checkpoint.lane not in self.taken:
                return lane
        return None

    @property
    def finished(self) -> bool:
        """Whether every lane is done."""
        return all(lane.finished for lane in self.bulk_plan.lanes)


async def perform_batches(work: Work, action: Action) -> Outcome:
    """Walk the table from the checkpoints to the end, or to the next batch boundary after somebody asks for a stop."""
    try:
        async with set_up(work, work.connection):
            bulk_plan = await begin(work, action)
            pool = _WorkerPool(work, bulk_plan, ProgressReporter(work, bulk_plan), Pruning(work))
            pool.reporter.show(None, 0.0, 0)
            try:
                return await _to_the_end(pool)
            finally:
                await pool.reporter.end()
    except TargetError as error:
        return Failed(str(error))
    except psycopg.Error as error:
        return refused(error, work)


async def _to_the_end(pool: _WorkerPool) -> Outcome:
    """Walk all lanes, then look at the whole; again with the lanes of what came meanwhile, until nothing is left."""
    while True:
        outcome = await _run_workers(pool)
        if not isinstance(outcome, Done):
            return outcome
        looks = _look_at_the_copy if isinstance(pool.bulk_plan.action, CopyAction) else _look_at_the_whole
        ended = await looks(pool)
        if ended is not None:
            return ended


async def _look_at_the_copy(pool: _WorkerPool) -> Outcome | None:
    """None: there are new lanes to walk."""
    try:
        return await close_copy(Worker(pool.work, pool.bulk_plan, pool.work.connection))
    except (TooManyRefused, TargetError) as error:
        return half_way(pool, Failed(str(error)))


async def _look_at_the_whole(pool: _WorkerPool) -> Outcome | None:
    """None: there are new lanes to walk."""
    work, worker = pool.work, Worker(pool.work, pool.bulk_plan, pool.work.connection)
    closing = Closing(worker, pool.reporter)
    while (held := work.stopped()) is None:
        began = time.monotonic()
        try:
            came_to = await closing.round()
            worker.number = 1
        except psycopg.Error as error:
            outcome = await _after_error(pool, worker, None, error, time.monotonic() - began)
            if outcome is not None:
                return outcome
            worker.number += 1
            continue
        except (TooManyRefused, TargetError) as error:
            return half_way(pool, Failed(str(error)))
        match came_to:
            case Round.AGAIN:
                continue
            case Round.WALK:
                return None
            case Round.PROVED | Round.UNTOLD:
                work.note = " · ".join(each for each in (work.note.strip(), closing.note(came_to)) if each)
                return Done()
            case Held() as outcome:
                return outcome
            case _ as never:
                assert_never(never)
    return held


async def _run_workers(pool: _WorkerPool) -> Outcome:
    """The working session and as many others as the plan asks for and the server lets in."""
    others = min(pool.bulk_plan.action.tuning.workers, sum(not lane.finished for lane in pool.bulk_plan.lanes)) - 1
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run_extra_worker(pool), name="worker") for _ in range(others)]
        outcome = await _first_hand(pool)
        pool.ending = pool.ending or not isinstance(outcome, Done)
    if pool.journal_error is not None:
        raise pool.journal_error
    return _worst([outcome, *(task.result() for task in tasks)])


async def _first_hand(pool: _WorkerPool) -> Outcome:
    """The working session's share."""
    work = pool.work
    try:
        return await _run_worker(pool, Worker(work, pool.bulk_plan, work.connection))
    except psycopg.Error as error:
        return refused(error, work)
    except JournalError as error:
        return pool.without_journal(error)


def _worst(outcomes: list[Outcome]) -> Outcome:
    """What the step came to: a lost session before a failure, a failure before a stop, a stop before success."""
    for kind in (LinkLost, Failed, Held):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Done()


async def _run_extra_worker(pool: _WorkerPool) -> Outcome:
    """A session of its own, opened for the step and closed with it; without one the others do its share."""
    work = pool.work
    try:
        connection = await work.host.open_worker()
    except (TargetError, psycopg.Error):
        return Done()
    work.beside.append(connection)
    try:
        async with set_up(work, connection):
            return await _run_worker(pool, Worker(work, pool.bulk_plan, connection, first=False))
    except psycopg.Error as error:
        pool.ending = True
        return half_way(pool, refused(error, work, connection=connection))
    except JournalError as error:
        return pool.without_journal(error)
    finally:
        work.beside.remove(connection)
        with contextlib.suppress(psycopg.Error, OSError):
            await connection.close()


async def _run_worker(pool: _WorkerPool, worker: Worker) -> Outcome:
    """Lane after lane, until none is left, somebody asks for a stop, or something is wrong."""
    while not pool.finished and not pool.ending:
        lane = pool.next_lane()
        if lane is None:
            if pool.work.control.stop is not None or await pool.work.control.sleep(ROOM_AGAIN):
                break
            continue
        pool.taken.add(lane.checkpoint.lane)
        try:
            outcome = await _walk(pool, worker, lane)
        finally:
            pool.taken.discard(lane.checkpoint.lane)
        if not isinstance(outcome, Done):
            pool.ending = True
            return outcome
    return pool.work.stopped() or Done()


async def _walk(pool: _WorkerPool, worker: Worker, lane: Lane) -> Outcome:
    while not lane.finished and not pool.ending:
        if held := pool.work.stopped():
            return held
        if not worker.first and await _waits_for_room(pool):
            continue
        began = time.monotonic()
        try:
            changed = await _batch(pool, worker, lane)
            worker.number = 1
        except psycopg.Error as error:
            outcome = await _after_error(pool, worker, lane, error, time.monotonic() - began)
            if outcome is not None:
                return outcome
            worker.number += 1
        except (TooManyRefused, TargetError) as error:
            return half_way(pool, Failed(str(error)))
        else:
            seconds = time.monotonic() - began
            pool.reporter.batch(lane, changed, seconds)
            if held := await worker.rest(seconds):
                return held
            await pool.reporter.estimate(worker, lane)
    return Done()


async def _batch(pool: _WorkerPool, worker: Worker, lane: Lane) -> int:
    await vacuum_if_due(worker, lane)
    match lane.way:
        case ScanMethod.KEY | ScanMethod.SECOND_PASS:
            return await next_by_key(worker, lane)
        case ScanMethod.KEY_STRIPES:
            return await next_by_key_stripe(worker, lane, min(MOST_KEY_STRIPES, await _stripes(pool, worker, lane)))
        case ScanMethod.PAGE:
            stripes = await _stripes(pool, worker, lane)
            return await next_by_page(worker, lane, stripes, SLICES if pool.work.beside and stripes > 1 else 1)
        case ScanMethod.SWEEP_KEY:
            return await next_swept_by_key(worker, lane)
        case ScanMethod.SWEEP_PAGE:
            return await next_swept_by_page(worker, lane)
        case _ as never:
            assert_never(never)


async def _stripes(pool: _WorkerPool, worker: Worker, lane: Lane) -> int:
    """As many as suit the table; one while somebody keeps changed rows from being pruned."""
    await pool.pruning.look(worker)
    pool.reporter.spoiled = "" if pool.pruning.snapshot_holder is None else str(pool.pruning.snapshot_holder)
    return 1 if pool.pruning.snapshot_holder else stripes_of(lane.part)


async def _waits_for_room(pool: _WorkerPool) -> bool:
    """Whether a session beside the working one is to rest, because something holds the speed down."""
    throttling = pool.work.throttling
    if throttling is None or not throttling.speed.reason:
        return False
    await pool.work.control.sleep(ROOM_AGAIN)
    return True


async def _after_error(
    pool: _WorkerPool, worker: Worker, lane: Lane | None, error: psycopg.Error, waited: float
) -> Outcome | None:
    """None: nothing of the batch remains, and a smaller one is tried again; or its partition is gone, and that is all.

    `lane`: None where it was the closing look, or the work on what that found.
    """
    work = pool.work
    outcome = half_way(pool, refused(error, work, connection=worker.connection))
    if isinstance(outcome, LinkLost):
        return outcome
    if error.sqlstate in OF_A_LOST_PART and await _parts_are_gone(pool, worker):
        return None
    if error.sqlstate == QUERY_CANCELED and (held := work.stopped()):
        return held
    timed_out = error.sqlstate == QUERY_CANCELED and isinstance(outcome, Failed)
    let_go = error.sqlstate == QUERY_CANCELED and work.control.let_go is not None and work.control.cancelled is None
    if not (timed_out or let_go or error.sqlstate in RETRIED_SQLSTATES):
        return outcome
    tries = 1 + work.step.limits.retries
    if lane is not None:
        lane.size, lane.pages, lane.look = halved(lane.size), fewer_pages(lane.pages), halved(lane.look)
        lane.stretch, lane.divided = None, True
    if error.sqlstate == MOVED_AWAY:
        tries = max(tries, MOVED_TRIES)
    held = await try_again(work, error, worker.number, tries, waited, remains="what is done stays done")
    work.control.let_go = None
    return held


async def _parts_are_gone(pool: _WorkerPool, worker: Worker) -> bool:
    """Whether a partition that had lanes left is no part of the table any more; those lanes are over."""
    try:
        there = {part.table for part in await read_parts(worker.connection, pool.bulk_plan)}
    except (psycopg.Error, TargetError):
        return False
    gone = [lane for lane in pool.bulk_plan.lanes if not lane.finished and lane.table not in there]
    for lane in gone:
        lane.gone = True
    return bool(gone)


def half_way(pool: _WorkerPool, outcome: Outcome) -> Outcome:
    """A failure after which what is done stays done, and going on begins there."""
    if not isinstance(outcome, Failed):
        return outcome
    some = any(lane.checkpoint.batches for lane in pool.bulk_plan.lanes)
    return replace(outcome, applied=some, partial=some)
