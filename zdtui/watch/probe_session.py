"""One watching session and the probes that share it: asked in turn, each under its own time limit, for ever.

A probe that fails or is slow fails alone. A session that is lost, or does not answer at all, is opened again.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

import asyncpg
import psycopg

from zdtui.amounts import limit
from zdtui.errors import ZdtuiError
from zdtui.postgres.commands import command, set_session
from zdtui.postgres.queries import query, query_in
from zdtui.postgres.sessions.asyncpg_connect import SESSION_LOST, connect_asyncpg
from zdtui.postgres.sessions.settings import set_text
from zdtui.watch.probe import Asked, Rows
from zdtui.watch.probes import Change, Watched

STATEMENT_TIMEOUT_MS = 900
"""What the server gives one question."""
ANSWER_TIMEOUT = 1.5
"""Seconds we give one question, beside its journeys: only a server or a link that is stuck takes longer."""
MOST_JOURNEYS = 10
"""Journeys to the server that a question may take: the first of its kind asks what its types are."""
CONNECT_TIMEOUT = 3.0
FIRST_RETRY, LAST_RETRY = 0.5, 5.0
"""Seconds between tries to connect: doubled each time."""
LOST = (psycopg.Error, asyncpg.PostgresError, *SESSION_LOST, ZdtuiError, OSError, TimeoutError)

Parameters = Callable[[], Awaitable[Mapping[str, Any]]]


class LostError(Exception):
    """The session cannot be used any more; the message says why."""


class NowhereError(LostError):
    """Nobody knows yet where to connect to: looking again costs the server nothing."""


class ProbeSession:
    """Runs its probes once every `interval` seconds. `changed` is told what each look makes of the samples."""

    def __init__(
        self,
        probes: Sequence[Watched],
        parameters: Parameters,
        own_pids: Callable[[], frozenset[int]],
        changed: Callable[[Change], None],
    ) -> None:
        self.probes = probes
        self.pid: int | None = None
        """Backend of the session; None while there is none."""
        self._parameters = parameters
        self._own_pids = own_pids
        self._changed = changed
        self._conn: asyncpg.Connection[asyncpg.Record] | None = None
        self._version = 0
        self._patience = ANSWER_TIMEOUT
        """Seconds a question may take on the link there is, of which one journey was measured when it was made."""
        self._now = asyncio.Event()
        """Set when there is no use in waiting for the next try to connect."""

    async def run(self, interval: float) -> None:
        """Until cancelled."""
        retry = FIRST_RETRY
        try:
            while True:
                try:
                    await self._connect()
                    retry = FIRST_RETRY
                    await self._rounds(interval)
                except LostError as lost:
                    self._drop()
                    if isinstance(lost, NowhereError):
                        retry = FIRST_RETRY
                    self._all_failed(f"{lost}; trying again in {retry:g} s")
                    await self._rest(retry)
                    retry = min(retry * 2, LAST_RETRY)
        finally:
            await self._close()

    def look_now(self) -> None:
        """Try to connect now, where the next try is waited for: there is somewhere to connect to."""
        self._now.set()

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._now.wait()

    async def _connect(self) -> None:
        self._now.clear()
        try:
            parameters = await self._parameters()
        except LOST as error:
            raise NowhereError(f"cannot watch: {_said(error)}") from error
        try:
            self._conn = await connect_asyncpg(parameters, application_name="zdtui watcher", timeout=CONNECT_TIMEOUT)
            version = self._conn.get_server_version()
            self._version = version.major * 10000 + version.minor
            short = set_session([("statement_timeout", str(STATEMENT_TIMEOUT_MS))])
            said = "; ".join([set_text(self._version), command("watcher_session").decode(), short])
            sent = time.monotonic()
            await self._conn.execute(said, timeout=CONNECT_TIMEOUT)
            self._patience = ANSWER_TIMEOUT + MOST_JOURNEYS * (time.monotonic() - sent)
            self.pid = await self._conn.fetchval(command("backend_pid").decode(), timeout=self._patience)
        except LOST as error:
            raise LostError(f"cannot watch: {_said(error)}") from error

    async def _rounds(self, interval: float) -> None:
        while True:
            begun = time.monotonic()
            for probe in self.probes:
                await self._take(probe)
            await asyncio.sleep(max(0.05, begun + interval - time.monotonic()))

    async def _take(self, probe: Watched) -> None:
        try:
            seen = await probe.look(Asked(self._ask, self._own_pids(), time.monotonic()))
        except LostError:
            raise
        except asyncpg.QueryCanceledError:
            self._changed(probe.failed(f"the server took longer than {STATEMENT_TIMEOUT_MS} ms to answer"))
        except TimeoutError as error:
            raise LostError(f"no answer from the server for {limit(round(self._patience, 1))}") from error
        except (*SESSION_LOST, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, OSError) as error:
            raise LostError(f"the watching session is lost: {_said(error)}") from error
        except Exception as error:  # noqa: BLE001 - one pane's failure is shown there and leaves the others alone
            self._changed(probe.failed(_said(error)))
        else:
            self._changed(seen)

    async def _ask(self, name: str, *parameters: object) -> Rows:
        if self._conn is None:
            raise LostError("the watching session is closed")
        name, _, schema = name.partition("@")
        text = query_in(name, schema, self._version) if schema else query(name, self._version)
        async with asyncio.timeout(self._patience):
            return cast(Rows, await self._conn.fetch(text, *parameters))

    def fell(self, why: str) -> None:
        """It ended in a way that nobody planned: its panes say that they cannot see."""
        self._drop()
        self._all_failed(why)

    def _all_failed(self, why: str) -> None:
        for probe in self.probes:
            self._changed(probe.failed(why))

    def _drop(self) -> None:
        """Without a word to a server that may not answer."""
        conn, self._conn, self.pid = self._conn, None, None
        if conn is not None:
            conn.terminate()

    async def _close(self) -> None:
        if self._conn is not None:
            with contextlib.suppress(*LOST):
                await self._conn.close(timeout=0.5)
        self._drop()


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
