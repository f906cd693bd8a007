"""Comparing two sides chunk by chunk: resumable, throttled like a backfill, and reading only.

Crash points: a chunk's checkpoint is written after it was compared, so that a chunk is compared twice at worst; what
was found to differ is counted in the checkpoint and its keys are in the journal. Keys that differ are looked at again
after RECHECK seconds before they are believed: an application that writes both sides in two transactions is between
them for a moment.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import psycopg

from zdtui.counted import counted
from zdtui.errors import TargetError
from zdtui.plan.model import CompareAction
from zdtui.postgres import keyset
from zdtui.postgres.compare import (
    Chunk,
    Compared,
    Comparison,
    Difference,
    chunk_end,
    compare,
    find_extras,
    prepare,
    prove_keys,
)
from zdtui.run.bulk.ranges.batch_size import BatchSize, first_size, halved, next_size
from zdtui.run.bulk.ranges.progress_history import Pace, advance, eta, share_done
from zdtui.run.execute.long_look import long_look
from zdtui.run.execute.pacing import Resting
from zdtui.run.execute.round_trip import at_the_server, set_for_session
from zdtui.run.execute.timeouts import timeouts
from zdtui.run.execute.transaction import try_again
from zdtui.run.execute.work import Work, refused
from zdtui.run.journal import store as journal
from zdtui.run.journal.store import Checkpoint
from zdtui.run.locks.retry import RETRIED_SQLSTATES
from zdtui.run.model import events as e
from zdtui.run.model.activity import BatchProgress, Doing
from zdtui.run.model.outcome import Done, Failed, Held, Outcome
from zdtui.run.preflight.whole_table import refuse_unless_whole
from zdtui.sql.statement import StatementClass
from zdtui.steps.kind import Use

RECHECK = 0.5
REPORT_EVERY = 5.0
"""Seconds between two BatchesDone events."""
NAMED = 5
"""Keys named in the sentence of a failure; the journal has more of them."""
BETWEEN_PASSES = 1.0
FIND_AND_COMPARE = 2
"""Journeys to the server of a chunk in which nothing differs."""
QUERY_CANCELED = "57014"


@dataclass
class _Pass:
    """Where one pass over the source is."""

    comparison: Comparison
    checkpoint: Checkpoint
    size: BatchSize
    low: int | None = None
    number: int = 1
    ended: bool = False
    found: list[Difference] = field(default_factory=list)
    pace: Pace = field(default_factory=Pace)
    resting: Resting = field(default_factory=Resting)
    reported_at: float = field(default_factory=time.monotonic)

    @property
    def fraction(self) -> float | None:
        """The share done, by key range for integer keys; None where nothing honest can be said."""
        if self.ended:
            return 1.0
        position, upto = self.checkpoint.position, self.checkpoint.upto
        if self.low is None or upto is None:
            return None
        return 0.0 if position is None else min(1.0, share_done(self.low, int(upto[0]), int(position[0])))


async def perform_compare(work: Work, action: CompareAction) -> Outcome:
    """Done when every row is the same on both sides; Failed with the first keys when some are not."""
    began = work.state.started_at or datetime.now(UTC)
    number = 1
    while True:
        try:
            walk = await _begin(work, action, number)
        except TargetError as error:
            return Failed(str(error))
        except psycopg.Error as error:
            return refused(error, work)
        outcome = await _walk(work, walk)
        if isinstance(outcome, Done):
            outcome = await _closing_look(work, walk)
        _report(work, walk)
        if not isinstance(outcome, Done):
            return outcome
        if walk.checkpoint.rejected:
            await _forget(work)
            return Failed(_sentence(walk))
        if action.watch is None or datetime.now(UTC) - began >= action.watch:
            return outcome
        await _forget(work)
        if await work.control.sleep(BETWEEN_PASSES) and (held := work.stopped()):
            return held
        number += 1


async def _begin(work: Work, action: CompareAction, number: int) -> _Pass:
    connection, run, step = work.connection, work.recorder.run, work.step.id
    await set_for_session(work, connection, timeouts(StatementClass.DML, work.step.limits).settings())
    await refuse_unless_whole(connection, [action.source, action.into], Use.READ)
    comparison = await prepare(connection, action)
    key = comparison.key
    checkpoints = await journal.read_checkpoints(connection, run, step)
    if checkpoints:
        checkpoint = checkpoints[0]
    else:
        checkpoint = Checkpoint(position=None, upto=await keyset.last_key(connection, comparison.from_table, key))
        await journal.begin_checkpoint(connection, run, step, checkpoint)
    first = await keyset.first_key(connection, comparison.from_table, key) if key.is_integer else None
    low = None if first is None else int(first[0])
    return _Pass(comparison, checkpoint, first_size(action.tuning), low, number)


async def _walk(work: Work, walk: _Pass) -> Outcome:
    tries, number = 1 + work.step.limits.retries, 1
    while not walk.ended:
        if held := work.stopped():
            return held
        began = time.monotonic()
        try:
            await _chunk(work, walk)
            number = 1
        except psycopg.Error as error:
            outcome = await _after_error(work, walk, error, number, tries, time.monotonic() - began)
            if outcome is not None:
                return outcome
            number += 1
        else:
            if held := await _rest(work, walk, time.monotonic() - began):
                return held
    return Done()


async def _chunk(work: Work, walk: _Pass) -> None:
    began, before = time.monotonic(), walk.checkpoint
    work.activity = replace(work.activity, statement_since=began)
    end = await chunk_end(work.connection, walk.comparison, before.position, walk.size.rows)
    chunk = Chunk(before.position, end)
    compared = await compare(work.connection, walk.comparison, chunk)
    seconds = time.monotonic() - began
    if compared.differing:
        compared = await _look_again(work, compared, partial(compare, work.connection, walk.comparison, chunk))
    after = replace(
        before,
        position=end if end is not None else before.upto,
        batches=before.batches + 1,
        rows=before.rows + compared.rows,
        rejected=before.rejected + compared.differing,
    )
    await journal.move_checkpoint(work.connection, work.recorder.run, work.step.id, before, after)
    fraction = walk.fraction
    walk.checkpoint, walk.ended = after, end is None
    walk.found.extend(compared.differences)
    share = 0.0 if walk.fraction is None or fraction is None else walk.fraction - fraction
    walk.pace = advance(walk.pace, compared.rows, share, seconds)
    if end is not None:
        at_work = at_the_server(work, seconds, FIND_AND_COMPARE)
        walk.size = next_size(walk.size, walk.size.rows, at_work, walk.comparison.action.tuning)
    _show(work, walk, seconds)
    if time.monotonic() - walk.reported_at >= REPORT_EVERY:
        _report(work, walk)


async def _closing_look(work: Work, walk: _Pass) -> Outcome:
    """What no chunk shows: keys of the source that are null, and rows of the target that are in no stretch of it."""
    comparison = walk.comparison
    try:
        await prove_keys(work.connection, comparison)
        if comparison.by_range or comparison.same_table:
            return Done()
        work.show(Doing.WORKING_BATCHES, reason="looking for rows that only the target has")
        look = partial(_extras, work, comparison)
        if (found := await look()).differing:
            found = await _look_again(work, found, look)
        if found.differing:
            await _keep_extras(work, walk, found)
    except TargetError as error:
        return Failed(str(error))
    except psycopg.errors.QueryCanceled as error:
        return work.stopped() or refused(error, work)
    except psycopg.Error as error:
        return refused(error, work)
    return Done()


async def _extras(work: Work, comparison: Comparison) -> Compared:
    async with long_look(work, work.connection):
        return await find_extras(work.connection, comparison)


async def _keep_extras(work: Work, walk: _Pass, found: Compared) -> None:
    before = walk.checkpoint
    after = replace(before, batches=before.batches + 1, rejected=before.rejected + found.differing)
    await journal.move_checkpoint(work.connection, work.recorder.run, work.step.id, before, after)
    walk.checkpoint = after
    walk.found.extend(found.differences)


async def _look_again(work: Work, first: Compared, look: Callable[[], Awaitable[Compared]]) -> Compared:
    """Only what still differs a moment later does differ."""
    await asyncio.sleep(RECHECK)
    second = await look()
    seen = {each.key for each in first.differences}
    all_listed = first.differing == len(first.differences) and second.differing == len(second.differences)
    kept = tuple(each for each in second.differences if each.key in seen) if all_listed else second.differences
    differing = len(kept) if all_listed else second.differing
    if differing:
        keys = tuple(str(each) for each in kept)
        work.recorder.note(e.DriftFound(step=work.step.id, differing=differing, keys=keys))
    return Compared(second.rows, differing, kept)


async def _after_error(
    work: Work, walk: _Pass, error: psycopg.Error, number: int, tries: int, waited: float
) -> Outcome | None:
    outcome = refused(error, work)
    timed_out = error.sqlstate == QUERY_CANCELED and isinstance(outcome, Failed)
    if work.connection.broken or not (timed_out or error.sqlstate in RETRIED_SQLSTATES):
        return outcome
    walk.size = halved(walk.size)
    return await try_again(work, error, number, tries, waited)


async def _rest(work: Work, walk: _Pass, worked: float) -> Held | None:
    began = time.monotonic()
    held = await walk.resting.after(work, worked, walk.comparison.action.tuning.batch_pause)
    walk.pace = advance(walk.pace, 0, 0.0, time.monotonic() - began)
    return held


async def _forget(work: Work) -> None:
    """Nothing is changed by a comparison, so that the next one begins at the first row again."""
    await journal.forget_progress(work.connection, work.recorder.run, work.step.id)


def _sentence(walk: _Pass) -> str:
    action, count = walk.comparison.action, walk.checkpoint.rejected
    named = ", ".join(str(each) for each in walk.found[:NAMED])
    more = f" and {count - NAMED} more (the log has their keys)" if count > NAMED else ""
    side = "" if walk.comparison.same_table else f" of {action.into}"
    rows, verb = counted(walk.checkpoint.rows, "row"), "is" if count == 1 else "are"
    return f"{count} of {rows}{side} {verb} not what {action.source} says: {named}{more}"


def _show(work: Work, walk: _Pass, seconds: float) -> None:
    checkpoint, fraction = walk.checkpoint, walk.fraction
    work.show(
        Doing.WORKING_BATCHES,
        reason=f"pass {walk.number}" if walk.number > 1 else "",
        progress=BatchProgress(
            rows=checkpoint.rows,
            rejected=checkpoint.rejected,
            batches=checkpoint.batches,
            fraction=fraction,
            rows_per_second=walk.pace.rows_per_second,
            batch_rows=walk.size.rows,
            batch_seconds=seconds,
            eta=eta(walk.pace, fraction, checkpoint.batches),
        ),
    )


def _report(work: Work, walk: _Pass) -> None:
    walk.reported_at = time.monotonic()
    checkpoint = walk.checkpoint
    work.recorder.note(
        e.BatchesDone(
            step=work.step.id,
            batches=checkpoint.batches,
            rows=checkpoint.rows,
            rejected=checkpoint.rejected,
            fraction=walk.fraction,
        )
    )
