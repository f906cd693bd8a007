"""Running a migration's script as its tool would, each from a clean session, and what its error comes from."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.pq import TransactionStatus

from zdtui.importing.migration import Script
from zdtui.importing.parts import parts_of
from zdtui.postgres.ask import Connection
from zdtui.postgres.encoding import sql_bytes, whole
from zdtui.postgres.target.target import Target
from zdtui.sql.split import split

APPLICATION = "zdtui rehearse"
LONGEST = "10min"
"""How long one statement may take."""
UNDEFINED = frozenset({"42P01", "42704", "42883", "42703", "3F000", "42P02", "26000"})
"""The server knows no such relation, type or role, function, column, schema."""
OF_EXTENSIONS = frozenset({"42704", "42883"})
MISSING_EXTENSION = re.compile(
    r'extension "(?P<a>[^"]+)" (?:is not available|is not installed|must be installed)'
    r'|required extension "(?P<b>[^"]+)"|extension control file ".*?(?P<c>[^/"]+)\.control"'
    r'|could not access file "(?:\$libdir/)?(?P<d>[^"]+)"'
)
NAMED = re.compile(r'"([^"]+)"|(?:function|type|operator class) ([^\s("]+)')
MISSING_ROLE = re.compile(r'^role "(.+)" does not exist$')


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a script did not come to its end."""

    why: str
    undefined: str = ""
    """The name that the server did not know, where that was it."""
    extension: str = ""
    """The extension that this server does not have, where that was it."""
    role: str = ""
    """The role that is not there, where that was it."""
    may_be_an_extension_s: bool = False
    """A type, function or the like is not there, as one that an extension brings."""
    half_done: bool = False
    """Some of it may have been done: it does not run in one transaction."""


class Runner:
    """Runs scripts in one database, on a session of its own."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._session: Connection | None = None

    async def run(self, script: Script) -> Broken | None:
        """Run it to its end; None, or why it was not. What it does in a transaction is taken back then."""
        session = await self._opened()
        for number, part in enumerate(parts_of(script)):
            statements = [each.text for each in split(part.sql)]
            together = part.one_transaction and all(each.transactional for each in split(part.sql))
            try:
                await (_in_one_transaction(session, part.sql) if together else _one_by_one(session, statements))
            except psycopg.Error as error:
                broken = _why(error, half_done=number > 0 or not together)
                await self.close()
                return broken
        await self._clean(session)
        return None

    async def close(self) -> None:
        """End the session; what is open in it is taken back."""
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await session.close()

    async def _opened(self) -> Connection:
        if self._session is None:
            self._session = await psycopg.AsyncConnection.connect(
                self._target.complete(APPLICATION), autocommit=True, prepare_threshold=None
            )
            await self._clean(self._session)
        return self._session

    async def _clean(self, session: Connection) -> None:
        """As it was when it was opened: no search_path, no temporary table of one script is there for the next."""
        await session.execute("DISCARD ALL")
        await session.execute(f"SET statement_timeout = '{LONGEST}'".encode())


async def _in_one_transaction(session: Connection, text: str) -> None:
    await session.execute("BEGIN")
    await session.execute(sql_bytes(text))
    await session.execute("COMMIT")


async def _one_by_one(session: Connection, texts: Sequence[str]) -> None:
    for text in texts:
        await session.execute(sql_bytes(text))
    if session.info.transaction_status is not TransactionStatus.IDLE:
        await session.execute("COMMIT")


def _why(error: psycopg.Error, *, half_done: bool) -> Broken:
    said = whole(error.diag.message_primary or " ".join(str(error).split()))
    extension = MISSING_EXTENSION.search(said)
    role = MISSING_ROLE.match(said)
    named = NAMED.search(said) if error.sqlstate in UNDEFINED else None
    return Broken(
        said,
        undefined="" if named is None else (named[1] or named[2]),
        extension="" if extension is None else next(each for each in extension.groups() if each),
        role="" if role is None else role[1],
        may_be_an_extension_s=error.sqlstate in OF_EXTENSIONS and role is None,
        half_done=half_done,
    )


def says(text: str, name: str) -> bool:
    """Whether a script speaks of that name: 'shop.users' of the table users."""
    last = name.rpartition(".")[2].strip('"')
    return re.search(rf"(?<![\w$]){re.escape(last)}(?![\w$])", text, re.IGNORECASE) is not None


def first_that_says(texts: Sequence[tuple[str, str]], name: str) -> str:
    """The first of these (what it is called, its text) that speaks of the name; empty where none does."""
    return next((called for called, text in texts if says(text, name)), "")
