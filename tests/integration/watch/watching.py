"""A watcher on a real server, and waiting for what it sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import psycopg

from zdtui.postgres.sessions.connect import Target, asyncpg_parameters, connect
from zdtui.sql.text.name import Name
from zdtui.watch.samples import LockNode, Samples
from zdtui.watch.watcher import Watcher

PATIENCE = 240.0


class Watched:
    """Runs a watcher; `until` waits for a named condition of its samples."""

    def __init__(
        self, dsn: str, own_pids: frozenset[int] = frozenset(), interval: float = 0.1, relations: tuple[Name, ...] = ()
    ) -> None:
        self.dsn = dsn
        self.own_pids = own_pids
        self.watcher = Watcher(self._parameters, lambda: self.own_pids, self._changed, interval, lambda: relations)
        self._change = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.watcher.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.watcher.stop()
        await self._task

    async def until(self, seen: Callable[[Samples], Any], what: str) -> Samples:
        """The first samples for which `seen` is true."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not seen(self.watcher.samples):
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            raise AssertionError(f"never saw {what}; last: {self.watcher.samples}") from None
        return self.watcher.samples

    async def _parameters(self) -> dict[str, Any]:
        target = Target(self.dsn)
        conn = await connect(target, application_name="zdtui test")
        try:
            return asyncpg_parameters(conn, target)
        finally:
            await conn.close()

    def _changed(self, _: Samples) -> None:
        self._change.set()


@asynccontextmanager
async def session(dsn: str, name: str, autocommit: bool = True) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A client of the server, named."""
    conn = await psycopg.AsyncConnection.connect(dsn, application_name=name, autocommit=autocommit)
    try:
        yield conn
    finally:
        with suppress(psycopg.Error):
            await conn.close()


def all_nodes(nodes: tuple[LockNode, ...]) -> list[LockNode]:
    """Every node of a lock tree."""
    return [node for root in nodes for node in (root, *all_nodes(root.children))]


@asynccontextmanager
async def parallel_report(dsn: str, table: str, name: str = "nightly-report") -> AsyncIterator[tuple[int, set[int]]]:
    """A report that reads the table for as long as wanted, with two parallel workers: its pid, and theirs."""
    async with session(dsn, name) as conn, session(dsn, "beside") as beside:
        version, leader = conn.info.server_version, conn.info.backend_pid
        forced = "debug_parallel_query" if version >= 160000 else "force_parallel_mode"
        for setting in ("min_parallel_table_scan_size", "parallel_setup_cost", "parallel_tuple_cost"):
            await conn.execute(f"SET {setting} = 0".encode())
        await conn.execute(f"SET max_parallel_workers_per_gather = 2; SET {forced} = on".encode())
        reads = asyncio.create_task(
            conn.execute(f"SELECT count(*) FROM {table} WHERE pg_catalog.pg_sleep(1) IS NOT NULL".encode())
        )
        question = (
            "SELECT a.pid FROM pg_stat_activity AS a JOIN pg_locks AS l USING (pid)"
            " WHERE a.leader_pid = %s AND l.relation = %s::regclass AND l.granted"
        )
        workers: set[int] = set()
        try:
            async with asyncio.timeout(PATIENCE):
                while len(workers) < 2:
                    workers = {row[0] for row in await (await beside.execute(question, [leader, table])).fetchall()}
            yield leader, workers
        finally:
            await conn.cancel_safe()
            with suppress(psycopg.Error):
                await reads
