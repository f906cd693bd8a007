"""The watcher of `benchmarks/watching.py`, as the engine runs it and without a screen: all panes once an INTERVAL.

`watching_headless.py DSN TABLE INTERVAL`, in seconds. Says {"pids": [...]} once every pane has been read: the backends
it watches from. On a line of standard input it stops itself (SIGSTOP) when no question is under way; SIGCONT lets it go
on.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zdtui.postgres.sessions.connect import Target, asyncpg_parameters, connect
from zdtui.sql.text.name import Name
from zdtui.watch.samples import Pane, Samples
from zdtui.watch.watcher import Watcher

POLL = 0.5
"""Seconds after which the questions of a second have been answered, or the machine is too slow to measure on."""


class Headless:
    """One watcher, and what its panes were last seen to hold."""

    def __init__(self, dsn: str, table: str, interval: float) -> None:
        self._target = Target(dsn)
        relations = (Name(table, "public"),)
        self.watcher = Watcher(self._parameters, frozenset, self._changed, interval, lambda: relations)
        self._change = asyncio.Event()

    async def run(self) -> None:
        """Until standard input ends."""
        watching = asyncio.create_task(self.watcher.run())
        await self._all_fresh()
        sys.stdout.write(json.dumps({"pids": sorted(self.watcher.pids)}) + "\n")
        sys.stdout.flush()
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while await lines.readline():
            await self._all_fresh()
            os.kill(os.getpid(), signal.SIGSTOP)
        await self.watcher.stop()
        await watching

    async def _all_fresh(self) -> None:
        """Until every pane has a newer sample and no further question is due."""
        before = self._taken()
        while any(now is None or now == then for now, then in zip(self._taken(), before, strict=True)):
            self._change.clear()
            await self._change.wait()
        await asyncio.sleep(POLL)

    def _taken(self) -> list[float | None]:
        """When each pane was last read. A pane that cannot be read ends the measurement."""
        readings = [getattr(self.watcher.samples, pane.value) for pane in Pane]
        if failed := [reading.error for reading in readings if reading.error]:
            raise SystemExit(f"a pane failed: {failed[0]}")
        return [reading.taken_at for reading in readings]

    def _changed(self, _: Samples) -> None:
        self._change.set()

    async def _parameters(self) -> dict[str, Any]:
        conn = await connect(self._target, application_name="zdtui bench")
        try:
            return asyncpg_parameters(conn, self._target)
        finally:
            await conn.close()


if __name__ == "__main__":
    dsn, table, interval = sys.argv[1:]
    asyncio.run(Headless(dsn, table, float(interval)).run())
