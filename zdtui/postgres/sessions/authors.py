"""The author's statements, and those of ours that have the author's expressions in them, under the author's own path.

Every session of ours looks names up in pg_catalog alone (`zdtui.postgres.sessions.settings`). What the author wrote is
looked up as it is for the author: the search_path is changed for that statement alone, and in the same journey to the
server. A statement that is mixed names each operator, type and function of ours with its schema.
"""

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus

from zdtui.postgres.ask import Connection, ask, change
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.sessions.session import Session, one_statement_a_message, path_text
from zdtui.postgres.sessions.settings import OUR_PATH
from zdtui.postgres.sql_text import array_literal, sql_text, with_literals

IDLE = TransactionStatus.IDLE
OUR_PATH_AGAIN = f"SET LOCAL search_path = {OUR_PATH}"


def authors_path(connection: Connection, local: bool = True) -> str:
    """The statement after which names are looked up as for the author, to the end of the transaction or for longer."""
    path = connection.path if isinstance(connection, Session) else None
    return f"SET {'LOCAL ' if local else ''}search_path = {path_text(path)}"


async def ask_as_author(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement by the author's path; its rows, or none. Raises psycopg.Error, and then nothing was done.

    For a session that one task has to itself, as all that go by pipeline.
    """
    if _is_under(connection):
        return await ask(connection, sql, parameters)
    cursor = await _run(connection, sql, parameters)
    return await cursor.fetchall() if cursor.description else []


@contextlib.asynccontextmanager
async def many_as_author(connection: Connection) -> AsyncIterator[None]:
    """In an open transaction: every statement here is by the author's path, which is set once for all of them.

    Statements that are only ours have to wait until after it. Where something is raised the transaction is undone.
    """
    await connection.execute(sql_bytes(authors_path(connection)))
    _mark(connection, True)
    try:
        yield
    finally:
        _mark(connection, False)
    await connection.execute(OUR_PATH_AGAIN)


def _mark(connection: Connection, under: bool) -> None:
    if isinstance(connection, Session):
        connection.under_authors_path = under


def _is_under(connection: Connection) -> bool:
    return isinstance(connection, Session) and connection.under_authors_path


async def answers_as_author(connection: Connection, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a query by the author's path, in an open transaction, also in the middle of a pipeline."""
    if _is_under(connection):
        return await ask(connection, sql, parameters)
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await connection.execute(sql_bytes(authors_path(connection)))
        await cursor.execute(sql_bytes(sql), parameters)
        await connection.execute(OUR_PATH_AGAIN)
        return await cursor.fetchall()


async def change_as_author(
    connection: Connection, sql: str, parameters: Sequence[object], pipeline: psycopg.AsyncPipeline | None = None
) -> int:
    """Run one statement by the author's path; how many rows it touched. In a pipeline, what was sent before is answered
    with it."""
    if _is_under(connection):
        return await change(connection, sql, parameters, pipeline)
    if pipeline is None:
        return (await _run(connection, sql, parameters)).rowcount
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await connection.execute(sql_bytes(authors_path(connection)))
        await cursor.execute(sql_bytes(sql), parameters)
        await connection.execute(OUR_PATH_AGAIN)
        await pipeline.sync()
        return cursor.rowcount


async def _run(connection: Connection, sql: str, parameters: Sequence[object]) -> psycopg.AsyncRawCursor[Any]:
    """In the transaction that is open, or in one of its own."""
    alone = connection.info.transaction_status == IDLE
    cursor = psycopg.AsyncRawCursor(connection)
    try:
        async with connection.pipeline():
            if alone:
                await connection.execute("BEGIN")
            await connection.execute(sql_bytes(authors_path(connection)))
            await cursor.execute(sql_bytes(sql), parameters or None)
            await connection.execute("COMMIT" if alone else OUR_PATH_AGAIN)
    except BaseException:
        if alone:
            await undo(connection)
        raise
    return cursor


async def undo(connection: Connection) -> None:
    """Leave nothing of a transaction that failed in a pipeline.

    A session that was ended in the middle of one cannot be used: it is closed.
    """
    with contextlib.suppress(psycopg.Error):
        await connection.rollback()
    if connection.closed:
        return
    if connection.pgconn.pipeline_status != PipelineStatus.OFF or connection.info.transaction_status != IDLE:
        await connection.close()


async def qualified(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Each relation's name as the author wrote it, and with its schema as SQL writes it; as it was where there is none.

    Raises psycopg.Error when one cannot be read as a name.
    """
    return (await qualified_and_asked(connection, names))[0] if names else {}


async def qualified_and_asked(
    connection: Connection, names: Iterable[str], question: str = ""
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """The same, and the rows of a question of ours without parameters, in one journey to the server."""
    wanted = sorted(set(names))
    text = with_literals(sql_text(__package__, "qualified"), {"1": array_literal(wanted)})
    found, answer = await _in_one_message(connection, text, question)
    return {wanted[place - 1]: written for place, written in found}, answer


async def qualified_name(connection: Connection, name: str) -> str:
    """The same of one."""
    return (await qualified(connection, [name]))[name]


async def authors_schemas(connection: Connection) -> tuple[str, ...]:
    """The schemas of the author's path that are there, in their order: CREATE TABLE makes a table in the first."""
    rows, _ = await _in_one_message(connection, "SELECT pg_catalog.current_schemas(false)::pg_catalog.text[]")
    return tuple(rows[0][0])


async def _in_one_message(
    connection: Connection, sql: str, ours: str = ""
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of `sql` by the author's path, and of `ours` by our own.

    Several tasks may ask on this session: nothing of another's gets in between.
    """
    if one_statement_a_message(connection):
        return await _one_by_one(connection, sql), await ask(connection, ours) if ours else []
    text = f"{authors_path(connection)}; {sql}\n; {OUR_PATH_AGAIN}; {ours}"
    cursor = await connection.execute(sql_bytes(text))
    cursor.nextset()
    rows = await cursor.fetchall()
    cursor.nextset()
    return rows, await cursor.fetchall() if cursor.nextset() else []


async def _one_by_one(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """The rows of `sql` by the author's path, on a session that one task has to itself."""
    await connection.execute(sql_bytes(authors_path(connection, local=False)))
    try:
        return await ask(connection, sql)
    finally:
        await connection.execute(sql_bytes(f"SET search_path = {OUR_PATH}"))


def as_written(connection: Connection, name: str) -> str:
    """A qualified name as people of this database say it: without a schema that is in the author's path."""
    path = connection.path if isinstance(connection, Session) else None
    for schema in path or ():
        if name.startswith(f"{schema}."):
            return name.removeprefix(f"{schema}.")
    return name


__all__ = [
    "OUR_PATH_AGAIN",
    "answers_as_author",
    "as_written",
    "ask_as_author",
    "authors_path",
    "authors_schemas",
    "change_as_author",
    "many_as_author",
    "qualified",
    "qualified_and_asked",
    "qualified_name",
    "undo",
]
