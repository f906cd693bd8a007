"""Readers and writers made from the plan's tables: one of each on every table, by primary key, as an application works.

A writer sets a column to itself and rolls that back: it takes the locks of a write, waits as a write does, and leaves
every row as it was. What a step takes away (a column, a table) is an error for them as it would be for the application;
they count it, look at the table again, and go on.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg

from zdtui.errors import TargetError
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.ask import ask
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.load.stalls import Answers

NAME = "zdtui load"
KEYS = 200
"""Keys of a table that are worked on."""
BETWEEN = 0.01
"""Seconds between two questions of one of them, on average."""
BY_INDEX = "SET enable_seqscan = off"
"""An application finds its rows by their key; and what a step reads whole is not mistaken for ours."""
AFRESH = "DEALLOCATE ALL"
"""A statement that was prepared before its table was changed would fail for ever; a pool drops it too."""
LOST = 1.0
"""Seconds until somebody whose session is gone comes again."""


@dataclass(frozen=True, slots=True)
class Found:
    """How rows of a table are found, and what is set to itself."""

    written: str
    columns: tuple[str, ...]
    other: str | None
    keys: tuple[tuple[Any, ...], ...]

    def where(self) -> str:
        """One row, by its key, whose type the server knows; no row where the table has none yet."""
        if not self.keys:
            return "false"
        return " AND ".join(f"{column} = ${place}" for place, column in enumerate(self.columns, 1))


@dataclass
class Worker:
    """One connection of the application."""

    number: int
    target: Target
    table: str
    writes: bool
    answers: Answers
    random: Random = field(default_factory=Random)

    async def work(self) -> None:
        """Until it is ended."""
        while True:
            try:
                async with await connect(self.target, application_name=NAME, only_asks=False) as session:
                    await self._on(session)
            except (TargetError, psycopg.OperationalError) as error:
                self.answers.failed(type(error).__name__)
            await asyncio.sleep(LOST)

    async def _on(self, session: Session) -> None:
        await session.execute(BY_INDEX)
        found = await found_rows(session, self.table)
        while not session.closed:
            self.answers.asked(self.number, time.monotonic())
            try:
                await self._once(session, found)
            except psycopg.Error as error:
                self.answers.failed(type(error).__name__)
                if session.closed:
                    return
                await session.rollback()
                await session.execute(AFRESH)
                found = await found_rows(session, self.table)
            finally:
                self.answers.came(self.number, time.monotonic())
            await asyncio.sleep(self.random.random() * 2 * BETWEEN)

    async def _once(self, session: Session, found: Found | None) -> None:
        if found is None:
            return
        key = list(self.random.choice(found.keys)) if found.keys else []
        if not self.writes:
            await ask(session, f"SELECT * FROM {found.written} WHERE {found.where()}", key)
            return
        await session.execute("BEGIN")
        await ask(session, f"UPDATE {found.written} SET {found.other} = {found.other} WHERE {found.where()}", key)
        await session.execute("ROLLBACK")


async def found_rows(session: Session, table: str) -> Found | None:
    """How its rows are found; None where it is not there, or has no primary key. Raises psycopg.Error."""
    rows = await ask(session, rehearsal_sql("keys"), [table])
    if not rows:
        return None
    written, columns, other = rows[0]
    as_text = ", ".join(f"{column}::text" for column in columns)
    keys = await ask(session, f"SELECT {as_text} FROM {written} LIMIT {KEYS}")
    return Found(written, tuple(columns), other, tuple(keys))


@asynccontextmanager
async def made_load(target: Target, tables: Sequence[str]) -> AsyncIterator[Load]:
    """A reader and a writer on each of the tables that is there and has a primary key. Raises TargetError."""
    load = Load()
    async with await connect(target, application_name=NAME, only_asks=False) as session:
        await session.execute(BY_INDEX)
        found = {table: await found_rows(session, table) for table in tables}
    readers = {each.written: (table, each.other is not None) for table, each in found.items() if each is not None}
    faults: list[Fault] = []
    tasks = OwnedTasks(faults.append)
    for place, (table, writable) in enumerate(readers.values()):
        for writes in (False, True) if writable else (False,):
            worker = Worker(2 * place + writes, target, table, writes, load.answers)
            tasks.for_ever("load", worker.work)
    named = ", ".join(each.removeprefix("public.") for each in readers)
    load.described = f"a reader and a writer on each of {named}" if readers else ""
    if not readers:
        load.notes.append("no table of the plan is there with a primary key, so that nothing worked beside it")
    try:
        yield load
    finally:
        await tasks.close()
        for fault in faults:
            load.answers.failed(type(fault.error).__name__)
