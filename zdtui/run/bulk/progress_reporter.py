"""What the console and the journal are told of a backfill or copy while it works."""

import contextlib
import time
from dataclasses import dataclass, field

import psycopg

from zdtui.counted import counted
from zdtui.postgres.keyset import share_before
from zdtui.run.bulk.by_key_stripe import KeyStretch
from zdtui.run.bulk.ranges.begin import BulkPlan
from zdtui.run.bulk.ranges.lane import Lane, share_of_all
from zdtui.run.bulk.ranges.progress_history import Pace, advance, eta
from zdtui.run.bulk.ranges.scan_method import SWEEPS, ScanMethod
from zdtui.run.bulk.worker import Worker
from zdtui.run.execute.work import Work, is_about_the_link
from zdtui.run.journal import store as journal
from zdtui.run.model import events as e
from zdtui.run.model.activity import BatchProgress, Doing
from zdtui.sql.text.quote import identifier_parts

REPORT_EVERY = 5.0
"""Seconds between two BatchesDone events: the journal tells the story, the checkpoint keeps the place."""
ESTIMATE_EVERY = 1.0
SHOW_EVERY = 0.05
"""A batch may take a millisecond: to tell of each would cost a good share of it."""
TELLS = 0.02
"""The share of the table from which on the rows still to do can be told by those that were done."""


@dataclass
class ProgressReporter:
    """Keeps the activity true after each batch."""

    work: Work
    bulk_plan: BulkPlan
    spoiled: str = ""
    """Who keeps rows from being pruned."""
    pace: Pace = field(default_factory=Pace)
    longest: float = 0.0
    """Seconds of the longest batch so far."""
    _first: tuple[str, ...] = ()
    _rows: int = 0
    """Changed since it was last shown."""
    _share: float | None = None
    _last: float = field(default_factory=time.monotonic)
    _reported_at: float = field(default_factory=time.monotonic)
    _estimated_at: float = 0.0

    def batch(self, lane: Lane, rows: int, seconds: float) -> None:
        """A batch was committed. Several sessions may work at once: time is the clock's, not the batches' sum."""
        now = time.monotonic()
        self.longest, self._rows = max(self.longest, seconds), self._rows + rows
        if now - self._last < SHOW_EVERY:
            return
        share = share_of_all(self.bulk_plan.lanes)
        gained = 0.0 if share is None or self._share is None else max(0.0, share - self._share)
        self.pace = advance(self.pace, self._rows, gained, now - self._last)
        self._share, self._last, self._rows = share, now, 0
        self.show(lane, seconds, rows)
        if now - self._reported_at >= REPORT_EVERY:
            self.report()

    def looks(self, number: int) -> None:
        """The whole table is looked at once more; for the so-manieth time."""
        since = time.monotonic()
        self.show(None, 0.0, 0)
        self.work.show(Doing.CLOSING_LOOK, reason=f"look {number}", statement_since=since)

    async def estimate(self, worker: Worker, lane: Lane) -> None:
        """Where keys are not whole numbers: how far the lane is by the planner's statistics, now and then.

        An estimate that cannot be made is unknown, and nothing else: it never ends a step.
        """
        now = time.monotonic()
        position, key = lane.position, lane.key
        if (
            lane.way not in (ScanMethod.KEY, ScanMethod.SWEEP_KEY)
            or lane.low is not None
            or position is None
            or key is None
        ):
            return
        if now - self._estimated_at < ESTIMATE_EVERY:
            return
        self._estimated_at = now
        names, column = (lane.part.schema, lane.part.name), identifier_parts(key.columns[0])[-1]
        try:
            lane.estimated_share = await share_before(worker.connection, names, column, key, position[0])
        except psycopg.Error as error:
            if is_about_the_link(error) or worker.connection.closed:
                raise
            lane.estimated_share = None

    def show(self, lane: Lane | None, seconds: float, rows: int) -> None:
        """Say how far it is and how fast."""
        lanes = self.bulk_plan.lanes
        fraction, batches = share_of_all(lanes), sum(each.checkpoint.batches for each in lanes)
        self._share = fraction
        self.work.show(
            Doing.WORKING_BATCHES,
            reason="",
            progress=BatchProgress(
                rows=sum(each.checkpoint.rows for each in lanes),
                rejected=sum(each.checkpoint.rejected for each in lanes),
                batches=batches,
                fraction=fraction,
                total_estimate=self._total(fraction),
                rows_per_second=self.pace.rows_per_second,
                batch_rows=rows,
                batch_seconds=seconds,
                longest_seconds=self.longest,
                eta=eta(self.pace, fraction, batches),
                walk="" if lane is None else walk_of(lane),
                why=self.bulk_plan.why,
                spoiled=self.spoiled,
                part=self._part(lane),
                workers=1 + len(self.work.beside),
                estimated=self.bulk_plan.action.where is not None,
            ),
        )

    def _total(self, fraction: float | None) -> int | None:
        """Rows to change in all: by the planner's count, or with a `where` by those found so far."""
        if self.bulk_plan.action.where is None:
            return self.bulk_plan.estimate
        changing = [each for each in self.bulk_plan.lanes if each.way not in SWEEPS]
        share = share_of_all(changing) if changing else None
        done = sum(each.checkpoint.rows for each in changing)
        return None if share is None or share < TELLS else round(done / share)

    def _part(self, lane: Lane | None) -> str:
        if lane is None or len(self.bulk_plan.parts) == 1:
            return ""
        tables = list(dict.fromkeys(each.table for each in self.bulk_plan.lanes))
        return f"{lane.part.name} ({tables.index(lane.table) + 1} of {len(self.bulk_plan.parts)})"

    async def end(self) -> None:
        """Journal where it is at the last, and the first rows that stand aside."""
        work, connection = self.work, self.work.connection
        if any(each.checkpoint.rejected for each in self.bulk_plan.lanes) and not (
            connection.broken or connection.closed
        ):
            with contextlib.suppress(psycopg.Error):
                self._first = await journal.first_rejected(connection, work.recorder.run, work.step.id)
        self.report()

    def report(self) -> None:
        """Journal where it is, if anything was done."""
        self._reported_at = time.monotonic()
        lanes = self.bulk_plan.lanes
        batches = sum(each.checkpoint.batches for each in lanes)
        if not batches:
            return
        self.work.recorder.note(
            e.BatchesDone(
                step=self.work.step.id,
                batches=batches,
                rows=sum(each.checkpoint.rows for each in lanes),
                rejected=sum(each.checkpoint.rejected for each in lanes),
                fraction=share_of_all(lanes),
                first_rejected=self._first,
            )
        )


def walk_of(lane: Lane) -> str:
    """How the lane is walked now, in a few words."""
    if lane.way is ScanMethod.PAGE:
        pages = lane.stretch.pages if lane.stretch else lane.pages.pages
        if lane.pages.stripes == 1:
            return f"page by page, {pages} a batch"
        return f"{counted(lane.pages.stripes, 'stripe')} of {counted(pages, 'page')}"
    if lane.way is ScanMethod.KEY_STRIPES and lane.key is not None:
        stretch = KeyStretch.of(lane.checkpoint.position)
        return f"{'stripes' if stretch is None else counted(stretch.stripes, 'stripe')} by key {lane.key.named}"
    key = "" if lane.key is None else f" {lane.key.named}"
    return f"{lane.way}{key}" if lane.way is not ScanMethod.SWEEP_PAGE else f"sweep by page, round {lane.round + 1}"
