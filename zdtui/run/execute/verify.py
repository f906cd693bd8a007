"""Asking the server whether something is true: verify queries and check steps, read-only and with a time limit."""

import psycopg

from zdtui.counted import counted
from zdtui.postgres.commands import command, set_local
from zdtui.postgres.sessions.authors import authors_path
from zdtui.run.execute.timeouts import Timeouts
from zdtui.run.execute.work import Work, refused
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Done, Failed, Outcome

ALL_ROWS = ("row_security", "off")
"""The server refuses a query whose rows a policy would hide from this role, instead of answering for some of them."""


async def verify_all(work: Work, queries: tuple[str, ...], what: str, applied: bool) -> Outcome:
    """Done when each query's single value is true; else Failed with the query and what it gave.

    `what` names the query in the message ('verify', 'check'); `applied` is said of a failure.
    """
    for index, query in enumerate(queries):
        if held := work.stopped():
            return held
        work.sending(query, index, len(queries))
        work.show(Doing.VERIFYING)
        outcome = await _one(
            work, query, f"{what} {index + 1} of {len(queries)}" if len(queries) > 1 else what, applied
        )
        if not isinstance(outcome, Done):
            return outcome
    return Done()


async def _one(work: Work, query: str, what: str, applied: bool) -> Outcome:
    try:
        rows, columns = await _ask(work, query)
    except psycopg.Error as error:
        return refused(error, work, applied)
    if len(rows) != 1 or columns != 1:
        got = f"{counted(len(rows), 'row')} of {counted(columns, 'column')}"
        return Failed(f"{what} must give one value, and gave {got}", applied=applied)
    if rows[0][0] is not True:
        return Failed(f"{what} is not true, it gave {rows[0][0]!r}: {' '.join(query.split())}", applied=applied)
    return Done()


async def _ask(work: Work, query: str) -> tuple[list[tuple[object, ...]], int]:
    """At most two rows, so that a wrong query cannot fill our memory, and the number of columns."""
    limits = Timeouts(lock=work.step.limits.lock_timeout, statement=work.step.limits.statement_timeout)
    async with work.connection.transaction():
        settings = [(name, f"'{value}'") for name, value in (*limits.settings(), ALL_ROWS)]
        said = f"; {set_local(settings)}; {authors_path(work.connection)}"
        await work.connection.execute(command("read_only") + said.encode())
        cursor = await work.connection.execute(query.encode())
        if cursor.description is None:
            return [], 0
        return await cursor.fetchmany(2), len(cursor.description)
