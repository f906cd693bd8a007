"""Looking at the server for what a crash left open; `zdtui.run.decisions.recovery` asks and judges."""

from uuid import UUID

import psycopg

from zdtui.postgres.ask import ask
from zdtui.postgres.commands import command
from zdtui.postgres.indexes import (
    IndexState,
    find_index_after,
    find_made_index,
    find_partition_state,
    leftovers,
)
from zdtui.postgres.sessions.authors import authors_path
from zdtui.run.decisions.recovery import Evidence, Question
from zdtui.run.execute.leftovers import may_do_nothing
from zdtui.run.journal import store as journal
from zdtui.run.journal.store import Connection
from zdtui.run.model import events as e
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.index_text import is_the_same


async def gather(connection: Connection, run: UUID, asked: Question) -> Evidence:
    """The evidence for one question; what could not be asked stays None."""
    if asked.checkpoint:
        return Evidence(batches=await _batches(connection, run, asked))
    statement = asked.statement
    if statement is None:
        return Evidence()
    if statement.statement_class is StatementClass.CONCURRENTLY:
        left = await leftovers(connection, statement)
        if left:
            return Evidence(index=IndexState.INVALID, index_name=left[0], invalid=left)
        partition = await find_partition_state(connection, statement)
        if partition is not None:
            return Evidence(partition=partition)
        state = await _index_as_meant(connection, statement)
        if state is not None:
            return Evidence(index=state, index_name=statement.index_name)
    return Evidence(verified=await _verified(connection, asked.verify))


async def _index_as_meant(connection: Connection, statement: Statement) -> IndexState | None:
    """The state of the index the statement names; None without one, or where another one may have that name."""
    found = await find_made_index(connection, statement) if may_do_nothing(statement) else None
    if found is not None and found.definition is not None:
        same = is_the_same(statement.text, found.definition) if found.of_the_table else False
        return {True: IndexState.VALID, False: IndexState.ABSENT, None: None}[same]
    return await find_index_after(connection, statement)


async def _batches(connection: Connection, run: UUID, asked: Question) -> e.BatchesDone | None:
    totals = await journal.read_totals(connection, run, asked.step.id)
    if totals is None or not totals[0]:
        return None
    batches, rows, rejected = totals
    return e.BatchesDone(step=asked.step.id, batches=batches, rows=rows, rejected=rejected)


async def _verified(connection: Connection, queries: tuple[str, ...]) -> bool | None:
    if not queries:
        return None
    try:
        async with connection.transaction():
            await connection.execute(command("verify_limits") + f"; {authors_path(connection)}".encode())
            return all([await ask(connection, query) == [(True,)] for query in queries])
    except psycopg.Error:
        return None
