"""Connecting with psycopg: libpq's own rules, a name of ours, and links that notice when the other end is gone."""

import logging
from dataclasses import dataclass

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection
from zdtui.postgres.identity import ServerIdentity
from zdtui.postgres.target import Target
from zdtui.postgres.unreachable import sentence
from zdtui.postgres.watch_parameters import asyncpg_parameters

__all__ = ["PasswordNeeded", "Target", "asyncpg_parameters", "connect", "identity", "probe", "session_defect"]

logging.getLogger("psycopg").addHandler(logging.NullHandler())
"""psycopg warns there of what it ignores; with nobody listening that would be written over the screen."""

DEAD_CLIENT_CHECK = "2s"
"""How often a busy backend looks whether its client still lives (PostgreSQL 14 and newer)."""


@dataclass(frozen=True, slots=True)
class PasswordNeeded:
    """The server wants a password and nothing supplied one."""

    user: str
    host: str
    port: int

    @property
    def prompt(self) -> str:
        """'Password for user ana on db1:5432: '."""
        return f"Password for user {self.user} on {self.host}:{self.port}: "


async def connect(target: Target, *, application_name: str, autocommit: bool = True) -> Connection:
    """A session on the target, named `application_name`, whose server notices a dead client within seconds.

    TargetError, with one sentence, when it cannot be had.
    """
    conninfo = target.complete(application_name)
    try:
        conn = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
    except psycopg.Error as error:
        raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
    try:
        await _notice_dead_clients(conn)
        await _dates_as_psycopg_reads_them(conn)
        await conn.set_autocommit(autocommit)
    except psycopg.Error as error:
        await conn.close()
        raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
    return conn


async def _dates_as_psycopg_reads_them(conn: Connection) -> None:
    """ISO output where the database or the role has another DateStyle; the order of day and month in input stays."""
    if not (conn.info.parameter_status("DateStyle") or "ISO").startswith("ISO"):
        await conn.execute("SET DateStyle = 'ISO'")


def probe(target: Target, application_name: str = "zdtui") -> PasswordNeeded | None:
    """Connect once and leave. None when it worked; PasswordNeeded when only a password is missing.

    Blocks for at most connect_timeout per host. TargetError, with one sentence, when the server cannot be reached.
    """
    conninfo = target.complete(application_name)
    try:
        psycopg.connect(conninfo).close()
    except psycopg.Error as error:
        needed = _password_needed(error)
        if needed is None or target.password is not None:
            raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
        return needed
    return None


async def identity(conn: Connection) -> ServerIdentity:
    """Which server this (autocommit) session is on. `system_identifier` is empty where the role may not ask for it."""
    cursor = await conn.execute(
        "SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_is_in_recovery(),"
        " pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')::int"
    )
    row = await cursor.fetchone()
    assert row is not None
    database, role, in_recovery, version, number = row
    return ServerIdentity(
        host=conn.info.host or conn.info.hostaddr,
        port=conn.info.port,
        database=database,
        role=role,
        version=version.split()[0],
        version_number=number,
        system_identifier=await _system_identifier(conn),
        in_recovery=in_recovery,
    )


async def session_defect(conn: Connection) -> str | None:
    """One sentence when this is not a session of its own (a pooling proxy is in between), else None.

    A pooler answers with a pid of its own making when a client connects; the backend that serves a query says its own.
    """
    pids = set()
    for _ in range(2):
        row = await (await conn.execute("SELECT pg_catalog.pg_backend_pid()")).fetchone()
        assert row is not None
        pids.add(row[0])
    if pids == {conn.info.backend_pid}:
        return None
    return (
        f"a pooling proxy stands between here and the server (it promised backend {conn.info.backend_pid},"
        f" backend {min(pids)} answered)"
    )


async def _system_identifier(conn: Connection) -> str:
    try:
        cursor = await conn.execute("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
        row = await cursor.fetchone()
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction):
        return ""
    return str(row[0]) if row else ""


async def _notice_dead_clients(conn: Connection) -> None:
    if conn.info.server_version < 140000:
        return
    try:
        await conn.execute(f"SET client_connection_check_interval = '{DEAD_CLIENT_CHECK}'")
    except psycopg.errors.InvalidParameterValue:
        return  # the server's platform cannot watch its sockets


def _password_needed(error: psycopg.Error) -> PasswordNeeded | None:
    attempt = error.pgconn
    if attempt is None or not attempt.needs_password:
        return None
    return PasswordNeeded(
        user=attempt.user.decode(errors="replace"),
        host=attempt.host.decode(errors="replace"),
        port=int(attempt.port or b"5432"),
    )
