"""Where a backfill or copy begins: its lanes from their checkpoints, or new ones when nothing is done yet.

Crash points: all lanes are written in one transaction before the first batch, with the end of each fixed: rows that
come later are the dual-write's. The way of a lane is in its checkpoint and does not change.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction
from zdtui.postgres import copied, keyset
from zdtui.postgres.ask import ask
from zdtui.postgres.copied import Copying
from zdtui.postgres.keyset import Key, KeyValue
from zdtui.postgres.keyset.statements import has_rows_sql
from zdtui.postgres.sessions.authors import as_written, qualified_name
from zdtui.postgres.stored import Stored
from zdtui.postgres.walked import (
    Changed,
    Part,
    find_changed,
    find_columns,
    find_parts,
    has_row_security,
    has_tid_ranges,
    is_partitioned,
)
from zdtui.run.bulk.ranges.batch_size import first_size
from zdtui.run.bulk.ranges.lane import SWEPT, Lane
from zdtui.run.bulk.ranges.scan_method import SWEEPS, Action, Chosen, ScanMethod, choose
from zdtui.run.bulk.ranges.stripes import first_pages, stripes_of
from zdtui.run.execute.work import Work
from zdtui.run.journal import store as journal
from zdtui.run.journal.store import Checkpoint, Connection
from zdtui.run.preflight.whole_table import refuse_unless_whole
from zdtui.sql.grammar.falsified import Falsified, falsified
from zdtui.sql.text.quote import identifier_parts, quote_identifier
from zdtui.steps.kind import Use

SWEEPS_WEIGHT = 0.1
"""A sweep only reads: its share of the work, against changing the same rows."""
Ends = tuple[KeyValue | None, KeyValue | None]
NOTHING: Ends = (None, None)
"""A lane of a part that is empty: its checkpoint says that the part was there when the step began."""
FEWEST_PAGES = 64
"""A lane of its own is not worth it for less."""


@dataclass
class BulkPlan:
    """The whole way through the table."""

    action: Action
    table: str
    done_rows: Falsified | None
    lanes: list[Lane]
    parts: list[Part]
    """As last read: partitions come and go while a table is walked."""
    stored: tuple[Stored, ...] = ()
    """What the table and its partitions are."""
    estimate: int | None = None
    why: str = ""
    copying: Copying | None = None
    """Of a copy: what the catalog says of both sides."""
    apart: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the session that takes a batch apart."""

    def relation(self, part: Part) -> str:
        """The part as a statement names it: under the name the author's expressions know the table by."""
        alias = identifier_parts(self.table)[-1]
        return part.table if part.name == alias else f"{part.table} AS {quote_identifier(alias)}"


@dataclass(frozen=True, slots=True)
class _Walked:
    part: Part
    key: Key | None
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the action means to do, and to which table."""

    action: Action
    table: str
    changed: Changed
    done_rows: Falsified | None


async def begin(work: Work, action: Action) -> BulkPlan:
    """The lanes as they stand; a partition that is gone has none.

    Raises TargetError when the table cannot be walked with every row done once.
    """
    connection = work.connection
    named = action.table if isinstance(action, BackfillAction) else action.source
    table = await qualified_name(connection, named)
    use = Use.CHANGED if isinstance(action, BackfillAction) else Use.READ
    stored = await refuse_unless_whole(connection, [named], use)
    if isinstance(action, CopyAction):
        await refuse_unless_whole(connection, [action.into], Use.ADDED)
    meant = await _meant(connection, action, table)
    if not await journal.current(connection):
        await journal.install(connection)
    parts = await _parts(connection, meant)
    walked = [await _walked(connection, meant, part) for part in parts]
    copying = await _copying(connection, action, walked)
    checkpoints = await journal.read_checkpoints(connection, work.recorder.run, work.step.id)
    if not checkpoints:
        new = await _new(connection, action, walked, copying)
        if all(each.upto is None for each in new):
            await _prove_empty(connection, table)
        checkpoints = await _written(work, new)
    rows = _sum([part.rows for part in parts])
    bulk_plan = BulkPlan(
        action=action,
        table=table,
        done_rows=meant.done_rows,
        lanes=[],
        parts=list(parts),
        stored=stored,
        estimate=None if rows is None else round(rows),
        why=walked[0].chosen.why if walked else "",
        copying=copying,
    )
    bulk_plan.lanes += await _standing(connection, action.tuning, checkpoints, walked)
    if all(lane.finished for lane in bulk_plan.lanes):
        known = {lane.table for lane in bulk_plan.lanes}
        await add_lanes(work, bulk_plan, [part for part in parts if part.table not in known])
    return bulk_plan


async def read_parts(connection: Connection, bulk_plan: BulkPlan) -> tuple[Part, ...]:
    """The parts as they are now. Raises psycopg.Error, and TargetError where they may not be walked any more."""
    return await _parts(connection, await _meant(connection, bulk_plan.action, bulk_plan.table))


async def add_lanes(work: Work, bulk_plan: BulkPlan, parts: Sequence[Part]) -> bool:
    """Lanes for parts that have none: they came while the others were walked. Whether there is anything to walk."""
    connection = work.connection
    meant = await _meant(connection, bulk_plan.action, bulk_plan.table)
    walked = [await _walked(connection, meant, part) for part in parts]
    new = await _new(connection, bulk_plan.action, walked, bulk_plan.copying)
    first = 1 + max((lane.checkpoint.lane for lane in bulk_plan.lanes), default=-1)
    checkpoints = await _written(work, [replace(each, lane=first + place) for place, each in enumerate(new)])
    bulk_plan.lanes += await _standing(connection, bulk_plan.action.tuning, checkpoints, walked)
    known = {part.table for part in bulk_plan.parts}
    bulk_plan.parts += [part for part in parts if part.table not in known]
    return any(each.upto is not None for each in new)


async def _meant(connection: Connection, action: Action, table: str) -> _Meant:
    """Raises TargetError when rows would move between partitions because of it."""
    assignments = action.assignments if isinstance(action, BackfillAction) else ()
    changed = await find_changed(connection, table, [column for column, _ in assignments])
    if changed.of_partition_key:
        raise TargetError(
            f"`set` changes {', '.join(changed.of_partition_key)}, which decides in which partition of "
            f"{as_written(connection, table)} a row is: rows would move while they are walked; copy them into another "
            "table, or use an `sql` step"
        )
    done_rows = falsified(action.assignments, action.where) if isinstance(action, BackfillAction) else None
    if done_rows is not None:
        kinds = {column.name: column.type for column in await find_columns(connection, table)}
        types = tuple(kinds.get(identifier_parts(column)[-1], "") for column, _ in assignments)
        done_rows = replace(done_rows, types=types if all(types) else ())
    return _Meant(action, table, changed, done_rows)


async def _written(work: Work, checkpoints: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
    async with work.connection.transaction():
        for checkpoint in checkpoints:
            await journal.begin_checkpoint(work.connection, work.recorder.run, work.step.id, checkpoint)
    return tuple(checkpoints)


async def _prove_empty(connection: Connection, table: str) -> None:
    """Nothing to walk is looked up, not assumed. Raises TargetError when the table has rows all the same."""
    if (await ask(connection, has_rows_sql(table)))[0][0]:
        raise TargetError(
            f"{table} has rows and no part of it that can be walked: they may have come this moment; try again, and "
            "if it says so again they are not where this server keeps a table's rows"
        )


async def _standing(
    connection: Connection, tuning: BatchTuning, checkpoints: Sequence[Checkpoint], walked: Sequence[_Walked]
) -> list[Lane]:
    """The lanes of these checkpoints, as far as their parts are still there."""
    by_table = {each.part.table: each for each in walked}
    named = [each if each.part or not walked else replace(each, part=walked[0].part.table) for each in checkpoints]
    return [
        await _lane(connection, tuning, each, named, by_table[each.part]) for each in named if each.part in by_table
    ]


async def _parts(connection: Connection, meant: _Meant) -> tuple[Part, ...]:
    """The table's leaves; the table as one where its leaves cannot be changed one by one."""
    table, backfill = meant.table, isinstance(meant.action, BackfillAction)
    parts = await find_parts(connection, table, sorted(meant.changed.columns))
    if len(parts) == 1 and not await is_partitioned(connection, table):
        return parts
    one_by_one = all(
        part.pages is not None and not part.row_security and (part.may_update or not backfill) for part in parts
    )
    if not parts or (one_by_one and not await has_row_security(connection, table)):
        return parts
    rows = [part.rows for part in parts]
    return (replace(parts[0], table=table, name=identifier_parts(table)[-1], pages=1, rows=_sum(rows), is_heap=False),)


def _sum(rows: Sequence[float | None]) -> float | None:
    known = [each for each in rows if each is not None]
    return sum(known) if len(known) == len(rows) else None


async def _copying(connection: Connection, action: Action, walked: Sequence[_Walked]) -> Copying | None:
    if not isinstance(action, CopyAction) or not walked or walked[0].key is None:
        return None
    return await copied.prepare(connection, action, walked[0].key)


async def _walked(connection: Connection, meant: _Meant, part: Part) -> _Walked:
    key = await keyset.find_walk(connection, part.table, meant.action.key, meant.changed.columns)
    if key is not None and isinstance(meant.action, CopyAction):
        key = await keyset.proved_without_nulls(connection, part.table, key)
    in_order = None
    if key is not None and key.is_integer:
        column = identifier_parts(key.columns[0])[-1]
        in_order = await keyset.correlation(connection, part.schema, part.name, column)
    no_key = "" if key is not None else await keyset.why_no_key(connection, part.table)
    chosen = choose(meant.action, part, key, meant.done_rows, has_tid_ranges(connection), in_order, no_key)
    return _Walked(part, key, chosen)


async def _new(
    connection: Connection, action: Action, walked: Sequence[_Walked], copying: Copying | None
) -> list[Checkpoint]:
    """New lanes: those that change rows in the order of the parts, then the sweeps and second passes."""
    found: list[tuple[_Walked, ScanMethod, Ends]] = []
    for each in walked:
        found += [(each, each.chosen.way, ends) for ends in await _stretches(connection, action.tuning.workers, each)]
    for each in walked:
        if each.chosen.sweep is not None and (upto := await _end(connection, each)) is not None:
            found.append((each, each.chosen.sweep, (None, upto)))
    if copying is not None and copying.late:
        found += [(each, ScanMethod.SECOND_PASS, (None, ends[1])) for each, _, ends in _last_of_each(found)]
    return [
        Checkpoint(position, upto, lane=lane, part=each.part.table, way=way)
        for lane, (each, way, (position, upto)) in enumerate(found)
    ]


def _last_of_each(
    lanes: Sequence[tuple[_Walked, ScanMethod, Ends]],
) -> list[tuple[_Walked, ScanMethod, Ends]]:
    """The last lane of each part: its end is the part's."""
    return list({lane[0].part.table: lane for lane in lanes}.values())


async def _stretches(connection: Connection, workers: int, walked: _Walked) -> list[Ends]:
    """The ends of each lane of a part: as many as there are workers, where it is large enough to be shared."""
    part, key = walked.part, walked.key
    lanes = workers if (part.pages or 0) >= workers * FEWEST_PAGES else 1
    if walked.chosen.way is ScanMethod.PAGE:
        return [((str(low),), (str(upto),)) for low, upto in _shared(0, part.pages or 0, lanes)] or [NOTHING]
    assert key is not None
    last = await keyset.last_key(connection, part.table, key)
    if last is None:
        return [NOTHING]
    first = await keyset.first_key(connection, part.table, key) if key.is_integer and lanes > 1 else None
    if first is None or int(first[0]) > int(last[0]):
        return [(None, last)]
    ends = _shared(int(first[0]) - 1, int(last[0]), lanes)
    return [(None if place == 0 else (str(low),), (str(upto),)) for place, (low, upto) in enumerate(ends)]


def _shared(low: int, upto: int, lanes: int) -> list[tuple[int, int]]:
    """The range in that many stretches, as even as can be; none of an empty one."""
    ends = sorted({low + (upto - low) * place // lanes for place in range(lanes + 1)})
    return list(pairwise(ends))


async def _end(connection: Connection, walked: _Walked) -> KeyValue | None:
    """Where the sweep of a part ends; None when there is nothing to sweep."""
    if not walked.part.pages:
        return None
    if walked.chosen.sweep is ScanMethod.SWEEP_PAGE or walked.key is None:
        return SWEPT
    return await keyset.last_key(connection, walked.part.table, walked.key)


async def _lane(
    connection: Connection, tuning: BatchTuning, checkpoint: Checkpoint, among: Sequence[Checkpoint], walked: _Walked
) -> Lane:
    part, key = walked.part, walked.key
    stripes = stripes_of(part)
    alike = [each for each in among if each.part == checkpoint.part and each.way == checkpoint.way]
    share = 1.0 / len(alike) * (1.0 if checkpoint.way not in SWEEPS else SWEEPS_WEIGHT)
    before = alike[alike.index(checkpoint) - 1].upto if alike[0] is not checkpoint else None
    low = None if before is None else int(before[0])
    if low is None and checkpoint.way != ScanMethod.PAGE and key is not None and key.is_integer:
        first = await keyset.first_key(connection, part.table, key)
        low = None if first is None else int(first[0])
    return Lane(
        checkpoint=checkpoint,
        part=part,
        key=key,
        size=first_size(tuning),
        pages=first_pages(tuning, part.rows_per_page, stripes),
        weight=float(part.pages or 1) * share,
        low=low,
        gap=_gap(key, part, low, checkpoint.upto) if checkpoint.way == ScanMethod.SWEEP_KEY else None,
    )


def _gap(key: Key | None, part: Part, low: int | None, upto: KeyValue | None) -> float | None:
    """Keys to a row on average; None where keys cannot be counted up."""
    if key is None or low is None or upto is None or any(order.descending for order in key.orders):
        return None
    span = int(upto[0]) - low + 1
    return max(1.0, span / part.rows) if part.rows else 1.0
