"""Putting a session back as it was opened, so that what a step sets, it sets for itself.

Not DISCARD ALL: that lets go of advisory locks, and the run's own is one of them. Everything else that a session can
keep is put back: settings, role, user, prepared statements, cursors, temporary objects, last values, channels.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import psycopg

from zdtui.postgres.ask import Connection
from zdtui.postgres.commands import command
from zdtui.postgres.encoding import speak
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.authors import IDLE, OUR_PATH_AGAIN
from zdtui.postgres.sessions.session import Session, read_path
from zdtui.postgres.sessions.settings import OUR_PATH, set_text

FIGURES_TOLD_FROM = 150000
"""The server version that can be asked to."""
MOST_TIMES = 1000
"""An advisory lock that was taken n times is let go of n times."""
READ_PATH = "SELECT pg_catalog.current_setting('search_path')"


def as_ourselves(connection: Connection) -> str:
    """What makes the rest of the transaction ours again: our own role and search_path.

    Constraints and triggers that wait for the COMMIT are looked at before, by the author's role and path.
    """
    role = connection.role if isinstance(connection, Session) else "none"
    quoted = role.replace("'", "''")
    return (
        "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL SESSION AUTHORIZATION DEFAULT;"
        f" SET LOCAL ROLE '{quoted}'; {OUR_PATH_AGAIN}"
    )


async def keep_path(connection: Connection, pin: bool) -> None:
    """Note the search_path that the author's statement leaves to the next one of its step; `pin`: then ours again."""
    text = f"{READ_PATH}; SET search_path = {OUR_PATH}" if pin else READ_PATH
    cursor = await connection.execute(text.encode())
    row = await cursor.fetchone()
    if isinstance(connection, Session) and row is not None:
        connection.path = read_path(str(row[0]), "")


@contextlib.asynccontextmanager
async def path_as_left(connection: Connection) -> AsyncIterator[None]:
    """In the block names are read by the search_path that the author's statements have left; after it, as before.

    In a transaction: should it be rolled back, its statements begin again by the path they began with.
    """
    before = connection.path if isinstance(connection, Session) else None
    await keep_path(connection, pin=False)
    try:
        yield
    finally:
        if isinstance(connection, Session) and before is not None:
            connection.path = before


async def restore(connection: Connection, lock_key: int, last: str) -> list[tuple[Any, ...]]:
    """Put the session back as it was opened; only the lock `lock_key` stays, if it is held. Raises psycopg.Error.

    `last`: a question for after that; its rows. All of it is one journey to the server where the step holds none of its
    advisory locks twice.
    """
    if connection.info.transaction_status != IDLE:
        await connection.rollback()
    role = "none"
    platform: tuple[str, ...] = ()
    if isinstance(connection, Session):
        role, platform = connection.role.replace("'", "''"), connection.platform
        connection.path = connection.opened_path
    parts = ("CLOSE ALL", "UNLISTEN *", "DISCARD TEMP", "DISCARD SEQUENCES", "DEALLOCATE ALL", "RESET ALL")
    ours = f"SET SESSION AUTHORIZATION DEFAULT; SET ROLE '{role}'; SET search_path = {OUR_PATH}"
    as_opened = [ours, *parts, set_text(connection.info.server_version), *platform]
    unlock_and_ask = [query("unlock_advisory").replace("$1", str(int(lock_key))), f"\n{last}"]
    unlocked, told = await _two_answers(connection, "; ".join([*as_opened, *unlock_and_ask]))
    await speak(connection)
    for _ in range(MOST_TIMES):
        if not unlocked:
            return told
        unlocked, told = await _two_answers(connection, "; ".join(unlock_and_ask))
    raise psycopg.OperationalError(f"the step holds an advisory lock {MOST_TIMES} times over")


async def tell_figures(connection: Connection) -> None:
    """Have what this session has counted seen by others now. Raises psycopg.Error. Older servers tell it later."""
    if connection.info.server_version >= FIGURES_TOLD_FROM:
        await connection.execute(command("tell_figures"))


async def _two_answers(connection: Connection, text: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of the two questions in a text that else only sets and discards."""
    cursor = await connection.execute(text.encode())
    found = []
    more: bool | None = True
    while more:
        if cursor.description:
            found.append(await cursor.fetchall())
        more = cursor.nextset()
    first, second = found
    return first, second
