"""A session of ours: what it was opened with, so that it can be put back, and the backend that really serves it.

A cancel request travels on a connection of its own and names the backend, not the statement: one that comes late ends
whatever the session does then. So no question is begun on a session while a cancel of ours is on its way to it.
"""

import asyncio
import contextlib
import re
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready

from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.sessions.link import cut

ELEMENT = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"\s]*))\s*(?:,|\Z)')
"""One schema of a search_path as the server writes it."""
JOURNAL_SCHEMA = "zdtui"
CANCEL_TIMEOUT = 2.0
"""Seconds a cancel request may take to reach the server."""

ANSWERS_WITHIN = 20.0
"""Seconds without a byte after which a question of ours is given up: the server's own limits on them are shorter."""

Answer = TypeVar("Answer")


class Session(psycopg.AsyncConnection[Any]):
    """A connection that `zdtui.postgres.sessions.connect.connect` has set up."""

    pid: int = 0
    """The backend that serves it: behind a proxy not the one that was promised."""
    backend: BackendKey | None = None
    """The same, told from any other that gets its pid later; None before it was set up."""
    path: tuple[str, ...] | None = None
    """The author's search_path, for the next statement of the author's. None: as the server, database and role say."""
    under_authors_path: bool = False
    """The author's search_path is in force, for several statements of one transaction."""
    opened_path: tuple[str, ...] | None = None
    """What it was when the session was opened."""
    platform: tuple[str, ...] = ()
    """Statements that set what not every platform can."""
    role: str = "none"
    """What SET ROLE was when it was opened."""
    one_statement_a_message: bool = False
    """The server itself refuses a second statement in a message: every one is prepared (the extended protocol)."""

    most_silence: float | None = None
    """Seconds that a question waits without a byte from the server; None: as long as it takes, as for a statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cancels: set[asyncio.Task[None]] = set()

    async def wait(self, gen: PQGen[Answer], *args: Any, **kwargs: Any) -> Answer:
        """Begin a question and wait for its answer; a cancel that is on its way is let arrive first.

        psycopg.OperationalError after `most_silence`: the link is cut then, because a network or a proxy that takes all
        and gives nothing lets a keepalive pass.
        """
        if self._cancels:
            await self.cancels_arrived()
        if self.most_silence is None:
            return await super().wait(gen, *args, **kwargs)
        deadline = Silence(self, self.most_silence)
        try:
            return await super().wait(deadline.watched(gen), *args, **kwargs)
        except psycopg.OperationalError as error:
            if deadline.is_over:
                raise psycopg.OperationalError(f"no answer from the server for {deadline.seconds:g} s") from error
            raise
        finally:
            deadline.end()

    async def ask_to_cancel(self) -> None:
        """Ask the server to cancel what it does for us now. Returns when it has heard, or after CANCEL_TIMEOUT.

        The request goes on where the caller is cancelled meanwhile. It raises nothing: whether the statement was
        cancelled is for the server to say.
        """
        faults: list[Fault] = []
        task = OwnedTasks(faults.append).once("cancel request", self._send_cancel())
        self._cancels.add(task)
        task.add_done_callback(self._cancels.discard)
        await asyncio.wait([task])
        for fault in faults:
            raise fault.error

    async def cancels_arrived(self) -> None:
        """Wait until no cancel request of ours is on its way, but no longer than one may take."""
        while self._cancels:
            _, late = await asyncio.wait(set(self._cancels), timeout=CANCEL_TIMEOUT + 1.0)
            self._cancels -= late

    async def _send_cancel(self) -> None:
        with contextlib.suppress(psycopg.Error, OSError):
            await self.cancel_safe(timeout=CANCEL_TIMEOUT)


class Silence:
    """Cuts the link of a session when nothing has come from the server for so many seconds."""

    def __init__(self, session: psycopg.AsyncConnection[Any], seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._session = session
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cut)

    def watched(self, gen: PQGen[Answer]) -> PQGen[Answer]:
        """The same question: it begins to wait anew with every byte that comes."""
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready is not None and ready & Ready.R:
                    self._heard()
                wanted = gen.send(ready)
        except StopIteration as done:
            answer: Answer = done.value
            return answer

    def end(self) -> None:
        """Nobody waits any more."""
        self._timer.cancel()

    def _heard(self) -> None:
        self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self.seconds, self._cut)

    def _cut(self) -> None:
        self.is_over = True
        cut(self._session)


async def ask_to_cancel(connection: psycopg.AsyncConnection[Any]) -> None:
    """Ask the server to cancel what it does for this session now (see `Session.ask_to_cancel`)."""
    if isinstance(connection, Session):
        await connection.ask_to_cancel()
        return
    with contextlib.suppress(psycopg.Error, OSError):
        await connection.cancel_safe(timeout=CANCEL_TIMEOUT)


def one_statement_a_message(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether several statements have to be sent one by one on this session."""
    return isinstance(connection, Session) and connection.one_statement_a_message


def backend_pid(connection: psycopg.AsyncConnection[Any]) -> int:
    """The backend that serves the session."""
    return (connection.pid if isinstance(connection, Session) else 0) or connection.info.backend_pid


def read_path(text: str, user: str) -> tuple[str, ...]:
    """The schemas of a search_path, as the server writes it.

    A role that is itself called zdtui has no "$user" in its path: what a plan creates without naming a schema would
    land in the journal's.
    """
    found, place = [], 0
    while place < len(text) and (element := ELEMENT.match(text, place)):
        quoted, plain = element.groups()
        found.append(plain if quoted is None else quoted.replace('""', '"'))
        place = element.end()
    return tuple(each for each in found if each != "$user" or user != JOURNAL_SCHEMA)


def path_text(path: tuple[str, ...] | None) -> str:
    """The schemas as SET search_path takes them."""
    if path is None:
        return "DEFAULT"
    return ", ".join("'" + schema.replace("'", "''") + "'" for schema in path) or "''"
