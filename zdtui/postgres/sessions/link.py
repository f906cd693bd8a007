"""Waiting for a server that may never answer, and ending our side of a link so that nobody waits for it any more."""

import contextlib
import os
import socket
from collections.abc import Coroutine
from typing import Any, TypeVar

import psycopg

from zdtui.owned_tasks import in_time

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
    try:
        return await in_time(asking, seconds, lambda: cut(connection))
    except TimeoutError:
        raise TimeoutError(f"no answer from the server for {seconds:g} s") from None
