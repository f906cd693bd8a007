"""`python -m zdtui.demo.traffic --dsn URI`: the application of the demo's shop, some thirty transactions a second.

It looks once a second where names are kept, goes on after every error, connects again when the server went away, and
says at its end how many transactions and errors there were. SIGTERM and SIGINT end it; with `--until-stdin-closes`
so does the end of the process that holds the other end of its standard input.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import asyncpg

from zdtui.counted import counted
from zdtui.demo.clients import KINDS, ClientKind, World
from zdtui.demo.shop_schema import Connection, read_columns
from zdtui.owned_tasks import beside
from zdtui.postgres.sessions.asyncpg_connect import SESSION_LOST

LOOK_EVERY = 1.0
"""Seconds between looks at the catalog."""
CONNECT_AGAIN_AFTER = 0.5
"""Seconds."""
FAILURES = (asyncpg.PostgresError, *SESSION_LOST, OSError, TimeoutError)
"""What a client counts and goes on after."""


@dataclass(slots=True)
class Tally:
    """What was done, and what went wrong by kind of error."""

    transactions: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in self.errors.most_common())
        return f"traffic: {counted(self.transactions, 'transaction')}, {counted(self.errors.total(), 'error')}" + (
            f" ({kinds})" * bool(kinds)
        )


@dataclass(slots=True)
class Traffic:
    """All clients of one application on one database."""

    dsn: str
    world: World = field(default_factory=World)
    tally: Tally = field(default_factory=Tally)
    ending: bool = False
    """Said besides cancelling: a cancellation that meets a connection just made can be lost on the way."""

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_looking())
            for kind in KINDS:
                for _ in range(kind.clients):
                    group.create_task(self._client(kind))

    async def _keep_looking(self) -> None:
        """Switch to the release that fits the schema."""
        while not self.ending:
            with contextlib.suppress(*FAILURES):
                async with self._connected("shop-config") as connection:
                    while not self.ending:
                        await self._look(connection)
                        await asyncio.sleep(LOOK_EVERY)
            await asyncio.sleep(CONNECT_AGAIN_AFTER)

    async def _look(self, connection: Connection) -> None:
        columns = await read_columns(connection)
        if columns is not self.world.columns:
            self.world.columns = columns
            say(f"traffic: now reads and writes {columns.value}")
        self.world.last_user = await connection.fetchval("SELECT coalesce(max(id), 1) FROM users")
        self.world.last_product = await connection.fetchval("SELECT coalesce(max(id), 1) FROM products")

    async def _client(self, kind: ClientKind) -> None:
        while not self.ending:
            try:
                async with self._connected(kind.application_name) as connection:
                    await self._rounds(kind, connection)
            except FAILURES as error:
                self.tally.errors[type(error).__name__] += 1
            await asyncio.sleep(CONNECT_AGAIN_AFTER)

    async def _rounds(self, kind: ClientKind, connection: Connection) -> None:
        """Round after round. A refused statement is counted and the catalog read again; a lost connection raises."""
        pause = self.world.chance.uniform(0.0, 0.3) * kind.pause_seconds
        while not (connection.is_closed() or self.ending):
            await asyncio.sleep(pause)
            pause = self.world.chance.uniform(0.5, 1.5) * kind.pause_seconds
            try:
                await kind.round(connection, self.world)
            except FAILURES as error:
                self.tally.errors[type(error).__name__] += 1
                if not connection.is_closed():
                    self.world.columns = await read_columns(connection)
            else:
                self.tally.transactions += 1

    @contextlib.asynccontextmanager
    async def _connected(self, application_name: str) -> AsyncIterator[Connection]:
        """A connection of that name, without cached statements: what was prepared before a migration fails after it."""
        settings = {"application_name": application_name}
        connection = await asyncpg.connect(self.dsn, statement_cache_size=0, server_settings=settings)
        try:
            yield connection
        finally:
            connection.terminate()


async def run_until(stop: asyncio.Event, traffic: Traffic) -> None:
    """Let it flow until `stop` is set."""
    async with beside(traffic.run()) as running:
        running.add_done_callback(lambda ended: stop.set())
        await stop.wait()
        traffic.ending = True
        running.cancel()


async def serve(dsn: str, until_stdin_closes: bool, seed: int | None = None) -> Tally:
    """The program without its arguments; returns what was done. SIGTERM and SIGINT end it."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        watch = (lambda: loop.call_soon_threadsafe(stop.set),)
        threading.Thread(target=_wait_for_end_of_stdin, args=watch, daemon=True).start()
    traffic = Traffic(dsn, World(chance=random.Random(seed)))
    await run_until(stop, traffic)
    return traffic.tally


def say(line: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="python -m zdtui.demo.traffic", description="The demo shop's application.")
    parser.add_argument("--dsn", required=True, help="URI of the shop, with the application's role")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when whoever started it ends")
    parser.add_argument("--seed", type=int, help="the same traffic each time")
    options = parser.parse_args(arguments)
    tally = asyncio.run(serve(options.dsn, options.until_stdin_closes, options.seed))
    say(str(tally))


def _wait_for_end_of_stdin(then: Callable[[], object]) -> None:
    """Unbuffered: a buffered reader in a thread would keep the interpreter from ending."""
    while os.read(0, 1024):
        pass
    with contextlib.suppress(RuntimeError):
        then()


if __name__ == "__main__":
    main()
