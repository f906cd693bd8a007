"""Backfill and copy: keyset batches, each committed together with its checkpoint.

Crash points: a batch's rows and its checkpoint are one transaction, so that at any moment the checkpoint says
exactly which rows are done. The end of the walk is fixed when the step begins: rows that come later are the
dual-write's, and the step's verify proves it.
"""

import time
from dataclasses import dataclass, field, replace

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction
from zdtui.postgres import keyset
from zdtui.postgres.ask import change
from zdtui.postgres.keyset import Bounds, Key
from zdtui.run import events as e
from zdtui.run import journal
from zdtui.run.batch import BatchSize, first_size, halved, next_size
from zdtui.run.journal import Checkpoint
from zdtui.run.outcome import Done, Failed, Held, Outcome
from zdtui.run.pace import Pace, advance, eta, share_done
from zdtui.run.perform_transaction import try_again
from zdtui.run.retry import RETRIED_SQLSTATES
from zdtui.run.snapshot import BatchProgress, Doing
from zdtui.run.work import Work, refused

REPORT_EVERY = 5.0
"""Seconds between two BatchesDone events: the journal tells the story, the checkpoint keeps the place."""
QUERY_CANCELED = "57014"

BatchAction = BackfillAction | CopyAction


@dataclass
class _Walk:
    """Where the walk is. Everything here can be had again from the checkpoint."""

    action: BatchAction
    table: str
    key: Key
    checkpoint: Checkpoint
    size: BatchSize
    low: int | None = None
    estimate: int | None = None
    walked: int = 0
    pace: Pace = field(default_factory=Pace)
    reported_at: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> bool:
        return self.checkpoint.upto is None or self.checkpoint.position == self.checkpoint.upto

    @property
    def fraction(self) -> float | None:
        """The share done, by key range for integer keys; None where nothing honest can be said."""
        if self.finished:
            return 1.0
        position, upto = self.checkpoint.position, self.checkpoint.upto
        if self.low is None or upto is None:
            return None
        return 0.0 if position is None else share_done(self.low, int(upto[0]), int(position[0]))


async def perform_batches(work: Work, action: BatchAction) -> Outcome:
    """Walk the table from the checkpoint to the end, or to the next batch boundary after somebody asks for a stop."""
    try:
        walk = await _begin(work, action)
    except TargetError as error:
        return Failed(str(error))
    except psycopg.Error as error:
        return refused(error, work)
    _show(work, walk, 0.0, 0.0)
    outcome = await _walk(work, walk)
    if walk.checkpoint.batches:
        _report(work, walk)
    return outcome


async def _begin(work: Work, action: BatchAction) -> _Walk:
    connection, run, step = work.connection, work.recorder.run, work.step.id
    table = action.table if isinstance(action, BackfillAction) else action.source
    await _limits(work)
    key = await keyset.find_key(connection, table, action.key)
    checkpoint = await journal.read_checkpoint(connection, run, step)
    if checkpoint is None:
        upto = await keyset.last_key(connection, table, key)
        checkpoint = await journal.begin_checkpoint(connection, run, step, upto)
    first = await keyset.first_key(connection, table, key) if key.is_integer else None
    return _Walk(
        action=action,
        table=table,
        key=key,
        checkpoint=checkpoint,
        size=first_size(action.tuning),
        low=None if first is None else int(first[0]),
        estimate=await keyset.row_estimate(connection, table),
    )


async def _limits(work: Work) -> None:
    """For the whole session, to save a round trip a batch; every other statement sets its own."""
    limits = work.step.limits
    for name, duration in (("lock_timeout", limits.lock_timeout), ("statement_timeout", limits.statement_timeout)):
        value = f"{round(duration.total_seconds() * 1000)}ms"
        await work.connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [name, value])
    await work.connection.execute("SET plan_cache_mode = force_custom_plan")


async def _walk(work: Work, walk: _Walk) -> Outcome:
    tries = 1 + work.step.limits.retries
    number = 1
    while not walk.finished:
        if held := work.stopped():
            return held
        began = time.monotonic()
        try:
            await _batch(work, walk)
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


async def _batch(work: Work, walk: _Walk) -> None:
    upto = walk.checkpoint.upto
    assert upto is not None
    began = time.monotonic()
    before = walk.checkpoint
    end, last = await keyset.batch_end(work.connection, walk.table, walk.key, before.position, upto, walk.size.rows)
    bounds = Bounds(before.position, end)
    work.activity = replace(work.activity, statement_since=time.monotonic())
    async with work.connection.transaction():
        rows, rejected = await _change(work, walk, bounds)
        after = Checkpoint(end, upto, before.batches + 1, before.rows + rows, before.rejected + rejected)
        await journal.move_checkpoint(work.connection, work.recorder.run, work.step.id, before, after)
    seconds = time.monotonic() - began
    fraction_before = walk.fraction
    walk.checkpoint = after
    share = 0.0 if walk.fraction is None or fraction_before is None else walk.fraction - fraction_before
    walk.pace = advance(walk.pace, rows, share, seconds)
    if not last:
        walk.walked += walk.size.rows
        walk.size = next_size(walk.size, walk.size.rows, seconds, walk.action.tuning)
    _show(work, walk, seconds, rows)
    if time.monotonic() - walk.reported_at >= REPORT_EVERY:
        _report(work, walk)


async def _change(work: Work, walk: _Walk, bounds: Bounds) -> tuple[int, int]:
    """Rows changed and rows rejected by one batch."""
    action, connection = walk.action, work.connection
    if isinstance(action, BackfillAction):
        return await change(connection, keyset.backfill_sql(action, walk.key, bounds), bounds.parameters), 0
    rejected = 0
    if action.valid:
        names = [name for name, _ in action.valid]
        parameters = [str(work.recorder.run), work.step.id, *names, *bounds.parameters]
        rejected = await change(connection, keyset.reject_sql(action, walk.key, bounds), parameters)
    return await change(connection, keyset.copy_sql(action, walk.key, bounds), bounds.parameters), rejected


async def _after_error(
    work: Work, walk: _Walk, error: psycopg.Error, number: int, tries: int, waited: float
) -> Outcome | None:
    """None: nothing of the batch remains, and a smaller one is tried again."""
    outcome = refused(error, work, applied=walk.checkpoint.batches > 0)
    timed_out = error.sqlstate == QUERY_CANCELED and isinstance(outcome, Failed)
    if work.connection.broken or not (timed_out or error.sqlstate in RETRIED_SQLSTATES):
        return outcome
    walk.size = halved(walk.size)
    return await try_again(work, error, number, tries, waited)


async def _rest(work: Work, walk: _Walk, worked: float) -> Held | None:
    tuning: BatchTuning = walk.action.tuning
    while True:
        pause = work.rest(worked)
        if pause.throttled:
            work.show(Doing.THROTTLED, reason=pause.reason)
        seconds = pause.seconds if pause.throttled else pause.seconds + tuning.batch_pause.total_seconds()
        if await work.control.sleep(seconds):
            return work.stopped()
        walk.pace = advance(walk.pace, 0, 0.0, seconds)
        if not pause.throttled:
            return None


def _show(work: Work, walk: _Walk, seconds: float, rows: float) -> None:
    checkpoint, fraction = walk.checkpoint, walk.fraction
    work.show(
        Doing.WORKING_BATCHES,
        reason="",
        progress=BatchProgress(
            rows=checkpoint.rows,
            rejected=checkpoint.rejected,
            batches=checkpoint.batches,
            fraction=fraction,
            total_estimate=None if walk.action.where else walk.estimate,
            rows_per_second=walk.pace.rows_per_second,
            batch_rows=walk.size.rows,
            batch_seconds=seconds,
            eta=eta(walk.pace, fraction, checkpoint.batches),
        ),
    )


def _report(work: Work, walk: _Walk) -> None:
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
