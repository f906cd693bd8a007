"""The run state's one owner: events go in, the journal gets them, the state is their fold.

Three ways in, by what a crash must not lose:

* ``before``: written to the journal first, then true. For what must be known before the server is asked to act.
* ``note``: true at once, written as soon as can be, in order. For what already happened.
* ``prepare`` and ``committed``: written by the working session inside the step's own transaction.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import psycopg

from zdtui.errors import JournalError, RunHeldElsewhereError
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.run import journal
from zdtui.run.events import Event, Recorded
from zdtui.run.faults import Part
from zdtui.run.state import RunState, apply


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class _Pending:
    recorded: Recorded
    written: asyncio.Future[None] | None = None


@dataclass
class Recorder:
    """Folds events into `state` and writes them through the journal session, one at a time, in order."""

    operator: str
    clock: Callable[[], datetime]
    changed: Callable[[], None]
    fenced: Callable[[str], None]
    """Called once when another console turns out to write to this run."""
    told: Callable[[Fault], object]
    """Called when the writer fails; it is begun again by itself."""
    state: RunState = field(default_factory=RunState)
    _run: UUID | None = None
    _sequence: int = 0
    _connection: journal.Connection | None = None
    _pending: deque[_Pending] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _written: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nothing waits to be written, and when writing has come to a stop."""
    _tasks: OwnedTasks | None = None
    """The writer, once there is something to write with."""
    _may_write: asyncio.Event = field(default_factory=_set_event)
    """Cleared for a moment while strong locks are held."""
    _seen: set[int] = field(default_factory=set)

    @property
    def run(self) -> UUID:
        """The run that is open. Raises JournalError when none is."""
        if self._run is None:
            raise JournalError("no run is open")
        return self._run

    @property
    def unwritten(self) -> int:
        """How many events wait for the journal session."""
        return len(self._pending)

    def open(self, run: UUID) -> None:
        """Write to this run from now on; what the journal holds of it is read by `catch_up`."""
        self._run = run

    def attach(self, connection: journal.Connection) -> None:
        """Use this journal session; anything that waited is written now. The same one again changes nothing."""
        if self._connection is not connection:
            self._connection = connection
            self._wake.set()
        if self._tasks is None:
            self._tasks = OwnedTasks(self._writer_failed)
            self._tasks.for_ever(Part.JOURNAL_WRITER, self._write_all)

    def detach(self) -> None:
        """The journal session is gone: keep what happens until there is another."""
        self._connection = None

    def prepare(self, event: Event) -> Recorded:
        """Give an event its place, for the working session to write inside its own transaction."""
        self._sequence = max(self._sequence, self.state.sequence) + 1
        return Recorded(run=self.run, sequence=self._sequence, at=self.clock(), operator=self.operator, event=event)

    def committed(self, recorded: Recorded) -> None:
        """The transaction that carried this event is committed: it is true now."""
        if recorded.sequence in self._seen:
            return
        self._seen.add(recorded.sequence)
        self.state = apply(self.state, recorded)
        self.changed()

    @contextlib.contextmanager
    def hold_back(self, seconds: float) -> Iterator[None]:
        """Let what is noted wait for the block to end, but no longer than `seconds`.

        A flush of the log for the journal delays the commit that a strong lock is held for.
        """
        self._may_write.clear()
        timer = asyncio.get_running_loop().call_later(seconds, self._may_write.set)
        try:
            yield
        finally:
            timer.cancel()
            self._may_write.set()

    async def before(self, event: Event) -> None:
        """Write the event, then make it true. Raises JournalError when it cannot be written."""
        if self._connection is None:
            raise JournalError("the journal cannot be reached; nothing was started")
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        recorded = self.prepare(event)
        self._enqueue(_Pending(recorded, written))
        await written
        self.committed(recorded)

    def note(self, event: Event) -> None:
        """Make the event true, and write it as soon as can be."""
        recorded = self.prepare(event)
        self.committed(recorded)
        self._enqueue(_Pending(recorded))

    def _enqueue(self, pending: _Pending) -> None:
        self._pending.append(pending)
        if self._connection is not None:
            self._written.clear()
        self._wake.set()

    async def flush(self, seconds: float) -> bool:
        """Wait until all is written; False when that took longer than `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._written.wait()
        return not self._pending

    async def catch_up(self, connection: journal.Connection) -> None:
        """Apply what the journal holds and we have not seen. Waiting events of ours keep their places."""
        for recorded in await journal.read(connection, self.run):
            self.committed(recorded)
        self._sequence = max(self._sequence, self.state.sequence)

    async def close(self) -> None:
        """Stop writing. What is not written by now is lost; call `flush` first."""
        if self._tasks is not None:
            await self._tasks.close()
            self._tasks = None

    async def _write_all(self) -> None:
        while True:
            await self._wake.wait()
            await self._may_write.wait()
            self._wake.clear()
            self._written.clear()
            while self._pending and self._connection is not None:
                await self._write_one(self._connection, self._pending[0])
            self._written.set()

    async def _write_one(self, connection: journal.Connection, pending: _Pending) -> None:
        try:
            await journal.insert(connection, pending.recorded)
        except RunHeldElsewhereError as error:
            self._drop_all(error)
            self.fenced(str(error))
        except psycopg.OperationalError as error:
            self._connection = None
            self._fail_waiting(JournalError(f"the journal cannot be written: {error}".strip()))
        except psycopg.Error as error:
            self._pending.popleft()
            self._answer(pending, JournalError(f"the journal refused an event: {error}".strip()))
        else:
            self._pending.popleft()
            self._answer(pending, None)

    def _writer_failed(self, fault: Fault) -> None:
        """Who waits to act is told no at once; what happened stays, and is written when the writer is begun again."""
        self._fail_waiting(JournalError("the journal's writer failed; nothing was started"))
        self._wake.set()
        self.told(fault)

    def _drop_all(self, error: JournalError) -> None:
        while self._pending:
            self._answer(self._pending.popleft(), error)

    def _fail_waiting(self, error: JournalError) -> None:
        """Those who wait to act are told no; what already happened stays in the queue for the next session."""
        keep = [pending for pending in self._pending if pending.written is None]
        for pending in self._pending:
            self._answer(pending, error)
        self._pending = deque(keep)

    @staticmethod
    def _answer(pending: _Pending, error: JournalError | None) -> None:
        if pending.written is None or pending.written.done():
            return
        if error is None:
            pending.written.set_result(None)
        else:
            pending.written.set_exception(error)
