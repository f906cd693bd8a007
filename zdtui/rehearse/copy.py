"""A copy of what the last steps destroy: another database on the same server, filled by pg_dump and psql.

It has the whole schema, the rows of the tables that these steps touch and of those they refer to, and the rehearsal's
journal, so that an engine goes on in it where the one before it stands.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from zdtui import amounts
from zdtui.errors import TargetError, ZdtuiError
from zdtui.fingerprint.dumper import Dumper, connection_environment, dumped
from zdtui.postgres.ask import ask
from zdtui.postgres.encoding import server_encoding, sql_bytes
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.relations import NAME
from zdtui.trace.scratch import complaints

PREFIX = "zdtui_rehearsal_"
LONGEST_NAME = 63
LARGEST = 256 * 1024**2
"""Bytes of tables that are copied at most."""
COMMENT = "a copy for a rehearsal of zdtui: it may be dropped when none is under way"
JOURNAL = "zdtui_rehearsal.*"
LEFT_OUT = ("--no-subscriptions",)


class CopyError(ZdtuiError):
    """Why there is no copy, in one sentence."""


def copy_name(database: str) -> str:
    """Of the copy of that database: the same each time, so that one that was left is found again."""
    name = f"{PREFIX}{database}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{PREFIX}{hashlib.sha256(database.encode()).hexdigest()[:32]}"


async def drop_copy(session: Session) -> bool:
    """Drop the copy that a rehearsal has made of the session's database; True when there was one.

    Raises psycopg.Error.
    """
    name = copy_name(session.info.dbname)
    rows = await ask(session, rehearsal_sql("copy_of"), [name])
    if not rows or not rows[0][1]:
        return False
    await session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    return True


@asynccontextmanager
async def copy_of(
    target: Target, dumper: Dumper, tables: Sequence[str]
) -> AsyncIterator[tuple[Target, tuple[str, ...]]]:
    """The copy, and what of it could not be made, a sentence each; it is dropped afterwards.

    `tables`: those whose rows it has, as SQL writes them. Raises CopyError where it cannot be made.
    """
    async with await connect(target, application_name=NAME, only_asks=False) as session:
        try:
            name, needed = await _made(session, tables)
        except psycopg.Error as error:
            said = f"no copy could be made of what they destroy: {sentence(error)}"
            raise CopyError(f"{said} (--scratch rehearses them, --no-contract leaves them out)") from error
        copy = Target(make_conninfo(target.conninfo, dbname=name), target.password)
        try:
            yield copy, await _fill(target, copy, dumper, needed, server_encoding(session))
        finally:
            await drop_copy(session)


async def _made(session: Session, tables: Sequence[str]) -> tuple[str, list[str]]:
    rows = await ask(session, rehearsal_sql("copied_tables"), [list(tables)])
    if (size := sum(row[1] for row in rows)) > LARGEST:
        raise CopyError(f"what they destroy is {amounts.size(size)}, too much to copy: rehearse them with --scratch")
    name = copy_name(session.info.dbname)
    await drop_copy(session)
    ((create,),) = await ask(session, rehearsal_sql("make_copy"), [name])
    await ask(session, create)
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(COMMENT))
    await session.execute(comment)
    return name, [row[0] for row in rows]


async def _fill(target: Target, copy: Target, dumper: Dumper, tables: Sequence[str], encoding: str) -> tuple[str, ...]:
    """Tables first, then rows, then what holds rows to rules. Raises TargetError."""
    rows = ["--data-only", *(f"--table={each}" for each in (*tables, JOURNAL))]
    told: list[str] = []
    for options in (["--section=pre-data", *LEFT_OUT], rows, ["--section=post-data", *LEFT_OUT]):
        told += await _restore(copy, dumper, await dumped(target, dumper, options, encoding, NAME))
    return tuple(f"not copied: {each}" for each in dict.fromkeys(told))


async def _restore(copy: Target, dumper: Dumper, text: str) -> tuple[str, ...]:
    """What psql complained of. It is the one beside pg_dump."""
    program = str(Path(dumper.program).with_name("psql"))
    try:
        process = await asyncio.create_subprocess_exec(
            *(program, "--no-psqlrc", "--quiet", "--file=-"),
            env={"LC_ALL": "C", **connection_environment(copy, NAME)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise TargetError(f"{program}: {error.strerror or error}") from None
    _, stderr = await process.communicate(sql_bytes(text))
    return complaints(stderr.decode(errors="backslashreplace"))
