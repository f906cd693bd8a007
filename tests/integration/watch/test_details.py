"""What a row that was opened tells, asked of real servers."""

import asyncio

import psycopg

from tests.fix_db import Database, ReplicatedDatabase
from tests.integration.run.driver import Driver, plan_of, sql_step
from tests.integration.watch.test_workers import TABLE
from tests.integration.watch.watching import PATIENCE, parallel_report, session
from zdtui.demo.embedded import SUPERUSER
from zdtui.run.model import commands as c
from zdtui.watch.details import (
    BackendDetails,
    Gone,
    OfBackend,
    OfPrepared,
    OfSlot,
    OwnLock,
    PreparedDetails,
    SlotDetails,
    Subject,
)
from zdtui.watch.read_details import read_details


async def details(conn: psycopg.AsyncConnection[object], subject: Subject) -> BackendDetails:
    """Of a backend that is there."""
    found = await read_details(conn, subject, frozenset())
    assert isinstance(found, BackendDetails)
    return found


async def test_a_backend_tells_what_it_holds_whom_it_keeps_and_whether_it_has_written(server: Database) -> None:
    server.execute("CREATE TABLE billed (i int PRIMARY KEY); INSERT INTO billed VALUES (1)")
    long_text = "select '" + "x" * 3000 + "'"
    async with (
        session(server.dsn(tcp=True), "billing-worker") as holder,
        session(server.dsn(), "migration") as wanter,
        session(server.dsn(), "looks") as looks,
    ):
        await holder.execute("BEGIN; UPDATE billed SET i = 2")
        wants = asyncio.create_task(wanter.execute("BEGIN; LOCK TABLE billed IN SHARE MODE"))
        subject = OfBackend(holder.info.backend_pid)
        found = await details(looks, subject)
        async with asyncio.timeout(PATIENCE):
            while not found.behind:
                found = await details(looks, subject)
        backend = found.backend
        assert (backend.application, backend.state) == ("billing-worker", "idle in transaction")
        assert backend.has_written
        assert backend.client_address == "127.0.0.1"
        assert backend.client_port
        assert OwnLock("ROW EXCLUSIVE", "public.billed", True) in found.locks
        assert OwnLock("ROW EXCLUSIVE", "public.billed_pkey", True) in found.locks
        assert [(each.pid, each.wants) for each in found.behind] == [
            (wanter.info.backend_pid, "SHARE on public.billed")
        ]
        assert not found.kept_by
        assert not found.query_is_cut
        waits = await details(looks, OfBackend(wanter.info.backend_pid))
        assert OwnLock("SHARE", "public.billed", False) in waits.locks
        assert [each.pid for each in waits.kept_by] == [holder.info.backend_pid]
        assert not waits.backend.has_written
        await holder.execute("ROLLBACK")
        await wants
        await holder.execute(long_text)
        assert (await details(looks, subject)).query_is_cut
        another = OfBackend(holder.info.backend_pid, waits.backend.key.backend_start)
        assert isinstance(await read_details(looks, another, frozenset()), Gone), "its pid belongs to somebody else"


async def test_what_is_of_another_database_is_not_called_by_a_name_of_this_one(server: Database) -> None:
    """Oids are a database's own: the same number is another table here, or none."""
    server.execute("CREATE TABLE here (i int)")
    async with session(server.dsn(), "looks") as looks, session(server.cluster.dsn("postgres"), "holds") as holder:
        oid = (await (await looks.execute("SELECT 'here'::regclass::oid::int")).fetchall())[0][0]
        await holder.execute("CREATE TEMPORARY TABLE there (i int)")
        (row,) = await (await holder.execute("SELECT 'there'::regclass::oid::int")).fetchall()
        async with session(server.cluster.dsn("postgres"), "waits") as waits:
            await holder.execute("BEGIN")
            await holder.execute(f"SELECT pg_advisory_xact_lock({oid})".encode())
            await holder.execute("LOCK TABLE there")
            waiting = asyncio.create_task(waits.execute(f"SELECT pg_advisory_xact_lock({oid})".encode()))
            try:
                subject = OfBackend(holder.info.backend_pid)
                found = await details(looks, subject)
                async with asyncio.timeout(PATIENCE):
                    while not found.behind:
                        found = await details(looks, subject)
                assert [each.wants for each in found.behind] == [f"EXCLUSIVE on advisory {oid}"]
                assert f"relation {row[0]} of database postgres" in {each.what for each in found.locks}
            finally:
                await holder.execute("ROLLBACK")
                await waiting


async def test_a_leader_names_its_workers_and_a_worker_its_leader(server: Database) -> None:
    server.execute(TABLE)
    async with parallel_report(server.dsn(), "reported") as (leader, workers), session(server.dsn(), "looks") as looks:
        found = await details(looks, OfBackend(leader))
        assert set(found.worker_pids) == workers
        assert OwnLock("ACCESS SHARE", "public.reported", True) in found.locks
        one = await details(looks, OfBackend(min(workers)))
        assert one.backend.leader_pid == leader


async def test_of_somebody_elses_session_a_role_without_pg_monitor_is_told_that_it_may_not_see(
    server: Database,
) -> None:
    server.execute("CREATE TABLE hidden (i int)")
    server.execute("DROP ROLE IF EXISTS low; CREATE ROLE low LOGIN", SUPERUSER)
    async with session(server.dsn(), "theirs") as theirs, session(server.dsn("low"), "looks") as looks:
        await theirs.execute("BEGIN; LOCK TABLE hidden")
        found = await details(looks, OfBackend(theirs.info.backend_pid))
        assert found.backend.hidden
        assert found.backend.state is None
        assert found.backend.has_written is None, "not known, which is not no"
        assert OwnLock("ACCESS EXCLUSIVE", "public.hidden", True) in found.locks, "pg_locks hides nothing"


async def test_a_prepared_transaction_tells_its_locks_and_one_that_is_over_is_gone(server: Database) -> None:
    server.execute("CREATE TABLE left_behind (i int)")
    server.execute("BEGIN; INSERT INTO left_behind VALUES (1); PREPARE TRANSACTION 'p'")
    async with session(server.dsn(), "looks") as looks:
        try:
            found = await read_details(looks, OfPrepared("p"), frozenset())
        finally:
            server.execute("ROLLBACK PREPARED 'p'")
        assert isinstance(found, PreparedDetails)
        assert (found.gid, found.database) == ("p", server.name)
        assert OwnLock("ROW EXCLUSIVE", "public.left_behind", True) in found.locks
        assert isinstance(await read_details(looks, OfPrepared("p"), frozenset()), Gone)


async def test_a_walsender_and_its_slot_tell_the_view_s_own_figures(primary_with_standby: ReplicatedDatabase) -> None:
    async with session(primary_with_standby.dsn(SUPERUSER), "looks") as looks:
        (row,) = await (await looks.execute("SELECT pid FROM pg_stat_replication")).fetchall()
        sender = (await details(looks, OfBackend(row[0]))).figures[0]
        assert sender.view == "pg_stat_replication"
        assert {"state", "sync_state", "sent_lsn", "replay_lsn"} <= {name for name, _ in sender.values}
        await looks.execute("SELECT pg_create_physical_replication_slot('kept', true)")
        try:
            found = await read_details(looks, OfSlot("kept"), frozenset())
            assert isinstance(found, SlotDetails)
            assert found.active_pid is None
            assert ("slot_name", "kept") in found.figures.values
        finally:
            await looks.execute("SELECT pg_drop_replication_slot('kept')")
        assert isinstance(await read_details(looks, OfSlot("kept"), frozenset()), Gone)


async def test_a_command_that_reports_its_progress_tells_the_phase(server: Database) -> None:
    server.execute("CREATE TABLE built (i int); INSERT INTO built VALUES (1)")
    async with (
        session(server.dsn(), "keeps", autocommit=False) as keeps,
        session(server.dsn(), "builds") as builds,
        session(server.dsn(), "looks") as looks,
    ):
        await keeps.execute("INSERT INTO built VALUES (2)")
        building = asyncio.create_task(builds.execute("CREATE INDEX CONCURRENTLY built_i ON built (i)"))
        subject = OfBackend(builds.info.backend_pid, reports_progress=True)
        found = await details(looks, subject)
        async with asyncio.timeout(PATIENCE):
            while not found.figures:
                found = await details(looks, subject)
        (figures,) = found.figures
        assert figures.view == "pg_stat_progress_create_index"
        assert "phase" in dict(figures.values)
        await keeps.rollback()
        await building


async def test_the_engine_asks_each_second_while_a_row_is_open_and_stops_when_it_is_closed(server18: Database) -> None:
    plan = plan_of(sql_step("one", "SELECT 1"))
    async with Driver(plan, server18.dsn()) as driver, session(server18.dsn(), "someone") as someone:
        driver.conductor.submit(c.LookAt(OfBackend(someone.info.backend_pid)))
        await driver.until(lambda: driver.stage.looked and isinstance(driver.stage.looked.details, BackendDetails))
        looked = driver.stage.looked
        assert looked is not None
        first = looked.taken_at
        await driver.until(lambda: driver.stage.looked and driver.stage.looked.taken_at > first)
        await someone.close()
        await driver.until(lambda: driver.stage.looked and isinstance(driver.stage.looked.details, Gone))
        driver.conductor.submit(c.LookAt(None))
        await driver.until(lambda: driver.stage.looked is None)
