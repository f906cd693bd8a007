"""Asking a psycopg session a question with $1-style parameters, so that a `%` in the text stays a `%`."""

from collections.abc import Sequence
from typing import Any

import psycopg

Connection = psycopg.AsyncConnection[Any]


async def ask(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a statement; its rows, or none."""
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await cursor.execute(sql.encode(), parameters or None)
        return await cursor.fetchall() if cursor.description else []


async def change(connection: Connection, sql: str, parameters: Sequence[object]) -> int:
    """Run a statement; how many rows it touched."""
    async with psycopg.AsyncRawCursor(connection) as cursor:
        await cursor.execute(sql.encode(), parameters)
        return cursor.rowcount
