"""The journal in the target database: events in and out, checkpoints, and the lock that makes one run of many consoles.

Two connections use it. The *working* session holds the lock and commits a step's own success together with the
step; the *journal* session writes everything else, so that a note can be kept while a statement works.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from zdtui.errors import JournalRefusedError, RunHeldElsewhereError
from zdtui.postgres.commands import command
from zdtui.postgres.journal import BATCH_LOCK_KEY, LOCK_KEY, journal_sql
from zdtui.postgres.journal_schema import journal_schema, standing, standing_and_layout
from zdtui.postgres.keyset import key_text
from zdtui.run.journal import stored_events as journal_events
from zdtui.run.journal.layout import JournalFacts, cannot_write_here, distrust, not_upgraded, unreadable
from zdtui.run.model.events import Recorded

Connection = psycopg.AsyncConnection[Any]

BY_KEY = "by key"
HELD_ELSEWHERE = "zdtui.run_held_elsewhere"
"""What the server's error names where hold_checkpoint.sql finds that it may not be held."""
LOCKS = {"key": LOCK_KEY, "batch": BATCH_LOCK_KEY}
MOST_LOOKS = 3
"""Times that the catalogs are asked what there is of a journal, where it goes meanwhile."""
FIRST_REJECTED = 3
"""Rows that stand aside which the journal names; zdtui.rejected names all."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The session that holds the run, or that keeps it from being taken by a batch that is still open."""

    pid: int
    application: str
    client: str
    state: str
    is_in_batch: bool = False
    """Nobody holds the run: this is a session of whoever held it, and its batch is not over."""

    def __str__(self) -> str:
        client = f" from {self.client}" if self.client else ""
        state = f", {self.state}" if self.state else ""
        told = f"backend {self.pid} {self.application}{client}{state}".replace("  ", " ")
        return f"{told} (its console is gone, its last batch is not over)" if self.is_in_batch else told


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a lane of a backfill, copy or comparison stands.

    Keys are text values in key order, cast back by the column's type; a page is its number as text.
    """

    position: tuple[str, ...] | None
    upto: tuple[str, ...] | None
    batches: int = 0
    rows: int = 0
    rejected: int = 0
    lane: int = 0
    part: str = ""
    """The table or partition, as SQL writes it; empty: the step's own table."""
    way: str = BY_KEY


async def installed(connection: Connection) -> bool:
    """Whether the journal's tables are there."""
    return await _is(connection, "installed")


async def current(connection: Connection) -> bool:
    """Whether they are there in the layout this version writes."""
    return await _is(connection, "current")


async def journal_facts(connection: Connection) -> JournalFacts:
    """What there is of a journal, and what may be done with it; the catalogs are asked before any of its tables is.

    Raises psycopg.Error. A journal that is dropped between the two questions is asked about anew.
    """
    for _ in range(MOST_LOOKS - 1):
        with contextlib.suppress(*journal_events.GONE):
            return await _facts(connection)
    return await _facts(connection)


async def _facts(connection: Connection) -> JournalFacts:
    schema = await journal_schema(connection)
    layout = None if schema is None else schema.relations.get("layout")
    if distrust(schema) is not None or schema is None or layout is None:
        return JournalFacts(schema, await standing(connection))
    if not schema.usable or "SELECT" not in layout.may:
        return JournalFacts(schema, await standing(connection))
    return JournalFacts(schema, *await standing_and_layout(connection))


async def _is(connection: Connection, question: str) -> bool:
    cursor = await connection.execute(journal_sql(question))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def install(connection: Connection) -> None:
    """Create the journal or bring it up to date, whole or not at all. Raises JournalError when the role may not.

    What is there already is looked at first: nothing that somebody else made is written to.
    """
    facts = await journal_facts(connection)
    if (reason := unreadable(facts) or cannot_write_here(facts.standing)) is not None:
        raise JournalRefusedError(reason)
    try:
        async with connection.transaction():
            await connection.execute(command("install_limits"))
            await connection.execute(journal_sql("install"))
    except psycopg.Error as error:
        reason = (error.diag.message_primary or str(error)).strip()
        if facts.installed:
            raise JournalRefusedError(not_upgraded(facts, reason)) from error
        raise JournalRefusedError(
            f"the journal (schema zdtui) cannot be created: {reason}. Grant CREATE on the database to this role, "
            "or have its owner create the schema."
        ) from error


async def try_lock(connection: Connection) -> bool:
    """Whether this session holds the run's lock, which is taken without waiting if it is free. The server is asked.

    It is not free while a batch of whoever held it is still open. Never within a transaction: that would keep it so.
    """
    cursor = await connection.execute(journal_sql("take_lock"), LOCKS)
    row = await cursor.fetchone()
    return bool(row and row[0])


async def holder(connection: Connection) -> Holder | None:
    """Who holds the run's lock, or keeps it from being taken by a batch that is still open, if anybody."""
    cursor = await connection.execute(journal_sql("holder"), LOCKS)
    row = await cursor.fetchone()
    if row is None:
        return None
    return Holder(pid=row[0], application=row[2] or "", client=row[3] or "", state=row[4] or "", is_in_batch=row[6])


async def latest_run(connection: Connection, plan_name: str) -> UUID | None:
    """The newest run of the plan of that name."""
    question = journal_sql("latest_run" if await current(connection) else "latest_run_before_3")
    cursor = await connection.execute(question, {"plan_name": plan_name})
    row = await cursor.fetchone()
    return None if row is None else UUID(str(row[0]))


async def runs(connection: Connection) -> list[UUID]:
    """Every run in this database, newest first."""
    cursor = await connection.execute(journal_sql("runs" if await current(connection) else "runs_before_3"))
    return [UUID(str(row[0])) for row in await cursor.fetchall()]


async def read(connection: Connection, run: UUID) -> list[Recorded]:
    """The run's events, oldest first. Raises JournalError on one we cannot read."""
    return list((await journal_events.read(connection, run)).events)


async def read_checkpoints(connection: Connection, run: UUID, step: str) -> tuple[Checkpoint, ...]:
    """Where each lane of the step stands, in their order; none before its first batch."""
    cursor = await connection.execute(journal_sql("read_checkpoints"), {"run": run, "step": step})
    return tuple(_checkpoint(row) for row in await cursor.fetchall())


def _checkpoint(row: tuple[Any, ...]) -> Checkpoint:
    lane, part, way, position, upto, batches, rows, rejected = row
    first, last = (None if key is None else tuple(key) for key in (position, upto))
    return Checkpoint(first, last, batches, rows, rejected, lane, part, way)


async def read_totals(connection: Connection, run: UUID, step: str) -> tuple[int, int, int] | None:
    """Batches, rows and rejected rows of the step over all of its lanes; None before its first batch."""
    cursor = await connection.execute(journal_sql("read_totals"), {"run": run, "step": step})
    row = await cursor.fetchone()
    return None if row is None else (row[0], row[1], row[2])


async def first_rejected(connection: Connection, run: UUID, step: str) -> tuple[str, ...]:
    """The first rows of the step that stand aside and why, as '(4711): 22P02 invalid input syntax ...'."""
    row = {"run": run, "step": step, "most": FIRST_REJECTED}
    found = await (await connection.execute(journal_sql("first_rejected"), row)).fetchall()
    return tuple(f"{key_text(key)}: {reason}" for key, reason in found)


async def begin_checkpoint(connection: Connection, run: UUID, step: str, begun: Checkpoint) -> None:
    """Write the checkpoint of a lane that begins."""
    row = {
        "run": run,
        "step": step,
        "lane": begun.lane,
        "part": begun.part,
        "way": begun.way,
        "position": _jsonb(begun.position),
        "upto": _jsonb(begun.upto),
    }
    await connection.execute(journal_sql("begin_checkpoint"), row)


async def hold_checkpoint(connection: Connection, holder: int, run: UUID, step: str, before: Checkpoint) -> None:
    """Lock the lane's checkpoint for the batch, while `holder`, the pid of our working session, holds the run.

    It comes before the rows: where it fails, nothing that was sent with it is done. Until the transaction is over,
    nobody takes the run, even if our working session ends. Within `run_is_ours`.
    """
    await connection.execute(journal_sql("share_batch_lock"), {"batch": BATCH_LOCK_KEY})
    row = {
        "run": run,
        "step": step,
        "lane": before.lane,
        "batches": before.batches,
        "key": LOCK_KEY,
        "holder": holder,
    }
    await connection.execute(journal_sql("hold_checkpoint"), row)


@contextlib.contextmanager
def run_is_ours(step: str) -> Iterator[None]:
    """Raises RunHeldElsewhereError where the server said that the run or the checkpoint is another console's by now."""
    try:
        yield
    except psycopg.errors.UndefinedObject as error:
        if HELD_ELSEWHERE not in str(error):
            raise
        why = f"this console does not hold the run any more, or the checkpoint of {step} was moved by another console"
        raise RunHeldElsewhereError(why) from error


async def move_held(connection: Connection, run: UUID, step: str, before: Checkpoint, after: Checkpoint) -> None:
    """Move a checkpoint that is held from `before` to `after`. In a pipeline nothing is waited for."""
    await connection.execute(journal_sql("move_checkpoint"), _move(run, step, before, after))


async def move_checkpoint(connection: Connection, run: UUID, step: str, before: Checkpoint, after: Checkpoint) -> None:
    """Move from `before` to `after` in the batch's own transaction.

    Raises RunHeldElsewhereError when the checkpoint is not at `before` any more.
    """
    moved = await connection.execute(journal_sql("move_checkpoint"), _move(run, step, before, after))
    if moved.rowcount != 1:
        raise RunHeldElsewhereError(f"the checkpoint of {step} was moved by another console")


def _move(run: UUID, step: str, before: Checkpoint, after: Checkpoint) -> dict[str, object]:
    return {
        "run": run,
        "step": step,
        "lane": before.lane,
        "position": _jsonb(after.position),
        "rows": after.rows - before.rows,
        "rejected": after.rejected - before.rejected,
        "batches": before.batches,
    }


def _jsonb(key: tuple[str, ...] | None) -> Jsonb | None:
    return None if key is None else Jsonb(list(key))


async def forget_progress(connection: Connection, run: UUID, step: str) -> None:
    """Drop the step's checkpoint and rejected rows, in the transaction of its rollback."""
    await connection.execute(journal_sql("drop_checkpoint"), {"run": run, "step": step})
    await connection.execute(journal_sql("drop_rejected"), {"run": run, "step": step})
