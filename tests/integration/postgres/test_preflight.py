"""The board on real servers: each condition is really produced, and makes its check warn or stop."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database, ReplicatedDatabase
from tests.integration.watch.watching import session
from zdtui.demo.embedded import SUPERUSER
from zdtui.plan.model import (
    BackfillAction,
    Guards,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    Target,
)
from zdtui.postgres import preflight
from zdtui.postgres.queries import query_in
from zdtui.run.model.state import RunState
from zdtui.run.preflight.board import Check, Outcome
from zdtui.run.preflight.run_preflight import take_board

PLAN = Plan(
    name="tour",
    title="Tour",
    target=Target(minimum_version=14),
    guards=Guards(oldest_transaction=timedelta(milliseconds=1)),
    steps=(
        Step(
            id=StepId("add"),
            title="Add",
            phase=Phase.EXPAND,
            action=SqlAction(sql="ALTER TABLE users ADD COLUMN x int; CREATE TABLE fresh (i int)"),
            rollback=SqlRollback(sql="DROP TABLE fresh"),
        ),
        Step(
            id=StepId("fill"),
            title="Fill",
            phase=Phase.BACKFILL,
            action=BackfillAction(table="public.users", assignments=(("x", "1"),)),
            rollback=NoRollback(reason="nothing"),
        ),
    ),
    source="",
    path="tour.yaml",
    digest="d1",
)
USERS = "CREATE TABLE users (id int PRIMARY KEY, name text)"


async def board(
    conn: psycopg.AsyncConnection[Any], plan: Plan = PLAN, own_pids: Collection[int] = (), installed: bool = False
) -> dict[str, Check]:
    """The checks by name."""
    taken = await take_board(
        conn, plan, RunState(), own_pids=own_pids, journal_installed=installed, holder=None, now=datetime.now(UTC)
    )
    return {check.name: check for check in taken.checks}


def worrying(found: dict[str, Check]) -> dict[str, Outcome]:
    """What is not ok."""
    return {check.name: check.outcome for check in found.values() if check.outcome is not Outcome.OK}


async def test_a_fresh_database_and_its_owner_are_fit_to_go(server: Database) -> None:
    server.execute(USERS)
    async with session(server.dsn(), "zdtui tour") as us:
        found = await board(us, own_pids={us.info.backend_pid})
    assert worrying(found) == {}
    assert found["tables"].finding == "public.users, users"
    assert found["server version"].finding.startswith("PostgreSQL 1")


async def test_every_leftover_and_every_old_thing_is_named(server: Database) -> None:
    server.execute(USERS)
    server.execute("INSERT INTO users SELECT g, 'x' FROM generate_series(1, 10) g; INSERT INTO users VALUES (11, 'x')")
    server.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    server.execute("CREATE TRIGGER old_sync BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()")
    server.execute("ALTER TABLE users ADD CONSTRAINT old_check CHECK (id > 0) NOT VALID")
    with suppress(psycopg.errors.UniqueViolation):
        server.execute("CREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name)")
    name = f"gone-{server.name}"
    server.execute(f"BEGIN; INSERT INTO users VALUES (12, 'y'); PREPARE TRANSACTION '{name}'")
    slot = f"slot_{server.name}"[:60]
    server.execute(f"SELECT pg_create_physical_replication_slot('{slot}', true)", SUPERUSER)
    try:
        async with (
            session(server.dsn(), "zdtui tour") as us,
            session(server.dsn(), "zdtui former", autocommit=False) as former,
        ):
            await former.execute("SELECT 1")
            found = await board(us, own_pids={us.info.backend_pid})
    finally:
        server.execute(f"ROLLBACK PREPARED '{name}'")
        server.execute(f"SELECT pg_drop_replication_slot('{slot}')", SUPERUSER)
    expected = {
        "triggers": "old_sync on users",
        "NOT VALID constraints": "old_check on users",
        "invalid indexes": "users_name on users",
        "prepared transactions": name,
        "replication slots": f"{slot} is inactive",
        "oldest transaction": "zdtui former idle in transaction",
        "our other sessions": "zdtui former idle in transaction",
    }
    assert worrying(found) == dict.fromkeys(expected, Outcome.WARN)
    for check, words in expected.items():
        assert words in found[check].finding


async def test_an_invalid_index_of_a_cancelled_build_is_found_on_a_partition_too(server: Database) -> None:
    server.execute("CREATE TABLE users (id int, name text) PARTITION BY RANGE (id)")
    server.execute("CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (100)")
    async with (
        session(server.dsn(), "writer", autocommit=False) as writer,
        session(server.dsn(), "builder") as builder,
        session(server.dsn(), "zdtui tour") as us,
    ):
        await writer.execute("INSERT INTO users VALUES (1, 'x')")
        build = asyncio.create_task(builder.execute("CREATE INDEX CONCURRENTLY users_1_name ON users_1 (name)"))
        waits = "SELECT 1 FROM pg_stat_progress_create_index WHERE pid = %s AND phase LIKE 'waiting%%'"
        while not await (await us.execute(waits, [builder.info.backend_pid])).fetchone():
            pass
        await us.execute("SELECT pg_cancel_backend(%s)", [builder.info.backend_pid])
        with pytest.raises(psycopg.errors.QueryCanceled):
            await build
        await writer.rollback()
        found = await board(us)
    assert found["invalid indexes"].finding == "users_1_name on users_1"


async def test_a_role_that_may_not_is_stopped_with_all_that_it_lacks(server: Database) -> None:
    server.execute("DROP ROLE IF EXISTS low; CREATE ROLE low LOGIN", SUPERUSER)
    server.execute(USERS)
    async with session(server.dsn("low"), "zdtui tour") as us:
        found = await board(us)
    assert worrying(found) == {
        "role": Outcome.STOP,
        "journal": Outcome.STOP,
        "pg_monitor": Outcome.WARN,
        "oldest transaction": Outcome.WARN,
        "autovacuum": Outcome.WARN,
        "our other sessions": Outcome.WARN,
    }
    finding = found["role"].finding
    assert "does not own users (owner zdtui)" in finding
    assert "may not SELECT, UPDATE on public.users" in finding
    assert "may not create tables in schema public" in finding


async def test_a_standby_and_another_database_are_refused(primary_with_standby: ReplicatedDatabase) -> None:
    elsewhere = PLAN.model_copy(update={"target": Target(database="shop", minimum_version=99)})
    async with session(primary_with_standby.standby_dsn(), "zdtui tour") as us:
        found = await board(us, elsewhere)
    stops = {name for name, outcome in worrying(found).items() if outcome is Outcome.STOP}
    assert stops == {"primary", "database name", "server version"}
    async with session(primary_with_standby.dsn(), "zdtui tour") as us:
        found = await board(us)
    assert found["standbys streaming"].finding == "standby-a streams"


async def test_a_table_that_is_not_there_is_a_warning(server18: Database) -> None:
    async with session(server18.dsn(), "zdtui tour") as us:
        found = await board(us)
    assert found["tables"].outcome is Outcome.WARN
    assert found["tables"].finding == "not found: users, public.users"


async def test_a_failing_question_warns_and_the_session_is_as_before(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    server18.execute(USERS)
    real = query_in
    broken = {"slots": "SELECT nonsense", "preflight_archiver": "SELECT pg_sleep(30)"}
    monkeypatch.setattr(preflight, "query_in", lambda name, *given: broken.get(name) or real(name, *given))
    monkeypatch.setattr(preflight, "QUESTION_TIMEOUT_MS", 50)
    async with session(server18.dsn(), "zdtui tour") as us:
        await us.execute("SET statement_timeout = '5s'")
        found = await board(us, own_pids={us.info.backend_pid})
        assert await (await us.execute("SHOW statement_timeout")).fetchone() == ("5s",)
        assert us.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert set(worrying(found)) == {"replication slots", "WAL archive"}
    assert 'column "nonsense" does not exist' in found["replication slots"].finding
    assert "statement timeout" in found["WAL archive"].finding


async def test_a_hostile_table_name_is_only_a_name(server18: Database) -> None:
    server18.execute("""CREATE TABLE "it's ""$1"" %s" (id int)""")
    action = BackfillAction(table='''"it's ""$1"" %s"''', assignments=(("id", "1"),))
    fill = PLAN.steps[1].model_copy(update={"action": action})
    async with session(server18.dsn(), "zdtui tour") as us:
        found = await board(us, PLAN.model_copy(update={"steps": (fill,)}), own_pids={us.info.backend_pid})
    assert worrying(found) == {}
    assert found["tables"].finding == action.table
