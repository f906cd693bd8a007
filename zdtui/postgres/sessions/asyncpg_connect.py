"""The watchers' sessions: asyncpg, with a name of ours and the keepalives that asyncpg has no setting for."""

import socket
from collections.abc import Mapping
from typing import Any, cast

import asyncpg

from zdtui.postgres.encoding import ANY_BYTE, SQL_ASCII, UTF8, reader, writer

KEEPALIVES = (
    ("TCP_KEEPIDLE", 2),
    ("TCP_KEEPALIVE", 2),
    ("TCP_KEEPINTVL", 1),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 5000),
)
"""Seconds, seconds (macOS's name for the same), seconds, tries, milliseconds: as in `zdtui.postgres.target.target`."""

SESSION_LOST = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises by itself, whatever the server says: the session is of no more use. The second of them where an
answer was still owed, on a link so slow that the question before was given up. Neither is a PostgresError."""


async def connect_asyncpg(
    parameters: Mapping[str, Any], *, application_name: str, timeout: float
) -> "asyncpg.Connection[asyncpg.Record]":
    """A session named `application_name`. Raises what asyncpg raises, TimeoutError after `timeout` s."""
    told = {**parameters.get("server_settings", {}), "application_name": application_name}
    conn: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
        **{**parameters, "server_settings": told}, timeout=timeout
    )
    try:
        keep_alive(conn)
        await _speak(conn)
    except BaseException:
        conn.terminate()
        raise
    return conn


async def _speak(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Read and write text as `zdtui.postgres.encoding` says: bytes of another encoding end no question."""
    encoding = str(getattr(conn.get_settings(), "server_encoding", UTF8))
    if encoding == SQL_ASCII:
        await conn.execute(f"SET client_encoding = '{ANY_BYTE}'")
    for kind in ("text", "name"):
        await conn.set_type_codec(
            kind, schema="pg_catalog", encoder=writer(encoding), decoder=reader(encoding), format="binary"
        )


def keep_alive(conn: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make the kernel notice a dead link in about five seconds."""
    link = cast(Any, conn)._transport.get_extra_info("socket")
    if link is None or link.family not in (socket.AF_INET, socket.AF_INET6):
        return
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVES:
        if hasattr(socket, name):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
