"""The one session on which agents' questions are asked.

It only reads, sends one statement a message, and looks names up in pg_catalog alone. No text of an agent is ever part
of a statement: it travels as a parameter.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import make_conninfo

from zdtui.agents.answer import RefusedError
from zdtui.agents.says import Says
from zdtui.counted import counted
from zdtui.errors import TargetError
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.commands import command, set_parameters
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import closed_unless_kept, connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.link import cut
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target

NAME = "zdtui agents"
"""How the session is called in pg_stat_activity and in the server's log."""
READ_ONLY = "-c default_transaction_read_only=on"
"""Said while the session is opened, so that its very first statement cannot write."""
STATEMENT_TIMEOUT = "2000"
SETTINGS = (
    ("statement_timeout", STATEMENT_TIMEOUT),
    ("lock_timeout", "300"),
    ("idle_in_transaction_session_timeout", "5000"),
    ("jit", "off"),
)
MOST_TOLD = 20
"""Sentences that wait for a person: a run that is followed is looked at once a second, whether anybody hears or not."""
ANSWER_WITHIN = 20.0
"""Seconds for one use of the session, of several questions."""


def only_reading(target: Target) -> Target:
    """The same target, whose sessions begin read-only. Raises TargetError."""
    options = " ".join(each for each in (target.effective().get("options", ""), READ_ONLY) if each)
    return Target(make_conninfo("", **{**target.given(), "options": options}), target.password)


@dataclass(slots=True)
class Database:
    """A database that may be asked. `told` hears why it could not be, which is for a person and never for an agent."""

    target: Target
    told: list[str] = field(default_factory=list)
    _session: Session | None = None
    _said: bool = False
    _free: asyncio.Lock = field(default_factory=asyncio.Lock)

    def tell(self, why: str) -> None:
        """To the person, once until it was heard."""
        if why not in self.told and len(self.told) < MOST_TOLD:
            self.told.append(why)

    @contextlib.asynccontextmanager
    async def asked(self) -> AsyncIterator[Session]:
        """The session, for one use at a time. Raises RefusedError whenever the server does not answer as it should."""
        async with self._free, self._answering():
            yield await self._open()

    @contextlib.asynccontextmanager
    async def another(self, name: str) -> AsyncIterator[Session]:
        """A session of its own under that name, which ends with the block. Raises RefusedError as well."""
        with self._refusing():
            session = await self._made(name)
        async with session:
            with self._refusing():
                yield session

    @contextlib.asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        """A session that does not answer, or is in the middle of something, is not used again."""
        try:
            with self._refusing():
                async with asyncio.timeout(ANSWER_WITHIN):
                    yield
        except RefusedError as refused:
            if refused.answer.says == (Says.UNREACHABLE,):
                await self._drop()
            raise
        except BaseException:
            await self._drop()
            raise

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """What the server says is for a person; an agent hears a fixed sentence."""
        try:
            yield
        except psycopg.errors.QueryCanceled:
            raise RefusedError(Says.TOO_SLOW) from None
        except psycopg.errors.InsufficientPrivilege:
            raise RefusedError(Says.NOT_ALLOWED) from None
        except (psycopg.Error, OSError, TargetError, TimeoutError) as error:
            self.tell(sentence(error) if isinstance(error, psycopg.Error) else str(error))
            raise RefusedError(Says.UNREACHABLE) from None

    @contextlib.asynccontextmanager
    async def one_moment(self) -> AsyncIterator[Session]:
        """The same in one transaction, so that all answers are of one moment."""
        async with self.asked() as session:
            await session.execute(command("begin_one_snapshot_read_only"))
            try:
                yield session
            finally:
                if not session.closed:
                    await session.execute(b"COMMIT")  # of nothing; after a ROLLBACK the driver deallocates by itself

    async def close(self) -> None:
        """Leave the server."""
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await session.close()

    async def _open(self) -> Session:
        if self._session is not None and not self._session.closed:
            return self._session
        self._session = await self._made(NAME)
        return self._session

    async def _made(self, name: str) -> Session:
        """A new session. Raises RefusedError where its role could do more than ask."""
        session = await connect(
            only_reading(self.target), application_name=name, one_statement_a_message=True, only_asks=True
        )
        async with closed_unless_kept(session) as keep:
            await set_parameters(session, SETTINGS)
            (role,) = await ask_by_name(session, query("agent_role"))
            if role["too_strong"]:
                raise RefusedError(Says.ROLE_TOO_STRONG)
            self._say_what_else_it_may(role["role"], role["tables_it_may_use"])
            keep()
        return session

    def _say_what_else_it_may(self, role: str, tables: int) -> None:
        """To the person, once: nothing is done with it, and it is not needed."""
        if tables and not self._said:
            self._said = True
            many = counted(tables, "table")
            self.tell(f"{role} may use {many} of yours, and agents need none: see docs/agents.md for a role")

    async def _drop(self) -> None:
        """Without a word to a server that may not answer."""
        session, self._session = self._session, None
        if session is not None:
            cut(session)
            with contextlib.suppress(psycopg.Error, OSError):
                await session.close()
