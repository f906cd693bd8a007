"""The watcher on real servers: what it sees, and that nothing stops it."""

import asyncio
import os
import signal
from datetime import timedelta

import psycopg.conninfo
import pytest

from tests.fix_db import SETTINGS, Database
from tests.integration.run.far_link import far_link
from tests.integration.watch.watching import Watched, all_nodes, session
from zdtui.demo.embedded import SUPERUSER, Cluster
from zdtui.demo.folders import OwnedFolder
from zdtui.postgres.queries import query
from zdtui.sql.lock_modes import LockMode
from zdtui.watch.samples import Pane, Samples


def fresh(samples: Samples) -> bool:
    """Every pane has a sample and no complaint."""
    readings = [getattr(samples, pane.value) for pane in Pane]
    return all(reading.sample is not None and reading.error is None for reading in readings)


async def test_a_lock_queue_three_deep_is_a_tree_three_deep(server: Database) -> None:
    async with (
        session(server.dsn(), "reader", autocommit=False) as a,
        session(server.dsn(), "migration") as b,
        session(server.dsn(), "checkout") as c,
    ):
        await b.execute("DROP TABLE IF EXISTS queue; CREATE TABLE queue (i int)")
        await a.execute("SELECT * FROM queue")
        async with Watched(server.dsn(), frozenset({b.info.backend_pid})) as watched:
            wants = asyncio.create_task(b.execute("ALTER TABLE queue ADD COLUMN j int"))
            await watched.until(lambda s: s.locks.sample and s.locks.sample.waiting == 1, "the migration wait")
            behind = asyncio.create_task(c.execute("SELECT * FROM queue"))
            samples = await watched.until(lambda s: s.locks.sample and s.locks.sample.waiting == 2, "both wait")
            locks = samples.locks.sample
            assert locks is not None
            nodes = all_nodes(locks.roots)
            assert [node.backend.application for node in nodes] == ["reader", "migration", "checkout"]
            assert [node.mode for node in nodes] == ["ACCESS SHARE", "ACCESS EXCLUSIVE", "ACCESS SHARE"]
            assert {node.relation for node in nodes} == {"public.queue"}
            assert [node.backend.ours for node in nodes] == [False, True, False]
            assert locks.roots[0].backend.state == "idle in transaction"
            assert locks.waiting_behind_us == 1
            assert locks.longest_wait >= locks.victims_lost > type(locks.longest_wait)(0)
            await a.rollback()
            await asyncio.gather(wants, behind)
            await watched.until(lambda s: s.locks.sample and not s.locks.sample.roots, "nobody wait any more")


async def test_a_row_fought_over_names_its_table_and_a_prepared_transaction_its_name(server: Database) -> None:
    async with session(server.dsn(), "keeper") as a, session(server.dsn(), "wanter") as b:
        await a.execute("DROP TABLE IF EXISTS fought; CREATE TABLE fought (i int); INSERT INTO fought VALUES (1)")
        await a.execute("BEGIN; UPDATE fought SET i = 2; PREPARE TRANSACTION 'forgotten'")
        waits = asyncio.create_task(b.execute("UPDATE fought SET i = 3"))
        try:
            async with Watched(server.dsn()) as watched:
                samples = await watched.until(lambda s: s.locks.sample and s.locks.sample.waiting, "the row wait")
        finally:
            await a.execute("ROLLBACK PREPARED 'forgotten'")
            await waits
        assert samples.locks.sample is not None
        root = samples.locks.sample.roots[0]
        assert (root.backend.application, root.backend.state) == ("forgotten", "prepared transaction")
        assert "(row (0,1) of public.fought)" in root.children[0].relation


async def test_the_tree_agrees_with_the_server_s_own_word_on_every_mode(server: Database) -> None:
    """pg_blocking_pids is the judge, for each mode wanted against each mode held."""
    async with session(server.dsn(), "judge") as judge, session(server.dsn(), "a", autocommit=False) as a:
        await judge.execute("DROP TABLE IF EXISTS modes; CREATE TABLE modes (i int)")
        async with session(server.dsn(), "b", autocommit=False) as b:
            for held in LockMode:
                for wanted in LockMode:
                    await a.execute(f"LOCK TABLE modes IN {held} MODE".encode())
                    await b.execute("SET LOCAL lock_timeout = '10ms'")
                    try:
                        await b.execute(f"LOCK TABLE modes IN {wanted} MODE".encode())
                        blocked = False
                    except psycopg.errors.LockNotAvailable:
                        blocked = True
                    assert wanted.conflicts_with(held) == blocked, f"{wanted} against {held}"
                    await b.rollback()
                    await a.rollback()


async def test_queries_leaves_out_the_idle_and_ours_and_sees_the_oldest_transaction(server: Database) -> None:
    async with (
        session(server.dsn(), "report", autocommit=False) as report,
        session(server.dsn(), "idler") as idler,
        session(server.dsn(), "zdtui us", autocommit=False) as us,
    ):
        await us.execute("SELECT 1")
        await report.execute("SELECT 'who reads\x01this'")
        await idler.execute("SELECT 1")
        async with Watched(server.dsn(), frozenset({us.info.backend_pid})) as watched:
            samples = await watched.until(lambda s: s.queries.sample, "a sample of queries")
        queries = samples.queries.sample
        assert queries is not None
        assert [each.application for each in queries.backends] == ["report"]
        found = queries.backends[0]
        assert found.key.pid == report.info.backend_pid
        assert found.transaction_age is not None
        assert isinstance(queries.oldest_transaction, timedelta)
        assert queries.oldest_transaction > timedelta(0)
        assert found.state == "idle in transaction"


async def test_a_role_without_pg_monitor_is_told_what_it_cannot_see(server: Database) -> None:
    async with session(server.dsn(), "admin") as admin, session(server.dsn(), "report", autocommit=False) as report:
        server.execute("DROP ROLE IF EXISTS low; CREATE ROLE low LOGIN", SUPERUSER)
        await admin.execute("CREATE TABLE hid (i int)")
        await report.execute("SELECT * FROM hid")
        waits = asyncio.create_task(admin.execute("ALTER TABLE hid ADD j int"))
        async with Watched(server.dsn("low")) as watched:
            samples = await watched.until(
                lambda s: fresh(s) and s.locks.sample is not None and s.locks.sample.waiting, "all panes and the wait"
            )
        assert samples.queries.sample is not None
        assert samples.queries.sample.hidden_sessions >= 2
        assert samples.queries.sample.backends == ()
        assert samples.locks.sample is not None
        nodes = all_nodes(samples.locks.sample.roots)
        assert [node.backend.key.pid for node in nodes] == [report.info.backend_pid, admin.info.backend_pid]
        assert all(node.backend.hidden and node.backend.state is None for node in nodes)
        await report.rollback()
        await waits


async def test_progress_of_an_index_build_and_of_what_it_waits_for(server: Database) -> None:
    async with (
        session(server.dsn(), "builder") as builder,
        session(server.dsn(), "writer", autocommit=False) as writer,
        session(server.dsn(), "snapshot") as snapshot,
    ):
        await builder.execute("DROP TABLE IF EXISTS built; CREATE TABLE built (i int)")
        await builder.execute("INSERT INTO built SELECT generate_series(1, 1000)")
        await snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        await writer.execute("INSERT INTO built VALUES (0)")
        build = asyncio.create_task(builder.execute("CREATE INDEX CONCURRENTLY built_i ON built (i)"))
        async with Watched(server.dsn(), frozenset({builder.info.backend_pid})) as watched:
            samples = await watched.until(
                lambda s: s.progress.sample and any(c.waits_for for c in s.progress.sample.commands), "the build wait"
            )
            progress = samples.progress.sample
            assert progress is not None
            command = progress.commands[0]
            assert (command.command, command.relation) == ("CREATE INDEX CONCURRENTLY", "public.built")
            assert command.ours
            assert command.unit == "lockers"
            assert command.waits_for == writer.info.backend_pid
            assert {each.backend.application for each in progress.snapshot_holders} == {"writer", "snapshot"}
            await writer.rollback()
            samples = await watched.until(
                lambda s: (
                    s.progress.sample
                    and [c.waits_for for c in s.progress.sample.commands] == [snapshot.info.backend_pid]
                    and s.progress.sample.snapshot_holders
                ),
                "the build wait for the snapshot alone",
            )
            assert samples.progress.sample is not None
            holders = samples.progress.sample.snapshot_holders
            assert [each.backend.application for each in holders] == ["snapshot"]
            await snapshot.execute("COMMIT")
            await build
            await watched.until(lambda s: s.progress.sample and not s.progress.sample.commands, "the build end")


async def test_its_own_sessions_terminated_it_says_so_keeps_the_samples_and_comes_back(server: Database) -> None:
    async with session(server.dsn(), "admin") as admin, Watched(server.dsn()) as watched:
        await watched.until(fresh, "all panes")
        before = watched.watcher.pids
        assert len(before) == 2
        await admin.execute("SELECT pg_terminate_backend(unnest(%s::int[]))", [list(before)])
        samples = await watched.until(lambda s: all(getattr(s, p.value).error for p in Pane), "the loss")
        assert samples.locks.sample is not None, "stale, not gone"
        assert "lost" in (samples.locks.error or "")
        await watched.until(fresh, "all panes again")
        assert not before & watched.watcher.pids


async def test_a_server_restart_is_survived(server_folder: OwnedFolder) -> None:
    own = await asyncio.to_thread(Cluster.create, server_folder.path / "restarted", 18, SETTINGS)
    await asyncio.to_thread(own.start)
    try:
        async with Watched(own.dsn()) as watched:
            await watched.until(fresh, "all panes")
            await asyncio.to_thread(own.stop, "immediate")
            samples = await watched.until(
                lambda s: all("cannot connect" in (getattr(s, p.value).error or "") for p in Pane), "the loss"
            )
            assert samples.queries.sample is not None
            await asyncio.to_thread(own.start)
            await watched.until(fresh, "all panes again")
    finally:
        await asyncio.to_thread(own.stop, "immediate")


async def test_a_stopped_backend_is_noticed_in_seconds_and_replaced(server: Database) -> None:
    """Neither driver notices one that is alive and does nothing; only our own time limit does."""
    async with Watched(server.dsn()) as watched:
        await watched.until(fresh, "all panes")
        stuck = min(watched.watcher.pids)
        os.kill(stuck, signal.SIGSTOP)
        try:
            samples = await watched.until(lambda s: any(getattr(s, p.value).error for p in Pane), "the silence")
            complaints = [getattr(samples, pane.value).error for pane in Pane]
            assert any("no answer from the server for " in (error or "") for error in complaints)
            assert sum(error is None for error in complaints) >= 2, "the other session's panes go on"
            await watched.until(fresh, "all panes again")
        finally:
            os.kill(stuck, signal.SIGCONT)


async def test_a_server_far_away_is_seen(server18: Database) -> None:
    """The first question of a kind asks for its types, too: with a round trip of 0.4 s that takes longer than 1.5 s."""
    near = psycopg.conninfo.conninfo_to_dict(server18.dsn())
    async with far_link(str(near["host"]), int(str(near["port"])), 0.2) as port:
        far = psycopg.conninfo.make_conninfo(server18.dsn(), host="127.0.0.1", port=port)
        async with Watched(far) as watched:
            await watched.until(lambda s: s.locks.sample and s.queries.sample, "locks and queries from afar")


async def test_one_slow_question_leaves_the_others_alone(server: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from zdtui.watch import probe_session

    real = query
    monkeypatch.setattr(
        probe_session, "query", lambda name, v: "SELECT pg_sleep(10)" if name == "locks" else real(name, v)
    )
    async with Watched(server.dsn()) as watched:
        samples = await watched.until(lambda s: s.locks.error and s.queries.sample, "the slow pane")
        assert samples.locks.error == "the server took longer than 900 ms to answer"
        assert samples.queries.error is None
        assert samples.replication.error is None
        again = samples.queries.taken_at
        await watched.until(lambda s: s.queries.taken_at != again, "a fresh sample beside the slow one")


async def test_a_broken_question_is_shown_on_its_own_pane(server: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from zdtui.watch import probe_session

    real = query
    monkeypatch.setattr(
        probe_session, "query", lambda name, v: "SELECT nonsense" if name == "progress" else real(name, v)
    )
    async with Watched(server.dsn()) as watched:
        samples = await watched.until(lambda s: s.progress.error and s.replication.sample, "the broken pane")
        assert "nonsense" in (samples.progress.error or "")
        assert samples.replication.error is None
