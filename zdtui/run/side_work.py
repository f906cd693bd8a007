"""What the operator may do beside the steps: signal another backend, remove an invalid index. Confirmed, journaled."""

import contextlib

import psycopg

from zdtui.postgres.authors import authors_path
from zdtui.postgres.restoring import keep_path
from zdtui.postgres.signal import signal_backend
from zdtui.run import effects as f
from zdtui.run import events as e
from zdtui.run.journal import Connection


async def signal(connection: Connection, effect: f.Signal, own_pids: frozenset[int]) -> e.BackendSignalled:
    """Cancel or terminate the backend, if it is still the same one; the event says whether the signal was delivered."""
    delivered = effect.backend.pid not in own_pids and await signal_backend(connection, effect.backend, effect.action)
    return e.BackendSignalled(action=effect.action, pid=effect.backend.pid, who=effect.who, delivered=delivered)


async def drop_index(connection: Connection, effect: f.DropInvalidIndex) -> e.IndexCleanedUp:
    """Run the confirmed DROP INDEX CONCURRENTLY without a short lock_timeout. Raises psycopg.Error when refused."""
    path = authors_path(connection, local=False)
    await connection.execute(f"SET lock_timeout = 0; SET statement_timeout = 0; {path}".encode())
    try:
        await connection.execute(effect.sql.encode())
    finally:
        with contextlib.suppress(psycopg.Error):
            await keep_path(connection, pin=True)
    return e.IndexCleanedUp(step=effect.step, index_name=effect.index_name, sql=effect.sql)
