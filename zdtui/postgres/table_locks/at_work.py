"""A statement that goes on when we are gone: what it has built so far is worth more than a client that can be told."""

import contextlib
from collections.abc import AsyncIterator

import psycopg

from zdtui.postgres.ask import Connection
from zdtui.postgres.sessions.settings import platform_settings

SETTING = "client_connection_check_interval"


@contextlib.asynccontextmanager
async def left_at_work(connection: Connection, wanted: bool) -> AsyncIterator[None]:
    """While the block works, its backend does not end because its client has gone. Raises psycopg.Error.

    The statement then ends by itself, and only after it the session and what it holds. A server before 14 never looks.
    """
    usual = next(
        (each.value for each in platform_settings(connection.info.server_version) if each.name == SETTING), None
    )
    if not wanted or usual is None:
        yield
        return
    await _set(connection, "0")
    try:
        yield
    finally:
        with contextlib.suppress(psycopg.Error):
            await _set(connection, usual)


async def _set(connection: Connection, value: str) -> None:
    with contextlib.suppress(psycopg.errors.InvalidParameterValue):
        await connection.execute(f"SET {SETTING} = '{value}'".encode())
