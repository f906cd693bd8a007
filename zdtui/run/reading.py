"""Reading the journal without an engine: what `status` and `report` tell comes from here alone."""

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
    try:
        async with await connect(target, application_name="zdtui reader") as connection:
            if not await journal.installed(connection):
                raise JournalError("this database has no journal of zdtui: no run was ever begun here")
            runs = [run for run in await journal.runs(connection) if prefix is None or str(run).startswith(prefix)]
            found = [await journal.read(connection, run) for run in runs]
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error
    if not found:
        raise JournalError("no run was ever begun here" if prefix is None else f"no run begins with {prefix}")
    return found


def fold(events: list[Recorded]) -> RunState:
    """The run as it stands after these events."""
    return reduce(apply, events, RunState())


def run_name(run: UUID) -> str:
    """The short form of a run's id that people type."""
    return str(run)[:8]
