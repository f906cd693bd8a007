"""Whom we name before a CONCURRENTLY statement is whom PostgreSQL then waits for: both are asked, for every state."""

import asyncio
import contextlib
import re
import time

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.watch.watching import Watched
from zdtui.demo.embedded import Cluster
from zdtui.owned_tasks import beside
from zdtui.run.locks.outwaited import outwaited
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

SETUP = """
CREATE TABLE public.t (id int PRIMARY KEY, v int); CREATE INDEX t_v ON t (v); CREATE TABLE public.u (id int);
CREATE TABLE public.p (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (50); CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (50) TO (200);
INSERT INTO t SELECT g, g FROM generate_series(1, 100) g; INSERT INTO p SELECT * FROM t; INSERT INTO u SELECT generate_series(1, 1000)
"""
STATES = {
    "reads the table": "BEGIN; SELECT count(*) FROM t",
    "writes the table": "BEGIN; UPDATE t SET v = 0 WHERE id = 1",
    "locks rows of the table": "BEGIN; SELECT * FROM t WHERE id = 1 FOR UPDATE",
    "reads another table": "BEGIN; SELECT count(*) FROM u",
    "writes another table": "BEGIN; UPDATE u SET id = 0 WHERE id = 1",
    "holds a snapshot": "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
    "has a cursor open elsewhere": "BEGIN; DECLARE c CURSOR FOR SELECT * FROM u; FETCH 1 FROM c",
    "has begun and done nothing": "BEGIN",
    "prepared a change of the table": "BEGIN; UPDATE t SET v = 0 WHERE id = 1; PREPARE TRANSACTION 'a'",
    "prepared a change of another": "BEGIN; UPDATE u SET id = 0 WHERE id = 1; PREPARE TRANSACTION 'a'",
}
STATEMENTS = (
    "CREATE INDEX CONCURRENTLY t_v2 ON t (v)",
    "DROP INDEX CONCURRENTLY t_v",
    "REINDEX TABLE CONCURRENTLY t",
    "REINDEX INDEX CONCURRENTLY t_v",
    "ALTER TABLE p DETACH PARTITION p_2 CONCURRENTLY",
)
TABLE = Name("public", "t")
PARTITIONED = Name("public", "p")


async def waited_for(server: Database, statement: str, holder: psycopg.AsyncConnection[object]) -> set[int]:
    """The pids the server says the statement waits for, until the holder's transaction is over and it is done.

    Looked at from another database: a look in this one is a snapshot that is waited for.
    """
    worker = await psycopg.AsyncConnection.connect(server.dsn(), autocommit=True)
    looking = await psycopg.AsyncConnection.connect(server.cluster.dsn("postgres"), autocommit=True)
    found: set[int] = set()
    async with worker, looking, beside(worker.execute(statement.encode())) as running:
        while not running.done():
            row = await (await looking.execute("SELECT pg_blocking_pids(%s)", [worker.info.backend_pid])).fetchone()
            assert row is not None
            found |= set(row[0])
            if found:
                await holder.rollback()
                with contextlib.suppress(psycopg.errors.UndefinedObject):
                    await asyncio.to_thread(server.execute, "ROLLBACK PREPARED 'a'")
            await asyncio.sleep(0.01)
    return found


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("state", STATES)
async def test_those_who_are_named_are_those_it_waits_for(server: Database, state: str, statement: str) -> None:
    server.execute(SETUP)
    dsn = server.dsn()
    holder = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
    detaches = "DETACH" in statement
    await holder.execute((re.sub(r"\bt\b", "p", STATES[state]) if detaches else STATES[state]).encode())
    began = time.monotonic()

    async with Watched(dsn, relations=(PARTITIONED if detaches else TABLE,)) as watched:
        samples = await watched.until(
            lambda now: all((each.taken_at or 0.0) > began for each in (now.queries, now.weights)), "fresh samples"
        )
    named = {each.pid for each in outwaited(split(statement), samples, server.name)}
    expected = await waited_for(server, statement, holder)
    await holder.close()
    with contextlib.suppress(psycopg.errors.UndefinedObject):
        server.execute("ROLLBACK PREPARED 'a'")
    assert named == expected


async def test_a_snapshot_in_another_database_is_not_waited_for_and_not_named(
    server: Database, cluster18: Cluster
) -> None:
    holder = await psycopg.AsyncConnection.connect(server.cluster.dsn("postgres"), autocommit=True)
    await holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    await holder.execute("SELECT 1")
    server.execute(SETUP)
    async with Watched(server.dsn(), relations=(TABLE,)) as watched:
        samples = await watched.until(
            lambda now: (
                now.queries.sample
                and now.weights.sample
                and any(each.key.pid == holder.info.backend_pid for each in now.queries.sample.backends)
            ),
            "the session of the other database",
        )
    assert outwaited(split(STATEMENTS[0]), samples, server.name) == ()
    await holder.close()
