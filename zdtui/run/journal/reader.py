"""Reading the journal without an engine: what `status` and `report` tell comes from here alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import reduce
from uuid import UUID

import psycopg

from zdtui.counted import counted
from zdtui.errors import JournalError, TargetError
from zdtui.postgres.commands import command
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.run.journal import store as journal
from zdtui.run.journal import stored_events as journal_events
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.layout import unreadable
from zdtui.run.model.events import Recorded
from zdtui.run.model.state import RunState, apply


class NoRunError(JournalError):
    """No run was ever begun in that database: there is nothing to read, and nothing is in the way of beginning one."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What the database holds of one run."""

    run: UUID
    events: list[Recorded]
    damage: Damage | None
    """What is wrong with it; None when it is whole."""


async def read_journals(target: Target, prefix: str | None = None) -> list[Journal]:
    """Every run, or those whose id begins with `prefix`, newest first, and nothing is written.

    Raises JournalError when there is no journal, no such run, or one that must not be read, TargetError when the server
    cannot be reached.
    """
    async with reader(target) as connection:
        return [await _read(connection, run) for run in await runs_of(connection, prefix)]


async def read_standing(target: Target) -> tuple[list[Journal], str | None]:
    """Every run, newest first, and the session that holds a run at that moment. Raises as `read_journals`."""
    async with reader(target) as connection:
        found = [await _read(connection, run) for run in await runs_of(connection)]
        held = await journal.holder(connection)
        return found, None if held is None else str(held)


async def read_journal(target: Target, prefix: str | None = None) -> Journal:
    """One run; see `run_of`. Raises JournalError and TargetError."""
    async with reader(target) as connection:
        return await _read(connection, await run_of(connection, prefix))


async def read_runs(target: Target, prefix: str | None = None) -> list[list[Recorded]]:
    """The events of those runs; see `read_journals`."""
    return [each.events for each in await read_journals(target, prefix)]


async def _read(connection: journal.Connection, run: UUID) -> Journal:
    held = await journal_events.read(connection, run)
    return Journal(run, list(held.events), held.chain.damage)


@asynccontextmanager
async def reader(target: Target) -> AsyncIterator[journal.Connection]:
    """A session on a database that has a journal, in a transaction that cannot write.

    Raises JournalError when it has none or one that must not be read, TargetError for whatever the server refuses.
    """
    try:
        async with await connect(target, application_name="zdtui reader", only_asks=True) as connection:
            await connection.execute(command("begin_one_snapshot_read_only"))
            await connection.execute(command("journal_path"))
            facts = await journal.journal_facts(connection)
            if (reason := unreadable(facts)) is not None:
                raise JournalError(reason)
            if not facts.installed:
                raise NoRunError("this database has no journal of zdtui: no run was ever begun here")
            yield connection
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error


async def runs_of(connection: journal.Connection, prefix: str | None = None) -> list[UUID]:
    """Every run, or those whose id begins with `prefix`, the newest first. Raises JournalError when there is none."""
    found = [run for run in await journal.runs(connection) if prefix is None or str(run).startswith(prefix)]
    if not found and prefix is None:
        raise NoRunError("no run was ever begun here")
    if not found:
        raise JournalError(f"no run begins with {prefix}")
    return found


async def run_of(connection: journal.Connection, prefix: str | None = None) -> UUID:
    """The newest run, or the one whose id begins with `prefix`. Raises JournalError when that is not exactly one."""
    found = await runs_of(connection, prefix)
    if prefix is not None and len(found) > 1:
        raise JournalError(f"{counted(len(found), 'run begins', 'runs begin')} with {prefix}; give more of the id")
    return found[0]


def fold(events: list[Recorded]) -> RunState:
    """The run as it stands after these events."""
    return reduce(apply, events, RunState())
