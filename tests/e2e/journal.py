"""The journal of a database as a test reads it: events in order, checkpoints, and waiting for one to be written."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import class_row

Row = TypeVar("Row")


@dataclass(frozen=True)
class Event:
    """One row of zdtui.event."""

    run: UUID
    sequence: int
    at: datetime
    operator: str
    kind: str
    step: str | None
    payload: dict[str, object]


@dataclass(frozen=True)
class Checkpoint:
    """Where a backfill stands, by zdtui.checkpoint."""

    step: str
    batches: int
    rows: int


@dataclass(frozen=True)
class Journal:
    """Each question is asked on a session of its own; a database without a journal has no events."""

    dsn: str

    def events(self, step: str | None = None) -> list[Event]:
        """What was written, in order; of one step, or of all."""
        found = self._rows(Event, "SELECT run, sequence, at, operator, kind, step, payload FROM zdtui.event")
        found.sort(key=lambda event: (event.at, event.sequence))
        return [event for event in found if step in (None, event.step)]

    def kinds(self, step: str | None = None) -> list[str]:
        """The kinds of these events."""
        return [event.kind for event in self.events(step)]

    def checkpoint(self, step: str) -> Checkpoint | None:
        """Where a backfill stands; None before its first batch."""
        sums = "sum(batches)::bigint AS batches, sum(rows)::bigint AS rows"
        rows = self._rows(Checkpoint, f"SELECT step, {sums} FROM zdtui.checkpoint GROUP BY step")
        return next((row for row in rows if row.step == step), None)

    def wait_for(self, wanted: Callable[[list[Event]], object], seconds: float = 240.0) -> list[Event]:
        """Wait until the events satisfy the question; a failure prints the journal."""
        end = time.monotonic() + seconds
        while not wanted(events := self.events()):
            told = "\n".join(f"{event.sequence} {event.kind} {event.step} {event.payload}" for event in events)
            assert time.monotonic() < end, f"not in the journal after {seconds:.0f} s:\n{told}"
            time.sleep(0.05)
        return events

    def _rows(self, kind: type[Row], query: str) -> list[Row]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.cursor(row_factory=class_row(kind))
            try:
                return cursor.execute(query.encode()).fetchall()
            except psycopg.errors.UndefinedTable:
                return []
