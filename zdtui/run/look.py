"""Looking at the server for what a crash left open. The question and the judgement are in `zdtui.run.settle`."""

from uuid import UUID

import psycopg

from zdtui.postgres.ask import ask
from zdtui.postgres.authors import authors_path
from zdtui.postgres.indexes import IndexState, find_index_state, invalid_leftover
from zdtui.run import events as e
from zdtui.run import journal
from zdtui.run.journal import Connection
from zdtui.run.settle import Evidence, Question
from zdtui.sql.statement import StatementClass


async def gather(connection: Connection, run: UUID, asked: Question) -> Evidence:
    """The evidence for one question; what could not be asked stays None."""
    if asked.checkpoint:
        return Evidence(batches=await _batches(connection, run, asked))
    statement = asked.statement
    if statement is None:
        return Evidence()
    if statement.statement_class is StatementClass.CONCURRENTLY:
        leftover = await invalid_leftover(connection, statement)
        if leftover is not None:
            return Evidence(index=IndexState.INVALID, index_name=leftover)
        if statement.index_name is not None and not statement.kind.startswith("REINDEX"):
            return Evidence(index=await find_index_state(connection, statement.index_name))
    return Evidence(verified=await _verified(connection, asked.verify))


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
            said = f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '10s'; {authors_path(connection)}"
            await connection.execute(said.encode())
            return all([await ask(connection, query) == [(True,)] for query in queries])
    except psycopg.Error:
        return None
