"""Managed services, simulated on a real server by what they have: roles, functions, and what they keep from a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, plan_of, step
from tests.integration.watch.watching import Watched, session
from zdtui.demo.embedded import SUPERUSER
from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, Guards
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.target.services import refused_server
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.board import Check, Outcome
from zdtui.watch.samples import Unseen

LONG = 240.0
LAG = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=None, oldest_transaction=None)
FILL = step("fill", BackfillAction(table="t", assignments=(("x", "1"),), where="x = 0"))
REPLICAS = """
CREATE FUNCTION {schema}.aurora_version() RETURNS text LANGUAGE sql AS $$ SELECT '16.4' $$;
CREATE FUNCTION {schema}.aurora_replica_status()
  RETURNS TABLE (server_id text, session_id text, replica_lag_in_msec double precision) LANGUAGE sql
  AS $$ SELECT 'db-1', 'MASTER_SESSION_ID', NULL UNION ALL SELECT 'db-2', 'a-b', {lag} $$;
"""


@contextmanager
def roles(database: Database, *names: str, login: bool = False) -> Iterator[None]:
    """Roles of the service, server-wide."""
    for name in names:
        database.execute(f"CREATE ROLE {name} {'LOGIN' if login else ''}", SUPERUSER)
    try:
        yield
    finally:
        for name in names:
            database.execute(f"DROP OWNED BY {name}; DROP ROLE {name}", SUPERUSER)


@contextmanager
def narrow(database: Database, *, monitor: bool) -> Iterator[str]:
    """A role as a service gives one: no superuser, owner of its table, with or without pg_monitor."""
    database.execute(
        "CREATE ROLE service_user LOGIN; CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0);"
        "INSERT INTO t SELECT g FROM generate_series(1, 200) g; ALTER TABLE t OWNER TO service_user;"
        f'GRANT CREATE ON DATABASE "{database.name}" TO service_user; GRANT CREATE ON SCHEMA public TO service_user;'
        + ("GRANT pg_monitor TO service_user;" if monitor else ""),
        SUPERUSER,
    )
    try:
        yield "service_user"
    finally:
        database.execute("DROP OWNED BY service_user CASCADE; DROP ROLE service_user", SUPERUSER)


async def check(driver: Driver, name: str) -> Check | None:
    await driver.until(lambda: driver.stage.board is not None, LONG)
    return next((each for each in driver.stage.board.checks if each.name == name), None)


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        (("rds_superuser", "rdsadmin"), "Amazon RDS"),
        (("cloudsqlsuperuser", "cloudsqladmin"), "Cloud SQL"),
        (("alloydbsuperuser", "cloudsqlsuperuser"), "AlloyDB"),
        (("azure_pg_admin", "azuresu"), "Azure Database"),
        (("neon_superuser",), "Neon"),
        (("supabase_admin",), "Supabase"),
    ],
)
@pytest.mark.parametrize("monitor", [True, False], ids=["pg_monitor", "narrow"])
async def test_a_service_is_named_and_a_backfill_runs_there(
    server18: Database, marks: tuple[str, ...], name: str, monitor: bool
) -> None:
    """Without a standby nothing is blind, although the role sees little and no function tells how far the WAL is."""
    for function in ("pg_current_wal_lsn()", "pg_current_wal_insert_lsn()", "pg_ls_waldir()"):
        server18.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, pg_monitor", SUPERUSER)
    with roles(server18, *marks), narrow(server18, monitor=monitor) as role:
        async with Driver(plan_of(FILL, guards=LAG), server18.dsn(role)) as driver:
            found = await check(driver, "managed service")
            assert found is not None
            assert found.outcome is Outcome.OK
            assert f"this is {name}" in found.finding
            assert (await driver.run("fill")).status is StepStatus.DONE


async def test_a_server_of_ones_own_is_no_service(server18: Database) -> None:
    async with Driver(plan_of(FILL), server18.dsn()) as driver:
        assert await check(driver, "managed service") is None


@pytest.mark.parametrize("schema", ["pg_catalog", "public"])
async def test_aurora_s_readers_are_guarded_by_aurora_s_own_figure(server18: Database, schema: str) -> None:
    server18.execute(REPLICAS.format(schema=schema, lag="35000"), SUPERUSER)
    with narrow(server18, monitor=True) as role:
        async with Driver(plan_of(FILL, guards=LAG), server18.dsn(role)) as driver:
            await driver.until(lambda: driver.stage.breached_guards, LONG)
            assert str(driver.stage.breached_guards[0]) == "replay lag of db-2 35 s is over 5 s (pane replication)"
            standbys = await check(driver, "standbys streaming")
            assert standbys is not None
            assert standbys.finding == "db-2 is 35 s behind"
            service = await check(driver, "managed service")
            assert service is not None
            assert "this is Amazon Aurora" in service.finding


async def test_aurora_s_lag_that_is_not_told_blinds_and_a_quick_reader_does_not(server18: Database) -> None:
    server18.execute(REPLICAS.format(schema="pg_catalog", lag="20"), SUPERUSER)
    with narrow(server18, monitor=True) as role:
        async with Driver(plan_of(FILL, guards=LAG), server18.dsn(role)) as driver:
            assert (await driver.run("fill")).status is StepStatus.DONE
        server18.execute("REVOKE EXECUTE ON FUNCTION pg_catalog.aurora_replica_status() FROM PUBLIC", SUPERUSER)
        async with Watched(server18.dsn(role)) as watched:
            samples = await watched.until(
                lambda s: s.replication.sample and isinstance(s.replication.sample.worst_lag, Unseen), "a hidden lag"
            )
    assert samples.replication.sample is not None
    assert "aurora_replica_status" in str(samples.replication.sample.worst_lag)


async def test_a_function_of_that_name_that_anybody_made_is_not_called(server18: Database) -> None:
    """It would run with the rights of the operator."""
    server18.execute("CREATE TABLE called (who text)", SUPERUSER)
    server18.execute("GRANT INSERT ON called TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC", SUPERUSER)
    with narrow(server18, monitor=True) as role:
        server18.execute(
            "CREATE FUNCTION public.aurora_replica_status() RETURNS TABLE (server_id text, session_id text,"
            " replica_lag_in_msec float8) LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO public.called VALUES (current_user); RETURN; END $$",
            role,
        )
        async with Driver(plan_of(FILL, guards=LAG), server18.dsn()) as driver:
            await driver.until(lambda: driver.stage.samples().replication.sample and driver.stage.board, LONG)
            assert driver.stage.samples().replication.sample.standbys == ()
    assert server18.execute("SELECT count(*) FROM called", SUPERUSER) == [(0,)]


async def test_whose_sessions_cannot_be_ended_is_known_with_the_reason(server18: Database) -> None:
    with roles(server18, "rdsadmin", "somebody", login=True):
        server18.execute("CREATE ROLE plain LOGIN", SUPERUSER)
        try:
            async with (
                session(server18.dsn("rdsadmin"), "provider"),
                session(server18.dsn("somebody"), "app"),
                session(server18.dsn(SUPERUSER), "dba"),
                session(server18.dsn("plain"), "own"),
                Watched(server18.dsn("plain")) as watched,
            ):
                samples = await watched.until(lambda s: s.queries.sample, "sessions")
            sample = samples.queries.sample
            assert sample is not None
            assert "a role of the service itself" in sample.untouchable["rdsadmin"]
            assert "belongs to the superuser" in sample.untouchable[SUPERUSER]
            assert "no member of pg_signal_backend" in sample.untouchable["somebody"]
            assert "plain" not in sample.untouchable
            async with session(server18.dsn("somebody"), "app"), Watched(server18.dsn()) as watched:
                samples = await watched.until(lambda s: s.queries.sample, "sessions")
            sample = samples.queries.sample
            assert sample is not None
            assert "somebody" not in sample.untouchable, "zdtui is a member of pg_signal_backend"
        finally:
            server18.execute("DROP ROLE plain", SUPERUSER)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024)", "CockroachDB"),
        ("PostgreSQL 11.2-YB-2.20.1.3-b0 on x86_64-pc-linux-gnu", "YugabyteDB"),
        ("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC, Redshift 1.0.61", "Amazon Redshift"),
        ("PostgreSQL 12.12 (Greenplum Database 7.1.0 build)", "Greenplum"),
    ],
)
async def test_what_only_speaks_the_protocol_is_refused_by_name(server18: Database, version: str, name: str) -> None:
    server18.execute(
        f"CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql AS $$ SELECT '{version}' $$",
        SUPERUSER,
    )
    with pytest.raises(TargetError, match=f"this is {name}, not PostgreSQL"):
        await connect(Target(server18.dsn()), application_name="zdtui test")
    with psycopg.connect(server18.dsn()) as left:
        rows = left.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    assert rows == (0,)


def test_postgresql_is_not_refused() -> None:
    assert refused_server("PostgreSQL 18.0 on x86_64-pc-linux-gnu, compiled by gcc") is None
    assert refused_server("EnterpriseDB 16.2.0 (PostgreSQL 16.2)") is None
