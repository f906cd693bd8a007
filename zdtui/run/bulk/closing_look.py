"""The closing look: one question over the whole table, in one snapshot, for what still matches `where` after the walk.

A walk visits each place once; rows that moved from one place to another meanwhile it may have missed: between
partitions, by a changed key, with a partition that was attached, or because a trigger kept them as they were. They are
done here, by name, until a look finds nothing: only then a backfill is done. Where `where` does not tell a row that is
done, the end says so instead.

Crash points: what is done here is a batch like any other, counted in the checkpoint of the row's part. A look leaves
nothing behind; after a crash it is asked again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any

import psycopg

from zdtui.amounts import took
from zdtui.counted import counted
from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction
from zdtui.postgres.ask import ask
from zdtui.postgres.commands import command
from zdtui.postgres.keyset import KeyValue, key_text
from zdtui.postgres.keyset.statements import accepts_sql, has_rows_sql, matches_sql, still_left_sql
from zdtui.postgres.sessions.authors import as_written, ask_as_author
from zdtui.postgres.walked import Part, find_changed, find_columns
from zdtui.run.bulk import rejected_rows
from zdtui.run.bulk.bisect import NAMED, TooManyRefused, change_all, is_of_a_row
from zdtui.run.bulk.commit_batch import move
from zdtui.run.bulk.progress_reporter import ProgressReporter
from zdtui.run.bulk.ranges.begin import add_lanes, read_parts
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.left import (
    ANY_ROW,
    Found,
    image_differs,
    is_left,
    left_question,
    name_of,
    names_of,
    stands_aside,
)
from zdtui.run.bulk.ranges.rows import by_names
from zdtui.run.bulk.ranges.scan_method import not_done
from zdtui.run.bulk.worker import Worker
from zdtui.run.execute.cancel_on_stop import cancelled_on_stop
from zdtui.run.model import events as e
from zdtui.run.model.outcome import Held
from zdtui.run.preflight.whole_table import refuse_unless_whole
from zdtui.sql.grammar.told import tells
from zdtui.steps.kind import Use

MOST_FOUND = 20_000
"""Rows that one look brings; when there are more, another follows."""
PATIENCE = 5
"""Looks that may find no fewer rows than the best one before, until it is said that somebody goes on making them."""
MOST_LOOKS = 1000
TWICE = 2


class Round(Enum):
    """What a round of the closing look came to."""

    PROVED = "nothing is left"
    UNTOLD = "what is left cannot be told"
    AGAIN = "look again"
    WALK = "there are new lanes to walk first"


@dataclass
class Closing:
    """The closing look of one performing."""

    worker: Worker
    reporter: ProgressReporter
    looks: int = 0
    fewest: int | None = None
    """Rows the best look found."""
    no_fewer: int = 0
    """Looks in a row that found no fewer."""
    seconds: float = 0.0
    """Of the longest look."""
    _left: str | None = None
    """The condition that tells what is left, once it is known; empty: nothing tells."""

    def note(self, came_to: Round) -> str:
        """What the step's end says of it."""
        if not isinstance(self.worker.bulk_plan.action, BackfillAction):
            return ""
        if came_to is Round.PROVED:
            return f"closing look: nothing is left that matches `where` ({took(self.seconds)})"
        rows = sum(lane.checkpoint.rows for lane in self.worker.bulk_plan.lanes)
        return (
            f"walked once, {counted(rows, 'row')}; nothing tells a row that is done from one that is not: "
            "whether each was met exactly once cannot be proved by looking"
        )

    async def round(self) -> Round | Held:
        """One look, and the work on what it found. Raises psycopg.Error, TargetError, TooManyRefused."""
        action = self.worker.bulk_plan.action
        told = await self._tells() if isinstance(action, BackfillAction) else ""
        if await self._new_parts(may_walk=bool(told) or not isinstance(action, BackfillAction)):
            return Round.WALK
        if not isinstance(action, BackfillAction):
            return Round.PROVED
        if not told:
            return Round.PROVED if action.where and not await self._any_matches(action) else Round.UNTOLD
        found = await self._look(action, told)
        if not found:
            return Round.PROVED
        self._count(found)
        return await self._work_on(found)

    async def _tells(self) -> str:
        """The condition that, with `where`, tells a row that is left; empty where nothing does."""
        if self._left is None:
            self._left = await self._condition()
        return self._left

    async def _condition(self) -> str:
        bulk_plan, connection = self.worker.bulk_plan, self.worker.connection
        action = bulk_plan.action
        assert isinstance(action, BackfillAction)
        changed = await find_changed(connection, bulk_plan.table, [column for column, _ in action.assignments])
        if not tells(action.assignments, action.where, changed.columns):
            return ""
        image = image_differs(action, await find_columns(connection, bulk_plan.table))
        try:
            await ask_as_author(connection, accepts_sql(action, bulk_plan.table, image))
        except psycopg.Error as error:
            if error.sqlstate is None or not error.sqlstate.startswith(("42", "0A")):
                raise
            if bulk_plan.done_rows is None:
                return ""
            return f"({not_done(action, bulk_plan.done_rows, keyed=True, sweeping=False) or 'true'})"
        return image

    async def _new_parts(self, may_walk: bool) -> bool:
        """Parts are read again: those that are gone have nothing to walk, new ones get lanes. Whether there are any.

        Raises TargetError where a new one may not be walked, because nothing tells which of its rows are done.
        """
        bulk_plan = self.worker.bulk_plan
        parts = await read_parts(self.worker.connection, bulk_plan)
        there, known = {part.table for part in parts}, {lane.table for lane in bulk_plan.lanes}
        for lane in bulk_plan.lanes:
            lane.gone = lane.table not in there
        new = [part for part in parts if part.table not in known]
        if not new:
            return False
        use = Use.CHANGED if isinstance(bulk_plan.action, BackfillAction) else Use.READ
        bulk_plan.stored = await refuse_unless_whole(self.worker.connection, [bulk_plan.table], use)
        if may_walk:
            return await add_lanes(self.worker.work, bulk_plan, new)
        filled = [part.table for part in new if await self._has_rows(part)]
        if filled:
            table = as_written(self.worker.connection, bulk_plan.table)
            raise TargetError(
                f"{', '.join(filled)} became a part of {table} while it was walked, and nothing tells which of its"
                " rows are done: R walks it now, S leaves it as it is"
            )
        return False

    async def _has_rows(self, part: Part) -> bool:
        return bool((await ask(self.worker.connection, has_rows_sql(part.table)))[0][0])

    async def _any_matches(self, action: BackfillAction) -> bool:
        """Whether any row matches `where`, or may: one of which it cannot be told is one that may."""
        try:
            found = await self._asked(matches_sql(action), [])
        except psycopg.Error as error:
            if not is_of_a_row(error):
                raise
            return True
        return bool(found[0][0])

    async def _look(self, action: BackfillAction, left: str) -> list[Found]:
        lanes = _lane_of_each_part(self.worker.bulk_plan.lanes)
        oids = {each.relation: each.oid for each in self.worker.bulk_plan.stored}
        as_one = len(lanes) == 1 and len(self.worker.bulk_plan.parts) == 1
        names = names_of([(None if as_one else oids.get(table), lane) for table, lane in lanes.items()])
        refused = stands_aside(names, by_part=not as_one) if self._some_refused() else ""
        try:
            rows = await self._asked(left_question(action, left, names, refused, MOST_FOUND), self._step())
        except psycopg.Error as error:
            if not is_of_a_row(error):
                raise
            rows = await self._asked(left_question(action, ANY_ROW, names, refused, MOST_FOUND), self._step())
        found = [Found(next(iter(lanes)) if as_one else part, tuple(named)) for part, named in rows]
        return sorted(found, key=attrgetter("part"))

    async def _asked(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """Without a time limit, because it reads all of the table; cancelled as soon as somebody asks for a stop."""
        self.looks += 1
        self.reporter.looks(self.looks)
        connection, began = self.worker.connection, time.monotonic()
        async with cancelled_on_stop(self.worker.work, connection), connection.transaction():
            await connection.execute(command("no_time_limit"))
            rows = await ask_as_author(connection, sql, parameters)
        self.seconds = max(self.seconds, time.monotonic() - began)
        work = self.worker.work
        first = tuple(f"{part} {key_text(tuple(named))}" for part, named in rows[:NAMED]) if parameters else ()
        work.recorder.note(
            e.ClosingLook(
                step=work.step.id,
                seconds=time.monotonic() - began,
                found=len(rows) if parameters else None,
                more=len(rows) >= MOST_FOUND,
                first=first,
            )
        )
        return rows

    def _count(self, found: Sequence[Found]) -> None:
        """Raises TargetError when look after look finds no fewer: somebody goes on making such rows."""
        fewer = self.fewest is None or len(found) < self.fewest
        self.fewest = len(found) if self.fewest is None else min(self.fewest, len(found))
        full = len(found) >= MOST_FOUND
        self.no_fewer = 0 if fewer or full else self.no_fewer + 1
        if self.no_fewer < PATIENCE and self.looks < MOST_LOOKS:
            return
        named = "; ".join(f"{each.part} {key_text(each.key)}" for each in found[:NAMED])
        raise TargetError(
            f"rows that match `where` keep coming: look {self.looks} found {len(found)} more ({named}). "
            "The application goes on making them: the dual-write is missing, comes later, or does not fill them"
            f"{self._or_a_trigger()}; R looks again"
        )

    async def _work_on(self, found: Sequence[Found]) -> Round | Held:
        kept: list[tuple[Lane, KeyValue, str]] = []
        lanes = _lane_of_each_part(self.worker.bulk_plan.lanes)
        for part, rows in groupby(found, key=attrgetter("part")):
            lane = lanes.get(part)
            if lane is None:
                continue
            keys = [each.key for each in rows]
            for first in range(0, len(keys), lane.size.rows):
                if held := self.worker.work.stopped():
                    return held
                kept += [(lane, *each) for each in await self._change(lane, keys[first : first + lane.size.rows])]
                if held := await self.worker.rest(self.reporter.longest):
                    return held
        await self._keep(kept)
        return Round.AGAIN

    async def _change(self, lane: Lane, keys: list[KeyValue]) -> list[tuple[KeyValue, str]]:
        """Change those rows; the ones that match `where` as before though the UPDATE was tried twice, and why."""
        left, changed = keys, 0
        for _ in range(TWICE):
            began = self.worker.begins()
            rows = by_names(lane, left).but(await self._tells())
            changed = await change_all(self.worker, lane, rows, lane.checkpoint.position)
            self.reporter.batch(lane, changed, time.monotonic() - began)
            left = await self._still(lane, left)
            if not left:
                return []
        return [(key, self._why(lane, changed)) for key in left]

    async def _still(self, lane: Lane, keys: list[KeyValue]) -> list[KeyValue]:
        """Those of the rows that are left to do after the change."""
        action, named = self.worker.bulk_plan.action, f"ARRAY[{name_of(lane)}]"
        assert isinstance(action, BackfillAction)
        rows = by_names(lane, keys)
        refused = stands_aside(named, by_part=False) if self._some_refused() else ""
        condition = is_left(action, await self._tells(), refused)
        sql = still_left_sql(self.worker.bulk_plan.relation(lane.part), named, rows.stretch(3), condition)
        found = await ask_as_author(self.worker.connection, sql, [*self._step(), *rows.parameters])
        return [tuple(row[0]) for row in found]

    def _or_a_trigger(self) -> str:
        """A row that is only known by its place cannot be recognised after an UPDATE that a trigger has undone."""
        triggers = sorted({name for each in self.worker.bulk_plan.stored for name in each.before_triggers})
        return f"; or a trigger sets them back ({', '.join(triggers)})" if triggers else ""

    def _why(self, lane: Lane, changed: int) -> str:
        of_part = [each for each in self.worker.bulk_plan.stored if each.itself or each.relation == lane.table]
        triggers = sorted({name for each in of_part for name in each.before_triggers})
        by = f"a trigger keeps it ({', '.join(triggers)})" if triggers else "something keeps it"
        does = "changes nothing there" if changed == 0 else "is undone at once"
        return f"it still matches `where`, because the UPDATE {does}: {by}"

    async def _keep(self, kept: Sequence[tuple[Lane, KeyValue, str]]) -> None:
        """Rows that stay as they are stand aside, as far as the plan lets them. Raises TooManyRefused."""
        if not kept:
            return
        most = self.worker.bulk_plan.action.tuning.max_rejected
        if await rejected_rows.count_refused(self.worker) + len(kept) > most:
            named = "; ".join(f"{lane.table} {key_text(key)}: {why}" for lane, key, why in kept[:NAMED])
            allowed = f"more than max_rejected {most}" if most else "set max_rejected to let some pass"
            rows = counted(len(kept), "row stays as it is", "rows stay as they are")
            raise TooManyRefused(f"{rows}: {named} ({allowed})")
        for lane, key, why in kept:
            async with self.worker.connection.transaction():
                count = await rejected_rows.keep(self.worker, lane, key, why)
                after = await move(self.worker, lane, lane.checkpoint.position, 0, count)
            lane.checkpoint = after

    def _some_refused(self) -> bool:
        return any(lane.checkpoint.rejected for lane in self.worker.bulk_plan.lanes)

    def _step(self) -> list[object]:
        return [str(self.worker.work.recorder.run), self.worker.work.step.id]


def _lane_of_each_part(lanes: Sequence[Lane]) -> dict[str, Lane]:
    """The last lane of each part that is there: the one whose totals are kept true."""
    return {lane.table: lane for lane in lanes if not lane.gone}
