"""Connecting the way libpq does: whatever a person did not say comes from PG*, the service file and `.pgpass`.

psycopg is libpq, so it reads all of these itself. asyncpg's settings are then taken from the live psycopg
connection, so that there is one source of truth about where we are (docs/adr/0002).
"""

import asyncio
import contextlib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import conninfo as libpq

from zdtui.errors import TargetError
from zdtui.postgres.identity import BackendKey, ServerIdentity

Connection = psycopg.AsyncConnection[Any]

NETWORK_DEFAULTS = {
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
"""A black hole is noticed after about 5 s instead of 25 s or more; whatever a person set wins."""
CLIENT_CHECK = "1s"
"""client_connection_check_interval: a backend whose client died stops within this time (PostgreSQL 14 and later)."""
KEEPALIVE = {"TCP_KEEPIDLE": 2, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 5000}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, as the person said it, and a password that was prompted for."""

    conninfo: str = ""
    """A URI or keyword string; may be empty."""
    password: str | None = field(default=None, repr=False)

    def parameters(self, application_name: str) -> dict[str, str]:
        """For psycopg: what was said, over our network defaults. Raises TargetError when it cannot be read."""
        try:
            said = {
                name: str(value) for name, value in libpq.conninfo_to_dict(self.conninfo).items() if value is not None
            }
        except psycopg.Error as error:
            raise TargetError(f"the connection string cannot be read: {_flat(error)}") from error
        known = {**NETWORK_DEFAULTS, **said, "application_name": application_name}
        return known if self.password is None else {**known, "password": self.password}


@dataclass(frozen=True, slots=True)
class PasswordNeeded:
    """The server wants a password that nothing supplied."""

    prompt: str


def probe(target: Target) -> PasswordNeeded | None:
    """Connect once and leave. None when all is well.

    Raises TargetError with one sentence that holds no password when the server cannot be reached.
    """
    try:
        psycopg.connect(target.for_libpq("zdtui probe")).close()
    except psycopg.OperationalError as error:
        attempt = error.pgconn
        if attempt is not None and attempt.needs_password:
            user, host = (attempt.user or b"").decode(), (attempt.host or b"").decode()
            return PasswordNeeded(f"Password for {user} at {host}: ")
        raise TargetError(_unreachable(error)) from error
    except psycopg.Error as error:
        raise TargetError(_unreachable(error)) from error
    return None


async def connect(target: Target, *, application_name: str, autocommit: bool = True) -> Connection:
    """A session of ours. Raises TargetError with one sentence when the server cannot be reached."""
    try:
        conninfo = target.for_libpq(application_name)
        connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=autocommit)
    except psycopg.Error as error:
        raise TargetError(_unreachable(error)) from error
    await connection.execute("SET client_encoding = 'UTF8'")
    if connection.info.server_version >= 140000:
        with contextlib.suppress(psycopg.Error):
            await connection.execute(f"SET client_connection_check_interval = '{CLIENT_CHECK}'")
    return connection


def _unreachable(error: psycopg.Error) -> str:
    return f"cannot connect: {_flat(error)}. Check --dsn, PGHOST and PGSERVICE, and that the server takes connections."


def _flat(error: psycopg.Error) -> str:
    return " ".join(str(error).split()).rstrip(".")


async def identity(connection: Connection) -> ServerIdentity:
    """Which server and database this session is on."""
    cursor = await connection.execute(
        "SELECT pg_catalog.current_database(), CURRENT_USER, pg_catalog.current_setting('server_version'), "
        "pg_catalog.pg_is_in_recovery(), (SELECT system_identifier::text FROM pg_catalog.pg_control_system())"
    )
    row = await cursor.fetchone()
    assert row is not None
    info = connection.info
    return ServerIdentity(
        host=info.host,
        port=info.port,
        database=row[0],
        role=row[1],
        version=str(row[2]).split(" ", maxsplit=1)[0],
        version_number=info.server_version,
        system_identifier=row[4],
        in_recovery=row[3],
    )


async def is_real_session(connection: Connection) -> bool:
    """False behind a transaction-pooling proxy: the backend that answers is not the one libpq was told of."""
    pids = set()
    for _ in range(3):
        cursor = await connection.execute("SELECT pg_catalog.pg_backend_pid()")
        row = await cursor.fetchone()
        pids.add(row[0] if row else None)
        await asyncio.sleep(0)
    return pids == {connection.info.backend_pid}


async def backend_key(connection: Connection) -> BackendKey:
    """The session's own backend, so that the panes can mark it."""
    cursor = await connection.execute(
        "SELECT pid, backend_start FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()"
    )
    row = await cursor.fetchone()
    assert row is not None
    return BackendKey(row[0], row[1])


def asyncpg_parameters(connection: Connection, target: Target) -> dict[str, Any]:
    """Keyword arguments for asyncpg.connect that lead to where this psycopg session is."""
    info = connection.info
    parameters: dict[str, Any] = {
        "host": info.host or None,
        "port": info.port,
        "user": info.user,
        "database": info.dbname,
        "password": info.password or target.password or None,
        "timeout": 5.0,
        "server_settings": {"application_name": "zdtui watcher"},
    }
    parameters["ssl"] = _ssl_context(connection) if connection.pgconn.ssl_in_use else False
    return parameters


def _ssl_context(connection: Connection) -> ssl.SSLContext:
    """As strict as the psycopg session was, by its own sslmode, sslrootcert, sslcert and sslkey."""
    settings = connection.info.get_parameters()
    mode = settings.get("sslmode", "prefer")
    context = ssl.create_default_context(cafile=settings.get("sslrootcert") if mode.startswith("verify") else None)
    context.check_hostname = mode == "verify-full"
    if not mode.startswith("verify"):
        context.verify_mode = ssl.CERT_NONE
    if settings.get("sslcert"):
        context.load_cert_chain(settings["sslcert"], settings.get("sslkey"))
    return context


def keep_alive(transport_socket: socket.socket) -> None:
    """asyncpg sets no keepalives: the same ones as libpq's, where the platform has them."""
    if transport_socket.family not in (socket.AF_INET, socket.AF_INET6):
        return
    transport_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        option = getattr(socket, name, None)
        if option is not None:
            transport_socket.setsockopt(socket.IPPROTO_TCP, option, value)
