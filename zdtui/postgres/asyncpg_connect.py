"""The watchers' connections. Their settings are taken from a live psycopg connection: one source of truth."""

import socket
import ssl
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import psycopg

from zdtui.postgres.tls import client_context

KEEPALIVES = (("TCP_KEEPIDLE", 2), ("TCP_KEEPALIVE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 3))
"""Seconds, seconds (macOS's name for the same), seconds, tries: as zdtui.postgres.target.DEFAULTS."""
UNACKNOWLEDGED_MS = 5000


@dataclass(frozen=True, slots=True)
class AsyncpgParameters:
    """What asyncpg needs to reach the very server a psycopg connection is on. repr shows no password."""

    host: str
    """The address really connected to (of many a name may have), or the socket folder."""
    port: int
    user: str
    database: str
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    direct_tls: bool = False

    def keywords(self) -> dict[str, Any]:
        """The arguments of asyncpg.connect. Nothing is left for asyncpg to look up in its own way."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "database": self.database,
            "password": self.password or "",
            "ssl": self.tls if self.tls is not None else False,
            "direct_tls": self.direct_tls,
        }


def asyncpg_parameters(conn: psycopg.AsyncConnection) -> AsyncpgParameters:
    """The parameters for the server that `conn` is connected to at this moment. psycopg.OperationalError if closed."""
    pgconn = conn.pgconn
    options = {option.keyword.decode(): (option.val or b"").decode() for option in pgconn.info}
    tls = client_context(options, conn.info.host) if pgconn.ssl_in_use else None
    return AsyncpgParameters(
        host=conn.info.hostaddr or conn.info.host,
        port=conn.info.port,
        user=conn.info.user,
        database=conn.info.dbname,
        password=conn.info.password or None,
        tls=tls,
        direct_tls=tls is not None and options.get("sslnegotiation") == "direct",
    )


async def connect_asyncpg(
    parameters: AsyncpgParameters, *, application_name: str, timeout: float
) -> asyncpg.Connection:
    """A watcher's session with our name. Raises what asyncpg raises, or TimeoutError after `timeout` seconds."""
    conn: asyncpg.Connection = await asyncpg.connect(
        **parameters.keywords(),
        timeout=timeout,
        command_timeout=timeout,
        server_settings={"application_name": application_name},
    )
    keep_alive(conn)
    return conn


def keep_alive(conn: asyncpg.Connection) -> None:
    """Make the kernel notice a dead link in about five seconds; asyncpg has no setting for it."""
    link = cast(Any, conn)._transport.get_extra_info("socket")
    if link is None or link.family not in (socket.AF_INET, socket.AF_INET6):
        return
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (*KEEPALIVES, ("TCP_USER_TIMEOUT", UNACKNOWLEDGED_MS)):
        if hasattr(socket, name):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
