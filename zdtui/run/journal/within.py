"""Events that the working session writes inside a transaction of its own, with all that was noted before them.

Crash points: before the COMMIT reaches the server none of them is in the journal; after it, all are. When its answer
does not come, the journal is read before anything else is written, and says which.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import psycopg

from zdtui.errors import JournalError, RunHeldElsewhereError
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.journal import stored_events as journal_events
from zdtui.run.journal.ledger import Ledger
from zdtui.run.journal.stored_events import Connection, Stretch
from zdtui.run.journal.unwritten import Unwritten
from zdtui.run.journal.write_fate import Fate, fate_of_answer, fate_of_error
from zdtui.run.model.events import Event

PATIENCE = 5.0
"""Seconds to wait for a write of the journal session that is under way: the step's locks are held meanwhile."""


class JournalWriter(Protocol):
    """What such a transaction needs of the recorder that it writes for."""

    @property
    def run(self) -> UUID:
        """The run that the events belong to."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What is known of the journal in the database."""
        ...

    @property
    def writing(self) -> asyncio.Lock:
        """Held by whoever writes to the journal."""
        ...

    async def about_to_write(self, connection: Connection, event: Event) -> tuple[list[Unwritten], BackendKey]:
        """Everything that is to be written with the event, and the backend that has to hold the run."""
        ...

    def are_written(self, new: Stretch, unwritten: Sequence[Unwritten]) -> None:
        """These events are in the journal."""
        ...

    def is_stale(self) -> None:
        """It is not known whether they are: the journal is read before anything else is written."""
        ...

    def refuse(self, said: str) -> JournalError:
        """The server refused the events; nothing more is written."""
        ...


class Within:
    """One transaction. `write` at most once, as the last thing before it is committed."""

    def __init__(self, recorder: JournalWriter, connection: Connection) -> None:
        self._recorder = recorder
        self._connection = connection
        self._written: tuple[Stretch, list[Unwritten]] | None = None
        self._has_lock = False

    async def write(self, event: Event) -> None:
        """Write the event; it is true once the transaction is committed.

        Raises JournalError when nothing may be written, psycopg.Error when the server could not just now.
        """
        recorder = self._recorder
        try:
            async with asyncio.timeout(PATIENCE):
                self._has_lock = await recorder.writing.acquire()
        except TimeoutError:
            raise JournalError(f"the journal session has not answered for {PATIENCE:g} s") from None
        unwritten, holder = await recorder.about_to_write(self._connection, event)
        at = recorder.ledger.position
        new = journal_events.stretch(recorder.run, at, unwritten)
        try:
            beginning = recorder.ledger.beginning(unwritten[0])
            answer = await journal_events.write(self._connection, holder, at, new, beginning)
        except psycopg.Error as error:
            gone = self._connection.broken or self._connection.closed
            if fate_of_error(error.sqlstate, gone) is Fate.REFUSED:
                raise recorder.refuse(" ".join(str(error).split())) from error
            recorder.is_stale()
            raise
        fate = fate_of_answer(*answer, meant=len(unwritten))
        if fate is Fate.NOT_HELD:
            raise RunHeldElsewhereError("this console's session does not hold the run any more")
        if fate is not Fate.WRITTEN:
            recorder.is_stale()
            raise JournalError("another console wrote to this run meanwhile")
        self._written = new, unwritten

    def ended(self, *, committed: bool) -> None:
        """The transaction is over."""
        if self._written is not None and committed:
            self._recorder.are_written(*self._written)
        elif self._written is not None:
            self._recorder.is_stale()
        if self._has_lock:
            self._recorder.writing.release()
