"""Waiting for a server that may never answer, and ending our side of a link so that nobody waits for it any more."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Coroutine
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")


def cut(connection: psycopg.AsyncConnection[Any]) -> None:
    """End our side of the link: whoever waits for an answer on it hears at once that there will be none.

    Whatever the network does, and without a word to the server, which may not be there.
    """
    with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.pgconn.socket)) as link:
        link.shutdown(socket.SHUT_RDWR)


async def within(connection: psycopg.AsyncConnection[Any], asking: Coroutine[Any, Any, T], seconds: float) -> T:
    """The answer to what is asked on this session. TimeoutError when there is none in time: the link is cut then.

    Raises what the question raises.
    """
    task = asyncio.create_task(asking, name="a question with a deadline")
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
        if not done:
            cut(connection)
            await asyncio.wait([task], timeout=1.0)
            raise TimeoutError(f"no answer from the server for {seconds:g} s")
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1.0)
        elif not task.cancelled():
            task.exception()
