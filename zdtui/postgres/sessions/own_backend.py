"""Which backend a session of ours is, so that the panes can mark it and nothing else is taken for it."""

from typing import Any

import psycopg

from zdtui.postgres.sessions.identity import BackendKey


async def backend_key(connection: psycopg.AsyncConnection[Any]) -> BackendKey:
    """The session's own backend."""
    cursor = await connection.execute(
        "SELECT pid, backend_start FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()"
    )
    row = await cursor.fetchone()
    assert row is not None
    return BackendKey(row[0], row[1])
