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

PATIENCE = 60.0


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
