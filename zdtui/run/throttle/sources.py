"""What a throttle asks for by itself: the team's query, the team's address, the canary. Each is a task of its own.

One that fails, hangs or dies takes nothing with it: it is unanswered, which is said with the reason, and asked again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres.commands import command
from zdtui.postgres.sessions.authors import authors_path
from zdtui.run.throttle.answers import Reply, reply_of_address, reply_of_query
from zdtui.run.throttle.http import Client

ASK_EVERY = 1.0
"""Seconds between two questions to the team's own throttle, and between two canaries."""
AT_REST_EVERY = 0.02
CONNECT_WITHIN = 5.0
"""Seconds a session of ours may take to open."""
CANARY_WITHIN = 5.0

Connection = psycopg.AsyncConnection[Any]
Connect = Callable[[], Awaitable[Connection]]
Told = Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Sang:
    """How long one canary took, in seconds; or why there was none."""

    seconds: float | None
    why: str = ""


async def ask_query_for_ever(connect: Connect, query: str, timeout: timedelta, told: Told) -> None:
    """Once a second, on a read-only session of its own, until cancelled."""

    async def asking() -> None:
        async with _session(connect, b"; ".join(map(command, ("throttle_session", "read_only_session")))) as connection:
            await connection.execute(authors_path(connection, local=False).encode())
            while True:
                told(await reply_of_query(connection, query, timeout))
                await asyncio.sleep(ASK_EVERY)

    await _again_and_again(asking, lambda why: told(Reply(None, why)))


async def ask_address_for_ever(url: str, timeout: timedelta, told: Told) -> None:
    """Once a second until cancelled."""
    client = Client()

    async def asking() -> None:
        while True:
            told(await reply_of_address(client, url, timeout))
            await asyncio.sleep(ASK_EVERY)

    await _again_and_again(asking, lambda why: told(Reply(None, why)))


async def sing_for_ever(
    connect: Connect, clock: Callable[[], float], at_rest: Callable[[], bool], told: Callable[[Sang], None]
) -> None:
    """A canary once a second, quicker while its baseline is made, on a session of its own, until cancelled."""

    async def singing() -> None:
        async with _session(connect, command("throttle_session")) as connection:
            while True:
                began = clock()
                async with asyncio.timeout(CANARY_WITHIN):
                    await connection.execute(command("canary"))
                told(Sang(clock() - began))
                await asyncio.sleep(AT_REST_EVERY if at_rest() else ASK_EVERY)

    await _again_and_again(singing, lambda why: told(Sang(None, why)))


async def _again_and_again(asking: Callable[[], Awaitable[None]], failed: Callable[[str], None]) -> None:
    """Whatever ends it but being cancelled is a failure that is told, and it begins anew."""
    while True:
        try:
            await asking()
        except TimeoutError:
            failed("no answer in time")
        except (psycopg.Error, TargetError, OSError) as error:
            failed(" ".join(str(error).split()) or type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a source that fails in any way is unanswered, and shown as that
            failed(f"{type(error).__name__}: {' '.join(str(error).split())}")
        await asyncio.sleep(ASK_EVERY)


@asynccontextmanager
async def _session(connect: Connect, settings: bytes) -> AsyncIterator[Connection]:
    async with asyncio.timeout(CONNECT_WITHIN):
        connection = await connect()
    try:
        await connection.execute(settings)
        yield connection
    finally:
        with contextlib.suppress(psycopg.Error, OSError):
            await connection.close()
