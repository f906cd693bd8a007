"""Connecting with psycopg: libpq's own rules, a name of ours, and links that notice when the other end is gone."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection
from zdtui.postgres.commands import set_parameters
from zdtui.postgres.encoding import speak
from zdtui.postgres.sessions.identity import BackendKey, ServerIdentity
from zdtui.postgres.sessions.link import within
from zdtui.postgres.sessions.pooler import PID, own_session
from zdtui.postgres.sessions.session import ANSWERS_WITHIN, Session, backend_pid, read_path
from zdtui.postgres.sessions.settings import OUR_PATH, platform_settings, set_text, settings
from zdtui.postgres.sessions.watch_parameters import asyncpg_parameters
from zdtui.postgres.target.services import refused_server
from zdtui.postgres.target.target import Target
from zdtui.postgres.target.unreachable import sentence

__all__ = [
    "PasswordNeeded",
    "Target",
    "asyncpg_parameters",
    "closed_unless_kept",
    "connect",
    "identity",
    "probe",
    "session_defect",
]

logging.getLogger("psycopg").addHandler(logging.NullHandler())
"""psycopg warns there of what it ignores; with nobody listening that would be written over the screen."""

PREPARED_AFTER = 5
"""psycopg's own: a statement that was sent as often is prepared."""
PREPARED_AT_ONCE = 0
SET_UP_WITHIN = 20.0
"""Seconds in which a server that let us in must have answered our first questions: a network may forget us then."""
OPENED_AS = (
    "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('search_path'), pg_catalog.current_setting('role'),"
    " current_user, pg_catalog.version(),"
    " (SELECT pg_catalog.to_char(pg_catalog.timezone('UTC', a.backend_start), 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    "    FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a)"
)
"""Asked under the author's own search_path and DateStyle, and therefore without an operator or a written date."""


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


async def connect(
    target: Target,
    *,
    application_name: str,
    autocommit: bool = True,
    one_statement_a_message: bool = False,
    only_asks: bool = False,
) -> Session:
    """A session on the target, named `application_name`, that is its own and has our settings and no others.

    `only_asks`: it carries no statement of anybody's out: what is silent for ANSWERS_WITHIN never answers.
    `one_statement_a_message`: from the first one on the server refuses a message that holds two.
    TargetError, with one sentence, when it cannot be had, or is shared with others by a pooling proxy.
    """
    conninfo = target.complete(application_name)
    prepared_after = PREPARED_AT_ONCE if one_statement_a_message else PREPARED_AFTER
    try:
        conn = await Session.connect(conninfo, autocommit=True, prepare_threshold=prepared_after)
    except psycopg.Error as error:
        raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
    conn.one_statement_a_message = one_statement_a_message
    conn.most_silence = ANSWERS_WITHIN if only_asks else None
    async with closed_unless_kept(conn) as keep:
        try:
            await within(conn, _made_ours(conn, conninfo, autocommit), SET_UP_WITHIN)
        except TimeoutError as error:
            raise TargetError(f"the server let us in, and then: {error}") from None
        except psycopg.Error as error:
            raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
        keep()
    return conn


@contextlib.asynccontextmanager
async def closed_unless_kept(*sessions: Connection) -> AsyncIterator[Callable[[], object]]:
    """Close the sessions at the end, however it comes (also by being cancelled), unless `keep()` was called."""
    async with contextlib.AsyncExitStack() as closing:
        for session in sessions:
            closing.push_async_callback(_close, session)
        yield closing.pop_all


async def _close(session: Connection) -> None:
    with contextlib.suppress(psycopg.Error, OSError):
        await session.close()


async def _made_ours(conn: Session, conninfo: str, autocommit: bool) -> None:
    """Look how it was opened, and give it our settings. Raises psycopg.Error and TargetError."""
    row = await _opened_as(conn)
    conn.pid, conn.role = int(row[0]), str(row[2])
    conn.backend = BackendKey(conn.pid, datetime.fromisoformat(row[5]).replace(tzinfo=UTC))
    conn.path = conn.opened_path = read_path(str(row[1]), str(row[3]))
    await own_session(conn, conn.pid, conninfo)
    await set_up(conn)
    await conn.set_autocommit(autocommit)


async def _opened_as(conn: Connection) -> tuple[Any, ...]:
    """The row of OPENED_AS. TargetError when this is another make of server, whatever it makes of the question."""
    try:
        row = await (await conn.execute(OPENED_AS)).fetchone()
        assert row is not None
        version = str(row[4])
    except psycopg.Error:
        said = await (await conn.execute("SELECT pg_catalog.version()")).fetchone()
        if said is not None and (refused := refused_server(str(said[0]))) is not None:
            raise TargetError(refused) from None
        raise
    if (refused := refused_server(version)) is not None:
        raise TargetError(refused)
    return tuple(row)


async def set_up(conn: Session) -> None:
    """Give the session our settings (`zdtui.postgres.sessions.settings`). Raises psycopg.Error."""
    await speak(conn)
    if conn.one_statement_a_message:
        ours = [(each.name, each.value) for each in settings(conn.info.server_version)]
        await set_parameters(conn, [("search_path", OUR_PATH), *ours])
    else:
        await conn.execute(set_text(conn.info.server_version).encode())
    for each in platform_settings(conn.info.server_version):
        with contextlib.suppress(psycopg.errors.InvalidParameterValue, psycopg.errors.UndefinedObject):
            statement = f"SET {each.name} = '{each.value}'"
            await conn.execute(statement.encode())
            conn.platform = (*conn.platform, statement)


def probe(target: Target, application_name: str = "zdtui") -> PasswordNeeded | None:
    """Connect once and leave. None when it worked; PasswordNeeded when only a password is missing.

    Blocks for at most connect_timeout per host. TargetError, with one sentence, when the server cannot be reached, or
    only through a pool that shares its sessions.
    """
    conninfo = target.complete(application_name)
    try:
        with psycopg.connect(conninfo, autocommit=True) as conn:
            row = conn.execute(PID).fetchone()
            behind_a_proxy = row is None or row[0] != conn.info.backend_pid
    except psycopg.Error as error:
        needed = _password_needed(error)
        if needed is None or target.password is not None:
            raise TargetError(sentence(str(error), target.effective(), target.secrets())) from None
        return needed
    if behind_a_proxy:
        with ThreadPoolExecutor(max_workers=1) as alone:
            alone.submit(asyncio.run, _connect_and_leave(target, application_name)).result()
    return None


async def _connect_and_leave(target: Target, application_name: str) -> None:
    await (await connect(target, application_name=application_name, only_asks=True)).close()


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
        timeline=None if in_recovery else await _timeline(conn),
    )


async def session_defect(conn: Connection) -> str | None:
    """Why this is no session like the application's (shared by a proxy, without triggers), in a sentence; else None."""
    expected, pids = backend_pid(conn), set()
    for _ in range(2):
        row = await (await conn.execute("SELECT pg_catalog.pg_backend_pid()")).fetchone()
        assert row is not None
        pids.add(row[0])
    if pids == {expected}:
        row = await (await conn.execute("SELECT pg_catalog.current_setting('session_replication_role')")).fetchone()
        if row is not None and row[0] == "replica":
            return "session_replication_role is replica: this session fires no triggers and looks at no foreign keys"
        return None
    return (
        "a pooling proxy stands between here and the server"
        f" (backend {expected} was ours, backend {min(pids - {expected})} answered)"
    )


async def _system_identifier(conn: Connection) -> str:
    try:
        cursor = await conn.execute("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
        row = await cursor.fetchone()
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction):
        return ""
    return str(row[0]) if row else ""


async def _timeline(conn: Connection) -> int | None:
    """By the name of the file that is written now: the control file says it only after the next checkpoint."""
    try:
        cursor = await conn.execute(
            "SELECT pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)"
        )
        row = await cursor.fetchone()
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction, psycopg.errors.FeatureNotSupported):
        return None
    return int(row[0], 16) if row and row[0] else None


def _password_needed(error: psycopg.Error) -> PasswordNeeded | None:
    attempt = error.pgconn
    if attempt is None or not attempt.needs_password:
        return None
    return PasswordNeeded(
        user=attempt.user.decode(errors="replace"),
        host=attempt.host.decode(errors="replace"),
        port=int(attempt.port or b"5432"),
    )
