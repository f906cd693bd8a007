"""The application of `benchmarks/locks.py`: reads at a fixed rate, and transactions of 50 ms that overlap.

`locks_application.py DSN CONNECTIONS RATE OVERLAPPING ROWS`. Says {"ready": true}; for each line 'FROM TO' (moments of
time.monotonic(), which all processes share) it answers with the worst stall of what was due in between, once all of it
has been answered.
"""

import asyncio
import gc
import json
import random
import sys
import time

import asyncpg

SHORT = 0.05
"""Seconds of an overlapping transaction, a fifth more or less, so that they do not fall in step."""


class Application:
    """Open loop: a read is sent when it is due, on whichever connection comes next, and waits for it if it is busy."""

    def __init__(self, dsn: str, connections: int, rate: float, overlapping: int, rows: int) -> None:
        self._dsn, self._rate, self._rows = dsn, rate, rows
        self._connections, self._overlapping = connections, overlapping
        self._free: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()
        self._stalls: list[tuple[float, float]] = []
        """When it was due, and seconds until its answer."""
        self._tasks: set[asyncio.Task[None]] = set()
        """Those that have no answer yet."""

    async def run(self) -> None:
        """Until standard input ends."""
        for _ in range(self._connections):
            self._free.put_nowait(await asyncpg.connect(self._dsn))
        steady = [asyncio.create_task(self._overlap(place)) for place in range(self._overlapping)]
        steady.append(asyncio.create_task(self._read_at_the_rate()))
        await asyncio.sleep(0.3)
        self._say({"ready": True})
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            began, ended = map(float, line.split())
            self._say({"worst_ms": 1000 * await self._worst(began, ended)})
        for task in steady:
            task.cancel()

    async def _worst(self, began: float, ended: float) -> float:
        await asyncio.gather(*self._tasks)
        worst = max((stall for due, stall in self._stalls if began <= due <= ended), default=0.0)
        self._stalls = [each for each in self._stalls if each[0] > ended]
        return worst

    async def _read_at_the_rate(self) -> None:
        due = time.monotonic()
        while True:
            due += 1 / self._rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            task = asyncio.create_task(self._read(due))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, due: float) -> None:
        connection = await self._free.get()
        try:
            await connection.fetchval("SELECT v FROM t WHERE id = $1", random.randint(1, self._rows))
        finally:
            self._free.put_nowait(connection)
        self._stalls.append((due, time.monotonic() - due))

    async def _overlap(self, place: int) -> None:
        connection = await asyncpg.connect(self._dsn)
        await asyncio.sleep(SHORT * place / self._overlapping)
        while True:
            async with connection.transaction():
                began = time.monotonic()
                await connection.fetchval("SELECT v FROM t WHERE id = $1", place + 1)
                self._stalls.append((began, time.monotonic() - began))
                await asyncio.sleep(SHORT * random.uniform(0.8, 1.2))

    @staticmethod
    def _say(what: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    gc.disable()
    dsn, connections, rate, overlapping, rows = sys.argv[1:]
    asyncio.run(Application(dsn, int(connections), float(rate), int(overlapping), int(rows)).run())
