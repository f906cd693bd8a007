"""Asking a psycopg session a question with $1-style parameters, so that a `%` in the text stays a `%`."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

from zdtui.postgres.encoding import sql_bytes

Connection = psycopg.AsyncConnection[Any]


async def ask(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a statement; its rows, or none."""
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await cursor.execute(sql_bytes(sql), parameters or None)
        return await cursor.fetchall() if cursor.description else []


async def ask_by_name(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
    """The rows of a query, their columns by name."""
    async with psycopg.AsyncRawCursor(connection, row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(sql), parameters)
        return await cursor.fetchall()


async def answers(connection: Connection, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a query, also in the middle of a pipeline: what was sent before is answered with it."""
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await cursor.execute(sql_bytes(sql), parameters)
        return await cursor.fetchall()


async def change(
    connection: Connection, sql: str, parameters: Sequence[object], pipeline: psycopg.AsyncPipeline | None = None
) -> int:
    """Run a statement; how many rows it touched. In a pipeline, what was sent before is answered with it."""
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await cursor.execute(sql_bytes(sql), parameters)
        if pipeline is not None:
            await pipeline.sync()
        return cursor.rowcount
