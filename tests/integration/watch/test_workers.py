"""A leader and its parallel workers are one session, wherever somebody is named: in the tree, in the way, in a queue."""

import asyncio

import psycopg

from tests.fix_db import Database
from tests.integration.watch.watching import Watched, all_nodes, parallel_report, session
from zdtui.demo.embedded import SUPERUSER
from zdtui.postgres.sessions.signal import signal_backend
from zdtui.postgres.table_locks.holders import find_holders
from zdtui.postgres.table_locks.lock_facts import Target
from zdtui.postgres.table_locks.waiting import waiting_for
from zdtui.run.locks.holders import holder_nodes
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

TABLE = (
    "CREATE TABLE reported (id int) WITH (parallel_workers = 2, fillfactor = 10);"
    "INSERT INTO reported SELECT pg_catalog.generate_series(1, 9000)"
)


async def test_a_parallel_report_is_one_in_the_way_and_it_is_the_leader(server: Database) -> None:
    server.execute(TABLE)
    table = Name("public", "reported")
    async with (
        parallel_report(server.dsn(), "reported") as (leader, workers),
        session(server.dsn(), "migration") as migration,
        session(server.dsn(), "looks") as looks,
    ):
        (row,) = await (await looks.execute("SELECT 'reported'::regclass::oid::bigint")).fetchall()
        target = Target(row[0], "public", "reported", LockMode.ACCESS_EXCLUSIVE)
        holders = await find_holders(looks, [target], [looks.info.backend_pid])
        assert {holder.pid for holder in holders} == {leader}
        (node,) = holder_nodes(holders)
        assert node.backend.key.pid == leader
        assert node.backend.workers == len(workers)
        assert node.backend.client_address == "local"
        assert node.backend.backend_type == "client backend", "C and K may signal it"

        wants = asyncio.create_task(migration.execute("SET lock_timeout = '60s'; LOCK TABLE reported"))
        async with Watched(server.dsn(), relations=(table,)) as watched:
            samples = await watched.until(lambda s: s.locks.sample and s.locks.sample.waiting, "the migration wait")
            assert samples.locks.sample is not None
            nodes = all_nodes(samples.locks.sample.roots)
            assert [each.backend.key.pid for each in nodes] == [leader, migration.info.backend_pid]
            assert nodes[0].backend.workers == len(workers)
            found = await waiting_for(looks, migration.info.backend_pid)
            assert found is not None
            assert [each.pid for each in found] == [leader]
            samples = await watched.until(
                lambda s: s.weights.sample and s.weights.sample.of(table) and s.queries.sample, "the table weighed"
            )
            weight = samples.weights.sample and samples.weights.sample.of(table)
            assert weight
            assert {each.pid for each in weight.holders} == {leader}
            assert samples.queries.sample is not None
            listed = {each.key.pid: each for each in samples.queries.sample.backends}
            assert listed[leader].workers == len(workers)
            assert not workers & set(listed)
        await migration.cancel_safe()
        await asyncio.wait({wants})
        assert isinstance(wants.exception(), psycopg.errors.QueryCanceled)


async def test_what_a_role_may_not_look_into_is_told_as_hidden_and_not_as_a_blocker_to_end(server: Database) -> None:
    """Without pg_monitor nobody says that a worker is one, nor who leads it."""
    server.execute(TABLE)
    server.execute("DROP ROLE IF EXISTS blind; CREATE ROLE blind LOGIN; GRANT pg_signal_backend TO blind", SUPERUSER)
    async with (
        parallel_report(server.dsn(), "reported", "") as (leader, workers),
        session(server.dsn("blind"), "l") as looks,
    ):
        (row,) = await (await looks.execute("SELECT 'reported'::regclass::oid::bigint")).fetchall()
        target = Target(row[0], "public", "reported", LockMode.ACCESS_EXCLUSIVE)
        holders = await find_holders(looks, [target], [looks.info.backend_pid])
        assert {holder.pid for holder in holders} == {leader, *workers}
        assert {(each.hidden, each.has_written, each.workers) for each in holders} == {(True, None, 0)}
        assert all("hidden from this role" in str(each) for each in holders)
        assert all(node.backend.hidden for node in holder_nodes(holders)), "decisions/signal.py refuses these"
        async with Watched(server.dsn("blind"), relations=(Name("public", "reported"),)) as watched:
            samples = await watched.until(
                lambda s: s.weights.sample and s.weights.sample.of(Name("public", "reported")), "the table weighed"
            )
        weight = samples.weights.sample and samples.weights.sample.of(Name("public", "reported"))
        assert weight
        assert {(each.pid, each.application) for each in weight.holders} == {
            (pid, "(hidden from this role)") for pid in (leader, *workers)
        }
        for holder in holders:
            assert not await signal_backend(looks, holder.backend, "cancel")
