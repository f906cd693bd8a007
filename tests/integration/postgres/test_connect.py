"""Connecting to real servers: as libpq would, noticed when it cannot be, and followed by asyncpg."""

from functools import partial

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.demo.embedded import SUPERUSER
from zdtui.errors import TargetError
from zdtui.postgres.sessions.asyncpg_connect import connect_asyncpg
from zdtui.postgres.sessions.connect import (
    PasswordNeeded,
    Target,
    asyncpg_parameters,
    connect,
    identity,
    probe,
    session_defect,
)


@pytest.mark.parametrize("tcp", [False, True], ids=["socket", "tcp"])
async def test_both_drivers_reach_the_same_database(server: Database, tcp: bool) -> None:
    target = Target(server.dsn(SUPERUSER, tcp=tcp))
    assert probe(target) is None
    conn = await connect(target, application_name="zdtui here")
    watcher = await connect_asyncpg(asyncpg_parameters(conn, target), application_name="zdtui watcher", timeout=60)
    try:
        who = await identity(conn)
        assert (who.database, who.role, who.in_recovery) == (server.name, SUPERUSER, False)
        assert who.version_number // 10000 == int(who.version.split(".")[0])
        assert int(who.system_identifier) > 0
        row = await watcher.fetchrow("SELECT current_database(), current_setting('port')::int, current_user")
        assert row is not None
        assert tuple(row) == (server.name, who.port, SUPERUSER)
        names = server.execute("SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'zdtui %'")
        assert set(names) == {("zdtui here",), ("zdtui watcher",)}
        assert await session_defect(conn) is None
    finally:
        await watcher.close()
        await conn.close()


async def test_the_server_is_told_to_notice_a_dead_client(server: Database) -> None:
    conn = await connect(Target(server.dsn()), application_name="zdtui")
    try:
        cursor = await conn.execute("SHOW client_connection_check_interval")
        assert await cursor.fetchone() == ("2s",)
        assert conn.autocommit
    finally:
        await conn.close()


async def test_libpq_s_own_variables_complete_what_was_not_said(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", str(server18.cluster.folder))
    monkeypatch.setenv("PGPORT", str(server18.cluster.port))
    monkeypatch.setenv("PGUSER", "zdtui")
    monkeypatch.setenv("PGDATABASE", server18.name)
    conn = await connect(Target(), application_name="zdtui")
    try:
        assert (await identity(conn)).database == server18.name
        found = asyncpg_parameters(conn, Target())
        assert (found["host"], found["database"]) == (str(server18.cluster.folder), server18.name)
    finally:
        await conn.close()


async def test_the_first_host_that_answers_is_the_one_the_watchers_follow(server18: Database) -> None:
    port = server18.cluster.port
    target = Target(f"host=127.0.0.1,127.0.0.1 port=1,{port} user={SUPERUSER} dbname={server18.name}")
    conn = await connect(target, application_name="zdtui")
    try:
        found = asyncpg_parameters(conn, target)
        assert (found["host"], found["port"]) == ("127.0.0.1", port)
    finally:
        await conn.close()


async def test_a_password_is_asked_for_only_when_the_server_wants_one(server18: Database) -> None:
    server18.execute("DROP ROLE IF EXISTS secretive; CREATE ROLE secretive LOGIN PASSWORD 'hunter2'", SUPERUSER)
    rules = server18.cluster.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"host all secretive 127.0.0.1/32 scram-sha-256\n{before}")
    server18.execute("SELECT pg_reload_conf()", SUPERUSER)
    conninfo = f"host=127.0.0.1 port={server18.cluster.port} user=secretive dbname={server18.name}"
    try:
        answer = probe(Target(conninfo))
        assert isinstance(answer, PasswordNeeded)
        assert "secretive" in answer.prompt
        target = Target(conninfo, password="hunter2")
        assert probe(target) is None
        conn = await connect(target, application_name="zdtui")
        watcher = await connect_asyncpg(asyncpg_parameters(conn, target), application_name="w", timeout=60)
        await watcher.close()
        await conn.close()
        with pytest.raises(TargetError, match="password authentication failed") as caught:
            probe(Target(conninfo, password="wrong-one"))
        assert "wrong-one" not in str(caught.value)
    finally:
        rules.write_text(before)
        server18.execute("SELECT pg_reload_conf()", SUPERUSER)


@pytest.mark.parametrize(
    ("conninfo", "said"),
    [
        ("host=127.0.0.1 port=1 dbname=shop user=ana", "Connection refused; check host and port"),
        ("host=/nowhere dbname=shop user=ana", "No such file or directory; check the socket folder"),
        ("host=no-such-host.invalid dbname=shop user=ana", "check the host name"),
    ],
)
async def test_an_unreachable_server_is_one_sentence(conninfo: str, said: str) -> None:
    for attempt in (partial(probe, Target(conninfo, password="hunter2")),):
        with pytest.raises(TargetError) as caught:
            attempt()
        assert said in str(caught.value)
        assert "database shop" in str(caught.value)
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(TargetError, match="cannot connect to"):
        await connect(Target(conninfo), application_name="zdtui")


async def test_a_missing_database_is_named(server18: Database) -> None:
    conninfo = f"host={server18.cluster.folder} port={server18.cluster.port} user=zdtui dbname=shoop"
    with pytest.raises(TargetError, match='database "shoop" does not exist; check the database name'):
        probe(Target(conninfo))


async def test_a_pooler_that_swaps_backends_is_told_by_the_pid(server18: Database) -> None:
    """A pooler's promise is a pid that is not the backend's; here the promise is swapped on a real session."""

    class Pooled(psycopg.AsyncConnection):
        """Says of itself what a pooler says."""

        @property
        def info(self) -> "Promise":  # type: ignore[override]
            return Promise()

    class Promise:
        """What a pooler told libpq."""

        backend_pid = 1

    conn = await Pooled.connect(server18.dsn(), autocommit=True)
    try:
        said = await session_defect(conn)
        assert said is not None
        assert "pooling proxy" in said
        assert "backend 1 was ours" in said
    finally:
        await conn.close()
