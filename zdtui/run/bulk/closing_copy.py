"""The closing look of a copy: one snapshot of both sides proves that each source row is in the target or stands aside.

What it finds is worked on row by row: rows that moved to another partition, that a rule of the plan judged anew, that
somebody deleted from the target, that a trigger has kept out or given another key. A row that is found again and again
is named, and the step is not done.

Crash points: the look writes nothing and is made again after a crash; each repair is a transaction with its checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres import keyset
from zdtui.postgres.copied import Copying
from zdtui.postgres.keyset import KeyValue, key_text
from zdtui.postgres.rejected import unexplained_sql
from zdtui.postgres.sessions.authors import ask_as_author
from zdtui.postgres.walked import Part
from zdtui.run.bulk import rejected_rows
from zdtui.run.bulk.bisect import Refused, TooManyRefused, bisect_batch
from zdtui.run.bulk.commit_batch import move
from zdtui.run.bulk.ranges.begin import add_lanes, read_parts
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.rows import by_names
from zdtui.run.bulk.worker import Worker
from zdtui.run.execute.long_look import long_look
from zdtui.run.execute.work import refused
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Done, Held, Outcome

LISTED = 1000
"""Rows that are named by one look at one part; more are found by the next look."""
AT_ONCE = 100
"""Rows that are worked on in one transaction."""
MOST_TIMES = 3
"""A row that was found so often is named."""
NAMED = 3
LOOKING = "looking whether every row is there"


@dataclass
class _Found:
    """What one look has found, by part."""

    missing: list[KeyValue] = field(default_factory=list)
    """Rows that are not in the target, or not filled whole."""
    doubled: list[KeyValue] = field(default_factory=list)
    """Rows whose key in the target is an earlier row's too."""


async def close_copy(worker: Worker) -> Outcome | None:
    """Done once a look finds nothing; None when there are new partitions to walk.

    Raises TargetError and TooManyRefused when a row can be neither copied nor left aside, and psycopg.Error.
    """
    work, bulk_plan = worker.work, worker.bulk_plan
    copying = bulk_plan.copying
    if copying is None or not copying.key or not bulk_plan.lanes:
        return Done()
    times: dict[tuple[str, KeyValue], int] = {}
    while True:
        if held := work.stopped():
            return held
        parts = await read_parts(worker.connection, bulk_plan)
        known = {part.table for part in bulk_plan.parts}
        if new := [part for part in parts if part.table not in known]:
            await add_lanes(work, bulk_plan, new)
            return None
        work.show(Doing.WORKING_BATCHES, reason=LOOKING)
        try:
            found = await _look(worker, copying, parts)
        except psycopg.errors.QueryCanceled as error:
            return work.stopped() or refused(error, work, applied=True)
        if not any(each.missing or each.doubled for each in found.values()):
            return Done()
        for table, each in found.items():
            _count(times, table, each)
            if held := await _repair(worker, copying, table, each):
                return held


def _count(times: dict[tuple[str, KeyValue], int], table: str, found: _Found) -> None:
    for key in (*found.missing, *found.doubled):
        times[table, key] = times.get((table, key), 0) + 1
    stuck = [key_text(key) for key in found.missing if times[table, key] > MOST_TIMES]
    if stuck:
        named = ", ".join(stuck[:NAMED]) + (f" and {len(stuck) - NAMED} more" if len(stuck) > NAMED else "")
        raise TargetError(
            f"rows of {table} are not in the target, though they were copied {MOST_TIMES} times: {named}; "
            "somebody deletes them there, or a trigger does"
        )


async def _look(worker: Worker, copying: Copying, parts: Sequence[Part]) -> dict[str, _Found]:
    """Every part in one snapshot. There is no limit on its time, but a stop ends it at once."""
    walked = _walked_parts(worker)
    async with long_look(worker.work, worker.connection):
        ends = await _ends(worker, walked)
        return {
            part.table: await _look_at(worker, copying, part, walked[part.table], ends[part.table])
            for part in parts
            if part.table in walked
        }


def _walked_parts(worker: Worker) -> dict[str, Lane]:
    """The last lane of each part: its end is the part's."""
    return {lane.part.table: lane for lane in worker.bulk_plan.lanes if lane.key is not None}


async def _ends(worker: Worker, walked: dict[str, Lane]) -> dict[str, KeyValue | None]:
    """The last key that was meant, by part. Rows move between partitions: there it is the last key of all."""
    own = {table: lane.checkpoint.upto for table, lane in walked.items()}
    keys = {(lane.key.columns, lane.key.types, lane.key.orders) for lane in walked.values() if lane.key is not None}
    if len(own) == 1:
        return dict(own)
    if len(keys) > 1:
        return dict.fromkeys(own)
    key = next(lane.key for lane in walked.values() if lane.key is not None)
    last = await keyset.last_of(worker.connection, key, [upto for upto in own.values() if upto is not None])
    return dict.fromkeys(own, last)


async def _look_at(worker: Worker, copying: Copying, part: Part, lane: Lane, end: KeyValue | None) -> _Found:
    key = lane.key
    assert key is not None
    walk = await keyset.find_walk(worker.connection, part.table, copying.action.key)
    if walk is not None:
        await keyset.proved_without_nulls(worker.connection, part.table, walk)
    source, stretch = worker.bulk_plan.relation(part), "true" if end is None else key.upto(1)
    found = _Found(await _unaccounted(worker, lane, copying.left_out_sql(source, key, stretch, rules=True), end))
    if copying.late:
        found.missing += await _unaccounted(worker, lane, copying.unfilled_sql(source, key, stretch), end)
    if not copying.injective:
        found.doubled += await _unaccounted(worker, lane, copying.doubled_sql(source, key, stretch), end)
    return found


async def _unaccounted(worker: Worker, lane: Lane, keys: str, end: KeyValue | None) -> list[KeyValue]:
    """The keys that stand aside for no reason; at most LISTED."""
    bounds = list(end or ())
    rows = await ask_as_author(
        worker.connection,
        unexplained_sql(keys, len(bounds), LISTED),
        [*bounds, str(worker.work.recorder.run), worker.work.step.id, [lane.part.table, ""]],
    )
    return [tuple(row[0]) for row in rows]


async def _repair(worker: Worker, copying: Copying, table: str, found: _Found) -> Held | None:
    """Each row by itself: added, filled whole, or left aside with the reason."""
    lane, alone = _walked_parts(worker)[table], replace(worker, one_by_one=True)
    for first in range(0, len(found.missing), AT_ONCE):
        if held := worker.work.stopped():
            return held
        rows = by_names(lane, found.missing[first : first + AT_ONCE])
        async with worker.bulk_plan.apart:
            await bisect_batch(alone, lane, rows, lane.checkpoint.position)
    if found.doubled:
        async with worker.bulk_plan.apart:
            await _leave_aside(worker, copying, lane, found.doubled)
    return None


async def _leave_aside(worker: Worker, copying: Copying, lane: Lane, keys: Sequence[KeyValue]) -> None:
    columns = ", ".join(each.column.quoted for each in copying.key)
    reason = f"another row of the source has the same ({columns}) in {copying.action.into}, which holds one of them"
    async with worker.connection.transaction():
        before, most = await rejected_rows.count_refused(worker), worker.bulk_plan.action.tuning.max_rejected
        if before + len(keys) > most:
            named = "; ".join(str(Refused(key, reason)) for key in keys[:NAMED])
            allowed = f"more than max_rejected {most}" if most else "set max_rejected to let some pass"
            raise TooManyRefused(f"{lane.part.table} {named} ({allowed})")
        kept = sum([await rejected_rows.keep(worker, lane, key, reason) for key in keys])
        after = await move(worker, lane, lane.checkpoint.position, 0, kept)
    lane.checkpoint = after
