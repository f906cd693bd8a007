"""A backfill or copy: its lanes walked by one session or several, batch by batch, until all are done or one must stop.

Crash points: a batch's rows and its lane's checkpoint are one transaction, so that at any moment the checkpoints say
exactly which rows are done. Sweeps begin when nothing is left to change by page. Another session of ours that is in the
middle of a batch while the working one is lost can do no harm: its checkpoint is where it left it, or the batch fails.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import CopyAction
from zdtui.run.bulk.bisect import TooManyRefused
from zdtui.run.bulk.by_key import next_by_key
from zdtui.run.bulk.by_key_stripe import MOST_KEY_STRIPES, next_by_key_stripe
from zdtui.run.bulk.by_page import next_by_page
from zdtui.run.bulk.closing_copy import close_copy
from zdtui.run.bulk.closing_look import Closing, Round
from zdtui.run.bulk.progress_reporter import Telling
from zdtui.run.bulk.pruning_horizon import Pruning
from zdtui.run.bulk.ranges.batch_size import halved
from zdtui.run.bulk.ranges.begin import Course, begin, read_parts
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.scan_method import SWEEPS, Action, Way
from zdtui.run.bulk.ranges.stripes import SLICES, stripes_of
from zdtui.run.bulk.ranges.stripes import halved as fewer_pages
from zdtui.run.bulk.recheck import next_swept_by_key, next_swept_by_page
from zdtui.run.bulk.vacuum import vacuum_if_due
from zdtui.run.bulk.worker import Hand, set_up
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
class _Crew:
    """The sessions that walk the lanes."""

    work: Work
    course: Course
    telling: Telling
    pruning: Pruning
    taken: set[int] = field(default_factory=set)
    """Lanes that a session has in hand."""
    ending: bool = False
    """One of the sessions could not go on: the others stop after their batch."""

    def next_lane(self) -> Lane | None:
        """The next one that nobody walks; a sweep only when nothing else is left to change."""
        waiting = [lane for lane in self.course.lanes if not lane.finished]
        changing = [lane for lane in waiting if lane.way not in SWEEPS]
        for lane in changing or waiting:
            if lane.checkpoint.lane not in self.taken:
                return lane
        return None

    @property
    def finished(self) -> bool:
        """Whether every lane is done."""
        return all(lane.finished for lane in self.course.lanes)


async def perform_batches(work: Work, action: Action) -> Outcome:
    """Walk the table from the checkpoints to the end, or to the next batch boundary after somebody asks for a stop."""
    try:
        async with set_up(work, work.connection):
            course = await begin(work, action)
            crew = _Crew(work, course, Telling(work, course), Pruning(work))
            crew.telling.show(None, 0.0, 0)
            try:
                return await _to_the_end(crew)
            finally:
                await crew.telling.end()
    except TargetError as error:
        return Failed(str(error))
    except psycopg.Error as error:
        return refused(error, work)


async def _to_the_end(crew: _Crew) -> Outcome:
    """Walk all lanes, then look at the whole; again with the lanes of what came meanwhile, until nothing is left."""
    while True:
        outcome = await _all_hands(crew)
        if not isinstance(outcome, Done):
            return outcome
        looks = _look_at_the_copy if isinstance(crew.course.action, CopyAction) else _look_at_the_whole
        ended = await looks(crew)
        if ended is not None:
            return ended


async def _look_at_the_copy(crew: _Crew) -> Outcome | None:
    """None: there are new lanes to walk."""
    try:
        return await close_copy(Hand(crew.work, crew.course, crew.work.connection))
    except (TooManyRefused, TargetError) as error:
        return half_way(crew, Failed(str(error)))


async def _look_at_the_whole(crew: _Crew) -> Outcome | None:
    """None: there are new lanes to walk."""
    work, hand = crew.work, Hand(crew.work, crew.course, crew.work.connection)
    closing = Closing(hand, crew.telling)
    while (held := work.stopped()) is None:
        began = time.monotonic()
        try:
            came_to = await closing.round()
            hand.number = 1
        except psycopg.Error as error:
            outcome = await _after_error(crew, hand, None, error, time.monotonic() - began)
            if outcome is not None:
                return outcome
            hand.number += 1
            continue
        except (TooManyRefused, TargetError) as error:
            return half_way(crew, Failed(str(error)))
        match came_to:
            case Round.AGAIN:
                continue
            case Round.WALK:
                return None
            case Round.PROVED | Round.UNTOLD:
                work.note = " · ".join(each for each in (work.note.strip(), closing.note(came_to)) if each)
                return Done()
            case _:
                return came_to
    return held


async def _all_hands(crew: _Crew) -> Outcome:
    """The working session and as many others as the plan asks for and the server lets in."""
    others = min(crew.course.action.tuning.workers, sum(not lane.finished for lane in crew.course.lanes)) - 1
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_other_hand(crew), name="worker") for _ in range(others)]
        outcome = await _first_hand(crew)
        crew.ending = crew.ending or not isinstance(outcome, Done)
    return _worst([outcome, *(task.result() for task in tasks)])


async def _first_hand(crew: _Crew) -> Outcome:
    """The working session's share."""
    work = crew.work
    try:
        return await _one_hand(crew, Hand(work, crew.course, work.connection))
    except psycopg.Error as error:
        return refused(error, work)


def _worst(outcomes: list[Outcome]) -> Outcome:
    """What the step came to: a lost session before a failure, a failure before a stop, a stop before success."""
    for kind in (LinkLost, Failed, Held):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Done()


async def _other_hand(crew: _Crew) -> Outcome:
    """A session of its own, opened for the step and closed with it; without one the others do its share."""
    work = crew.work
    try:
        connection = await work.host.open_worker()
    except (TargetError, psycopg.Error):
        return Done()
    work.beside.append(connection)
    try:
        async with set_up(work, connection):
            return await _one_hand(crew, Hand(work, crew.course, connection, first=False))
    except psycopg.Error as error:
        crew.ending = True
        return half_way(crew, refused(error, work, connection=connection))
    finally:
        work.beside.remove(connection)
        with contextlib.suppress(psycopg.Error, OSError):
            await connection.close()


async def _one_hand(crew: _Crew, hand: Hand) -> Outcome:
    """Lane after lane, until none is left, somebody asks for a stop, or something is wrong."""
    while not crew.finished and not crew.ending:
        lane = crew.next_lane()
        if lane is None:
            if crew.work.control.stop is not None or await crew.work.control.sleep(ROOM_AGAIN):
                break
            continue
        crew.taken.add(lane.checkpoint.lane)
        try:
            outcome = await _walk(crew, hand, lane)
        finally:
            crew.taken.discard(lane.checkpoint.lane)
        if not isinstance(outcome, Done):
            crew.ending = True
            return outcome
    return crew.work.stopped() or Done()


async def _walk(crew: _Crew, hand: Hand, lane: Lane) -> Outcome:
    while not lane.finished and not crew.ending:
        if held := crew.work.stopped():
            return held
        if not hand.first and await _waits_for_room(crew):
            continue
        began = time.monotonic()
        try:
            changed = await _batch(crew, hand, lane)
            hand.number = 1
        except psycopg.Error as error:
            outcome = await _after_error(crew, hand, lane, error, time.monotonic() - began)
            if outcome is not None:
                return outcome
            hand.number += 1
        except (TooManyRefused, TargetError) as error:
            return half_way(crew, Failed(str(error)))
        else:
            seconds = time.monotonic() - began
            crew.telling.batch(lane, changed, seconds)
            if held := await hand.rest(seconds):
                return held
            await crew.telling.estimate(hand, lane)
    return Done()


async def _batch(crew: _Crew, hand: Hand, lane: Lane) -> int:
    await vacuum_if_due(hand, lane)
    match lane.way:
        case Way.KEY | Way.SECOND_PASS:
            return await next_by_key(hand, lane)
        case Way.KEY_STRIPES:
            return await next_by_key_stripe(hand, lane, min(MOST_KEY_STRIPES, await _stripes(crew, hand, lane)))
        case Way.PAGE:
            stripes = await _stripes(crew, hand, lane)
            return await next_by_page(hand, lane, stripes, SLICES if crew.work.beside and stripes > 1 else 1)
        case Way.SWEEP_KEY:
            return await next_swept_by_key(hand, lane)
        case Way.SWEEP_PAGE:
            return await next_swept_by_page(hand, lane)


async def _stripes(crew: _Crew, hand: Hand, lane: Lane) -> int:
    """As many as suit the table; one while somebody keeps changed rows from being pruned."""
    await crew.pruning.look(hand)
    crew.telling.spoiled = "" if crew.pruning.spoiler is None else str(crew.pruning.spoiler)
    return 1 if crew.pruning.spoiler else stripes_of(lane.part)


async def _waits_for_room(crew: _Crew) -> bool:
    """Whether a session beside the working one is to rest, because something holds the speed down."""
    throttling = crew.work.throttling
    if throttling is None or not throttling.speed.reason:
        return False
    await crew.work.control.sleep(ROOM_AGAIN)
    return True


async def _after_error(
    crew: _Crew, hand: Hand, lane: Lane | None, error: psycopg.Error, waited: float
) -> Outcome | None:
    """None: nothing of the batch remains, and a smaller one is tried again; or its partition is gone, and that is all.

    `lane`: None where it was the closing look, or the work on what that found.
    """
    work = crew.work
    outcome = half_way(crew, refused(error, work, connection=hand.connection))
    if isinstance(outcome, LinkLost):
        return outcome
    if error.sqlstate in OF_A_LOST_PART and await _parts_are_gone(crew, hand):
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
    held = await try_again(work, error, hand.number, tries, waited, remains="what is done stays done")
    work.control.let_go = None
    return held


async def _parts_are_gone(crew: _Crew, hand: Hand) -> bool:
    """Whether a partition that had lanes left is no part of the table any more; those lanes are over."""
    try:
        there = {part.table for part in await read_parts(hand.connection, crew.course)}
    except (psycopg.Error, TargetError):
        return False
    gone = [lane for lane in crew.course.lanes if not lane.finished and lane.table not in there]
    for lane in gone:
        lane.gone = True
    return bool(gone)


def half_way(crew: _Crew, outcome: Outcome) -> Outcome:
    """A failure after which what is done stays done, and going on begins there."""
    if not isinstance(outcome, Failed):
        return outcome
    some = any(lane.checkpoint.batches for lane in crew.course.lanes)
    return replace(outcome, applied=some, partial=some)
