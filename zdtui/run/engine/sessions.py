"""The conductor's three sessions, and the lock that makes it the conductor.

The *working* session holds the run's advisory lock: when its backend ends, and not before, the run is free. So a
second console can never begin while a statement of a dead one still works.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus

from zdtui.errors import TargetError
from zdtui.postgres.commands import command, set_parameters
from zdtui.postgres.sessions.connect import Target, closed_unless_kept, connect, identity
from zdtui.postgres.sessions.ended import how_it_ended
from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.postgres.sessions.link import cut, within
from zdtui.postgres.sessions.session import Session, backend_pid
from zdtui.run.engine.liveness import Liveness
from zdtui.run.journal import store as journal
from zdtui.run.journal.store import Connection
from zdtui.run.model.console import session_name
from zdtui.watch.samples import BackendKey

HEARTBEAT_TIMEOUT = 3.0
"""Seconds an idle session may take to answer before it counts as lost."""

OBSERVER_NAME = "zdtui observer"


@dataclass
class Sessions:
    """The connections, open."""

    working: Session
    """Until `may_work` it only asks: a network that swallows all must not keep a console from its next try."""
    journal: Connection
    watchdog: Connection
    """Looks at who waits for the working session, and for whom it waits: never held up by a journal that is written."""
    identity: ServerIdentity
    backend: BackendKey
    system_identifier: str = ""
    conductor_name: str = "zdtui"
    liveness: Liveness = field(default_factory=Liveness)
    silent: str | None = None
    """Why the journal's session gave no sign of life when it was last asked; None: it did."""

    @property
    def pids(self) -> frozenset[int]:
        """Backends of ours, for the panes to mark."""
        return frozenset(backend_pid(connection) for connection in (self.working, self.journal, self.watchdog))

    @property
    def broken(self) -> str | None:
        """What is wrong with a session that is known to be gone; None while both stand."""
        for name, connection in (("working", self.working), ("journal", self.journal), ("watchdog", self.watchdog)):
            if connection.closed or connection.broken:
                return f"the {name} session is gone"
        return None

    def may_work(self) -> None:
        """It is known what this console is in the run: statements take as long as they take from now on."""
        self.working.most_silence = None

    async def take_lock(self) -> bool:
        """Become the conductor if nobody is; True when we hold the lock, which the server is asked each time."""
        held = await journal.try_lock(self.working)
        name = self.conductor_name if held else OBSERVER_NAME
        await set_parameters(self.working, [("application_name", name)])
        return held

    async def latest_run(self, plan_name: str) -> UUID | None:
        """The newest run of the plan; None without one or without a journal."""
        if not await journal.installed(self.journal):
            return None
        return await journal.latest_run(self.journal, plan_name)

    async def beat(self, working_is_idle: bool) -> str | None:
        """Ask for a sign of life; what is wrong with a session, or None. A link that gives none is cut.

        The working session is asked itself while it idles; while it works the server is asked about it.
        """
        self.liveness.heard(self.working.pgconn.transaction_status == TransactionStatus.ACTIVE)
        if working_is_idle:
            wrong = await _sign_of_life(self.working) or await _sign_of_life(self.watchdog)
            if wrong is not None:
                return wrong
        self.silent = await _sign_of_life(self.journal)
        if self.silent is None and (self.watchdog.closed or self.watchdog.broken):
            self.silent = "the watchdog session is gone"
        if self.silent is not None:
            return self.silent
        return await self.what_is_wrong(self.journal)

    async def what_is_wrong(self, asked_on: Connection) -> str | None:
        """What the server says is wrong with the working session's backend, asked on that session; None: nothing."""
        try:
            return await within(asked_on, self.liveness.wrong(asked_on, self.backend), HEARTBEAT_TIMEOUT)
        except (psycopg.Error, TimeoutError, OSError):
            return None

    @property
    def beside(self) -> tuple[Connection, Connection]:
        """The two beside the working one."""
        return self.journal, self.watchdog

    async def renew_beside(self, target: Target) -> tuple[Connection, ...]:
        """Two new sessions in place of the journal's and the watchdog's, which are silent; the old ones, closed.

        Raises TargetError.
        """
        opened, old = await open_beside(target), self.beside
        self.journal, self.watchdog, self.silent = *opened, None
        for connection in old:
            cut(connection)
            connection.pgconn.finish()
        return old

    async def close(self) -> None:
        """Close all; the lock goes with the working session."""
        for connection in (self.working, self.journal, self.watchdog):
            with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                async with asyncio.timeout(2):
                    await connection.close()


async def open_sessions(target: Target, plan_name: str) -> Sessions:
    """Connect all three. Raises TargetError when the server cannot be reached."""
    name = session_name(plan_name)
    working = await connect(target, application_name=name, only_asks=True)
    try:
        async with closed_unless_kept(working) as keep_working:
            journal, watchdog = await open_beside(target)
            async with closed_unless_kept(journal, watchdog) as keep_beside:
                who = await identity(working)
                keep_beside()
            keep_working()
    except (psycopg.Error, TargetError) as error:
        raise TargetError(" ".join(str(error).split())) from error
    assert working.backend is not None
    return Sessions(working, journal, watchdog, who, working.backend, who.system_identifier, name)


async def open_beside(target: Target) -> tuple[Connection, Connection]:
    """The journal's session and the watchdog's. Raises TargetError."""
    journal = await connect(target, application_name="zdtui journal", only_asks=True)
    try:
        async with closed_unless_kept(journal) as keep_journal:
            watchdog = await connect(target, application_name="zdtui watchdog", only_asks=True)
            async with closed_unless_kept(watchdog) as keep_watchdog:
                await watchdog.execute(command("watchdog_session"))
                await journal.execute(command("journal_session"))
                keep_watchdog()
            keep_journal()
    except psycopg.Error as error:
        raise TargetError(how_it_ended(error)) from error
    return journal, watchdog


async def _sign_of_life(connection: Connection) -> str | None:
    """What is wrong with the session; None when it answers."""
    try:
        await within(connection, connection.execute(command("alive")), HEARTBEAT_TIMEOUT)
    except TimeoutError:
        return f"no answer from the server for {HEARTBEAT_TIMEOUT:g} s"
    except psycopg.Error as error:
        return how_it_ended(error)
    return None
