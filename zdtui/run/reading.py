"""Reading the journal without an engine: what `status` and `report` tell comes from here alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import reduce
from uuid import UUID

import psycopg

from zdtui.errors import JournalError, TargetError
from zdtui.postgres.connect import Target, connect
from zdtui.run import journal
from zdtui.run.events import Recorded
from zdtui.run.state import RunState, apply
from zdtui.run.work import sentence


async def read_runs(target: Target, prefix: str | None = None) -> list[list[Recorded]]:
    """The events of every run (or of those whose id begins with `prefix`), newest run first, and nothing is written.

    Raises JournalError when there is no journal or no such run, TargetError when the server cannot be reached.
    """
    async with reader(target) as connection:
        return [await journal.read(connection, run) for run in await runs_of(connection, prefix)]


@asynccontextmanager
async def reader(target: Target) -> AsyncIterator[journal.Connection]:
    """A session on a database that has a journal.

    Raises JournalError when it has none, TargetError for whatever the server refuses meanwhile.
    """
    try:
        async with await connect(target, application_name="zdtui reader") as connection:
            if not await journal.installed(connection):
                raise JournalError("this database has no journal of zdtui: no run was ever begun here")
            yield connection
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error


async def runs_of(connection: journal.Connection, prefix: str | None = None) -> list[UUID]:
    """Every run, or those whose id begins with `prefix`, the newest first. Raises JournalError when there is none."""
    found = [run for run in await journal.runs(connection) if prefix is None or str(run).startswith(prefix)]
    if not found:
        raise JournalError("no run was ever begun here" if prefix is None else f"no run begins with {prefix}")
    return found


async def run_of(connection: journal.Connection, prefix: str | None = None) -> UUID:
    """The newest run, or the one whose id begins with `prefix`. Raises JournalError when that is not exactly one."""
    found = await runs_of(connection, prefix)
    if prefix is not None and len(found) > 1:
        raise JournalError(f"{len(found)} runs begin with {prefix}; give more of the id")
    return found[0]


async def read_run(target: Target, prefix: str | None = None) -> list[Recorded]:
    """The events of one run; see `run_of`. Raises JournalError and TargetError."""
    async with reader(target) as connection:
        return await journal.read(connection, await run_of(connection, prefix))


def fold(events: list[Recorded]) -> RunState:
    """The run as it stands after these events."""
    return reduce(apply, events, RunState())
