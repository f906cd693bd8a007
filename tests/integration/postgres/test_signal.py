"""A signal hits exactly the backend that was shown."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database, ReplicatedDatabase
from tests.integration.watch.watching import session
from zdtui.demo.embedded import SUPERUSER
from zdtui.postgres.ask import ask
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.sessions.signal import signal_backend
from zdtui.postgres.table_locks.waiting import waiting_for


async def key_of(connection: psycopg.AsyncConnection[Any]) -> BackendKey:
    rows = await ask(connection, "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    return BackendKey(*rows[0])


async def test_cancel_and_terminate_reach_the_one_shown(server: Database) -> None:
    async with session(server.dsn(), "us") as us, session(server.dsn(), "them") as them:
        key = await key_of(them)
        sleep = asyncio.create_task(them.execute("SELECT pg_sleep(60)"))
        while not await ask(us, "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", [key.pid]):
            pass
        assert await signal_backend(us, key, "cancel")
        with pytest.raises(psycopg.errors.QueryCanceled):
            await sleep
        assert await signal_backend(us, key, "terminate")
        with pytest.raises(psycopg.OperationalError):
            await them.execute("SELECT pg_sleep(60)")
        assert not await signal_backend(us, key, "terminate"), "it is gone"


@pytest.mark.parametrize("action", ["cancel", "terminate"])
async def test_a_pid_that_was_given_to_another_since_is_left_alone(server: Database, action: str) -> None:
    async with session(server.dsn(), "us") as us, session(server.dsn(), "them") as them:
        key = await key_of(them)
        older = BackendKey(key.pid, key.backend_start - timedelta(microseconds=1))
        assert not await signal_backend(us, older, "terminate" if action == "terminate" else "cancel")
        await them.execute("SELECT 1")


async def test_our_own_backend_is_refused(server: Database) -> None:
    async with session(server.dsn(), "us") as us:
        assert not await signal_backend(us, await key_of(us), "terminate")
        await us.execute("SELECT 1")


async def test_a_walsender_is_refused(primary_with_standby: ReplicatedDatabase) -> None:
    async with session(primary_with_standby.dsn(SUPERUSER), "us") as us:
        rows = await ask(us, "SELECT pid, backend_start FROM pg_stat_activity WHERE backend_type = 'walsender'")
        assert rows
        assert not await signal_backend(us, BackendKey(*rows[0]), "terminate")
        assert await ask(us, "SELECT 1 FROM pg_stat_replication WHERE pid = $1", [rows[0][0]])


async def test_who_a_waiting_backend_waits_for(server: Database) -> None:
    async with (
        session(server.dsn(), "holder", autocommit=False) as holder,
        session(server.dsn(), "waiter") as waiter,
        session(server.dsn(), "us") as us,
    ):
        await waiter.execute("CREATE TABLE w (i int)")
        await holder.execute("SELECT * FROM w")
        assert await waiting_for(us, waiter.info.backend_pid) is None
        waits = asyncio.create_task(waiter.execute("DROP TABLE w"))
        while (found := await waiting_for(us, waiter.info.backend_pid)) is None:
            pass
        assert [(each.pid, each.application, each.state) for each in found] == [
            (holder.info.backend_pid, "holder", "idle in transaction")
        ]
        await holder.rollback()
        await waits
