"""A backfill or copy: its lanes walked by one session or several, batch by batch, until all are done or one must stop.

Crash points: a batch's rows and its lane's checkpoint are one transaction, so that at any moment the checkpoints say
exactly which rows are done. Sweeps begin when nothing is left to change by page. Another session of ours that is in the
middle of a batch while the working one is lost can do no harm: its checkpoint is where it left it, or the batch fails.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import CopyAction
from zdtui.run.batch import halved
from zdtui.run.batches.begin import Course, begin
from zdtui.run.batches.by_key import next_by_key
from zdtui.run.batches.by_key_stripe import MOST_KEY_STRIPES, next_by_key_stripe
from zdtui.run.batches.by_page import next_by_page
from zdtui.run.batches.closing_copy import close_copy
from zdtui.run.batches.hand import Hand, set_up
from zdtui.run.batches.lane import Lane
from zdtui.run.batches.rejecting import TooManyRefused
from zdtui.run.batches.snapshots import Pruning
from zdtui.run.batches.stripes import SLICES, stripes_of
from zdtui.run.batches.stripes import halved as fewer_pages
from zdtui.run.batches.sweep import next_swept_by_key, next_swept_by_page
from zdtui.run.batches.telling import Telling
from zdtui.run.batches.vacuum import vacuum_if_due
from zdtui.run.batches.way import SWEEPS, Action, Way
from zdtui.run.outcome import Done, Failed, Held, LinkLost, Outcome
from zdtui.run.perform_transaction import try_again
from zdtui.run.retry import RETRIED_SQLSTATES
from zdtui.run.work import Work, refused

QUERY_CANCELED = "57014"
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
    """Every lane, and the proof that nothing was left out; once more where partitions have come meanwhile."""
    while True:
        outcome = await _all_hands(crew)
        if not isinstance(outcome, Done) or not isinstance(crew.course.action, CopyAction):
            return outcome
        try:
            closed = await close_copy(Hand(crew.work, crew.course, crew.work.connection))
        except (TooManyRefused, TargetError) as error:
            return Failed(str(error), applied=True)
        if closed is not None:
            return closed


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
    if work.another is None:
        return Done()
    try:
        connection = await work.another()
    except (TargetError, psycopg.Error):
        return Done()
    work.beside.append(connection)
    try:
        async with set_up(work, connection):
            return await _one_hand(crew, Hand(work, crew.course, connection, first=False))
    except psycopg.Error as error:
        crew.ending = True
        return refused(error, work, applied=True)
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
            return Failed(str(error), applied=any(each.checkpoint.batches for each in crew.course.lanes))
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


async def _after_error(crew: _Crew, hand: Hand, lane: Lane, error: psycopg.Error, waited: float) -> Outcome | None:
    """None: nothing of the batch remains, and a smaller one is tried again."""
    work, connection = crew.work, hand.connection
    if connection.broken or connection.closed:
        return LinkLost(str(error).strip() or "the session of a worker is gone")
    outcome = refused(error, work, applied=any(each.checkpoint.batches for each in crew.course.lanes))
    timed_out = error.sqlstate == QUERY_CANCELED and isinstance(outcome, Failed)
    let_go = error.sqlstate == QUERY_CANCELED and work.control.let_go is not None and work.control.cancelled is None
    if not (timed_out or let_go or error.sqlstate in RETRIED_SQLSTATES):
        return outcome
    lane.size, lane.pages, lane.look, lane.stretch = halved(lane.size), fewer_pages(lane.pages), halved(lane.look), None
    lane.divided = True
    held = await try_again(work, error, hand.number, 1 + work.step.limits.retries, waited)
    work.control.let_go = None
    return held
