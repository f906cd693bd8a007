"""Whether a proxy that shares server sessions stands in between. Found before anything is set, so that nothing is left.

A proxy promises a backend pid of its own making when a client connects; the backend that serves a query says its own.
That alone says that there is a proxy, and one that gives each client a session of its own (PgBouncer's session mode) is
as good as none. A session is shared when two clients that are both connected are served by one backend, or when one
client is served by two. Only questions are asked for that: no SET, no lock, no temporary table.
"""

import asyncio
import contextlib

import psycopg

from zdtui.errors import TargetError

PID = "SELECT pg_catalog.pg_backend_pid()"
ROUNDS = 4
"""A proxy with many idle backends may serve one client by the same one for a while."""
ANSWER_TIMEOUT = 5.0
"""Seconds for one answer: a proxy whose every backend is in use makes us wait for one."""

Connection = psycopg.AsyncConnection[tuple[object, ...]]


async def own_session(connection: psycopg.AsyncConnection[tuple[object, ...]], pid: int, conninfo: str) -> None:
    """Return when the session is our own. `pid`: the backend that answered on it first.

    TargetError, with what to do, when the session is shared with others.
    """
    if pid == connection.info.backend_pid:
        return
    try:
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as other:
            seen = await _look(connection, other, pid)
    except psycopg.Error as error:
        raise TargetError(f"{REFUSED} (it was asked, and said: {' '.join(str(error).split())})") from error
    if seen is not None:
        raise TargetError(f"{REFUSED} ({seen})")


REFUSED = (
    "a pooling proxy stands between here and the server, and gives no client a session of its own: connect to the"
    " server itself, or to a pool in session mode; nothing was set on the pool's sessions"
)


async def _look(first: Connection, second: Connection, pid: int) -> str | None:
    """What proves that sessions are shared; None when nothing does."""
    for _ in range(ROUNDS):
        await second.execute("BEGIN")
        try:
            theirs = await _pid(second)
            if theirs == pid:
                return f"backend {pid} answered two clients"
            mine = await _pid(first)
            if mine != pid:
                return f"backends {pid} and {mine} answered one client"
        except TimeoutError:
            return f"one client was not answered for {ANSWER_TIMEOUT:g} s while another was in a transaction"
        finally:
            with contextlib.suppress(psycopg.Error):
                await second.execute("COMMIT")
        mine = await _pid(first)
        if mine != pid:
            return f"backends {pid} and {mine} answered one client"
    return None


async def _pid(connection: Connection) -> int:
    async with asyncio.timeout(ANSWER_TIMEOUT):
        row = await (await connection.execute(PID)).fetchone()
    assert row is not None
    return int(str(row[0]))
