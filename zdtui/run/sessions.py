"""The conductor's three sessions, and the lock that makes it the conductor.

The *working* session holds the run's advisory lock: when its backend ends, and not before, the run is free. So a
second console can never begin while a statement of a dead one still works.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres.connect import Target, connect, identity
from zdtui.postgres.identity import ServerIdentity
from zdtui.postgres.own_backend import backend_key
from zdtui.postgres.session import backend_pid
from zdtui.run import journal
from zdtui.run.journal import Connection
from zdtui.watch.samples import BackendKey

HEARTBEAT_TIMEOUT = 3.0
"""Seconds an idle session may take to answer before it counts as lost."""

OBSERVER_NAME = "zdtui observer"


@dataclass
class Sessions:
    """The connections, open."""

    working: Connection
    journal: Connection
    watchdog: Connection
    """Looks at who waits for the working session, and for whom it waits: never held up by a journal that is written."""
    identity: ServerIdentity
    backend: BackendKey
    system_identifier: str = ""
    conductor_name: str = "zdtui"

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

    async def take_lock(self) -> bool:
        """Become the conductor if nobody is; True when we hold the lock, which the server is asked each time."""
        held = await journal.try_lock(self.working)
        name = self.conductor_name if held else OBSERVER_NAME
        await self.working.execute("SELECT pg_catalog.set_config('application_name', %s, false)", [name])
        return held

    async def latest_run(self, plan_name: str) -> UUID | None:
        """The newest run of the plan; None without one or without a journal."""
        if not await journal.installed(self.journal):
            return None
        return await journal.latest_run(self.journal, plan_name)

    async def beat(self, working_is_idle: bool) -> str | None:
        """Ask idle sessions for a sign of life; what is wrong, or None."""
        connections = [self.journal, self.working, self.watchdog] if working_is_idle else [self.journal]
        try:
            async with asyncio.timeout(HEARTBEAT_TIMEOUT):
                for connection in connections:
                    await connection.execute("SELECT 1")
        except TimeoutError:
            return f"no answer from the server for {HEARTBEAT_TIMEOUT:g} s"
        except psycopg.Error as error:
            return " ".join(str(error).split())
        return None

    async def close(self) -> None:
        """Close all; the lock goes with the working session."""
        for connection in (self.working, self.journal, self.watchdog):
            with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                async with asyncio.timeout(2):
                    await connection.close()


async def open_sessions(target: Target, plan_name: str) -> Sessions:
    """Connect all three. Raises TargetError when the server cannot be reached."""
    name = f"zdtui {plan_name}"[:63]
    working = await connect(target, application_name=name)
    opened = [working]
    try:
        beside = await connect(target, application_name="zdtui journal")
        opened.append(beside)
        watchdog = await connect(target, application_name="zdtui watchdog")
        opened.append(watchdog)
        await watchdog.execute("SET statement_timeout = '2s'; SET jit = off")
        await beside.execute("SET statement_timeout = '5s'")
        who = await identity(working)
        return Sessions(working, beside, watchdog, who, await backend_key(working), who.system_identifier, name)
    except (psycopg.Error, TargetError) as error:
        for connection in opened:
            with contextlib.suppress(psycopg.Error):
                await connection.close()
        raise TargetError(" ".join(str(error).split())) from error
