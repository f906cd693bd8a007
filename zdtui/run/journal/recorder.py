"""The run state's one owner: the journal is read whole, events go in, the state is their fold.

Three ways in, by what a crash must not lose:

* ``before``: written to the journal first, then true. For what must be known before the server is asked to act.
* ``note``: true at once, written as soon as can be, in order. For what already happened.
* ``within``: written by the working session inside the step's own transaction, with all that was noted before.

Nothing here decides who holds the run, and nothing remembers it: the statement that writes asks the server. Whenever
the answer is not the one expected, everything is read anew from event 1 and what the journal says is the truth.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

import psycopg

from zdtui.errors import JournalError, JournalRefusedError, RunHeldElsewhereError
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.journal import stored_events as journal_events
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.journal.ledger import Ledger
from zdtui.run.journal.stored_events import Connection
from zdtui.run.journal.unwritten import Unwritten
from zdtui.run.journal.waiting_events import WaitingEvents
from zdtui.run.journal.within import Within
from zdtui.run.journal.without_secrets import without_secrets
from zdtui.run.journal.write_fate import Fate, fate_of_answer, fate_of_error
from zdtui.run.model import events as e
from zdtui.run.model.defects import defect_behind
from zdtui.run.model.faults import Part
from zdtui.run.model.state import RunState, apply
from zdtui.sql.text.secrets import masked

AT_ONCE = 200
"""Events written in one statement at most."""
AGAIN_AFTER = 1.0
"""Seconds after which a write that the server would not take is tried again."""


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(frozen=True, slots=True)
class _Session:
    connection: Connection
    holder: BackendKey
    """The backend of the working session, which holds the run."""


@dataclass
class Recorder:
    """Folds events into `state` and writes them, one statement at a time, in order."""

    operator: str
    clock: Callable[[], datetime]
    changed: Callable[[], None]
    fenced: Callable[[str], None]
    """Called when the server says that our working session does not hold the run."""
    told: Callable[[Fault], object]
    """Called when the writer fails; it is begun again by itself."""
    said: Callable[[str], None] = lambda what: None
    """Called with what a person has to know at once: events of ours that were not written."""
    stopped: Callable[[str], None] = lambda why: None
    """Called when the journal cannot go on until a person has done something."""
    mask: Callable[[str], str] = masked
    """What strikes passwords out of every text of an event: they are never written, and never shown from here."""
    state: RunState = field(default_factory=RunState)
    refused: str = ""
    """Why the server will not let us write, while that is so."""
    ledger: Ledger = field(default_factory=Ledger)
    """What we know the journal to hold."""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whichever of our sessions writes: each has to know where the other left the journal."""
    _run: UUID | None = None
    _stale: bool = True
    """What the journal holds is not known: it is read before anything is written."""
    _session: _Session | None = None
    _queue: WaitingEvents = field(default_factory=WaitingEvents)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _written: asyncio.Event = field(default_factory=_set_event)
    """Set while nothing waits to be written, and when writing has come to a stop."""
    _tasks: OwnedTasks | None = None
    """The writer, once there is something to write with."""
    _may_write: asyncio.Event = field(default_factory=_set_event)
    """Cleared for a moment while strong locks are held."""

    @property
    def run(self) -> UUID:
        """The run that is open. Raises JournalError when none is."""
        if self._run is None:
            raise JournalError("no run is open")
        return self._run

    @property
    def is_open(self) -> bool:
        """Whether a run is open."""
        return self._run is not None

    @property
    def damage(self) -> Damage | None:
        """What is wrong with the journal. Nothing is written until an operator takes it on as it is."""
        return self.ledger.damage

    @property
    def unwritten(self) -> int:
        """How many events wait for the journal session."""
        return len(self._queue)

    def open(self, run: UUID) -> None:
        """Write to this run from now on; what the journal holds of it is read by `read`. Another one begins afresh."""
        if self._run is not None and self._run != run:
            self.ledger, self._queue, self._stale = Ledger(), WaitingEvents(), True
            self.state = RunState()
        self._run = run

    def attach(self, connection: Connection, holder: BackendKey) -> None:
        """Write through this journal session, as long as `holder` holds the run. What waited is written now."""
        session = _Session(connection, holder)
        if self._session != session:
            self._session = session
            self._wake.set()
        if self._tasks is None:
            self._tasks = OwnedTasks(self._writer_failed)
            self._tasks.for_ever(Part.JOURNAL_WRITER, self._write_all)

    def detach(self) -> None:
        """The journal session is gone: keep what happens until there is another, and read anew before it is written."""
        self._session, self._stale = None, True

    async def read(self, connection: Connection) -> None:
        """Read everything; the state is the fold of that, with what of ours waits and is still true.

        Where nothing unexpected happened since it was read last, the server is asked whether all of that is still as it
        was, and only the rest is sent; else everything is read from event 1.

        What we have seen and the server does not hold, or holds otherwise, is `damage` from then on.
        """
        async with self.writing:
            await self._read(connection)

    async def is_as_seen(self, connection: Connection) -> bool:
        """Whether the number of events and the head are those we know; a look that costs next to nothing."""
        async with self.writing:
            if self._stale or not self.ledger.position.begun:
                return False
            count, position = await journal_events.stands(connection, self.run)
            return position == self.ledger.position and count == len(self.ledger.links)

    async def before(self, event: e.Event) -> None:
        """Write the event, then make it true. Raises JournalError when it cannot be written."""
        if self.damage is not None:
            raise JournalError(self.damage.sentence)
        if self._session is None:
            raise JournalError("the journal cannot be reached; nothing was started")
        unwritten = self._unwritten(event)
        written = self._queue.add_and_wait(unwritten)
        self._rouse()
        try:
            await written
        except asyncio.CancelledError:
            self._queue.forget(unwritten)
            raise

    def note(self, event: e.Event) -> None:
        """Make the event true, and write it as soon as can be."""
        unwritten = self._unwritten(event)
        self._queue.add(unwritten)
        self._rouse()
        if self.damage is None:
            self.state = apply(self.state, unwritten.recorded(self.run, self.state.sequence + 1))
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

    @contextlib.asynccontextmanager
    async def within(self, connection: Connection) -> AsyncIterator[Within]:
        """Around a transaction of the working session that is to write events: they are true once it is committed."""
        writing = Within(self, connection)
        try:
            yield writing
        except BaseException:
            writing.ended(committed=False)
            raise
        else:
            writing.ended(committed=True)

    async def flush(self, seconds: float) -> bool:
        """Wait until all is written; False when that took longer than `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._written.wait()
        return not self._queue

    async def accept(self, connection: Connection, holder: BackendKey, event: e.JournalAccepted) -> None:
        """Take the journal on as this server holds it, and write that. What waited is dropped where it is not true.

        Raises JournalError when it is not what the operator was shown any more, or cannot be written.
        """
        async with self.writing:
            await self._read(connection)
            if self.damage is None or self.damage.sentence != event.found:
                raise JournalError("the journal is not what was shown any more; look at it again")
            at, beginning = self.ledger.taken_on(event.plan_name, self.clock())
            new = journal_events.stretch(self.run, at, [self._unwritten(event)])
            try:
                answer = await journal_events.write(connection, holder, at, new, beginning)
            except psycopg.Error as error:
                raise JournalError(f"the journal refused an event: {error}".strip()) from error
            if answer != (True, 1):
                raise JournalError("the journal changed meanwhile, or this console does not hold the run; look again")
            self.ledger.forget_links()
            await self._read(connection)

    async def close(self) -> None:
        """Stop writing. What is not written by now is lost; call `flush` first."""
        if self._tasks is not None:
            await self._tasks.close()
            self._tasks = None

    # -- what the journal holds ---------------------------------------------------------------------------------

    async def _read(self, connection: Connection) -> None:
        known, before = self.damage, None if self._stale else self.ledger.held
        found = self.ledger.reread(await journal_events.read(connection, self.run, before), self._queue.pending)
        self._queue.written(found.written)
        if self.damage is not None:
            self._queue.refuse(JournalError(self.damage.sentence))
            if known is None or known.sentence != self.damage.sentence:
                self.stopped(self.damage.sentence)
        else:
            self._stale = False
            dropped = [each for each in found.dropped if not self._queue.is_waited_for(each)]
            self._queue.keep(found.keep)
            self._tell_dropped(dropped)
            if found.others or found.dropped:
                self._queue.refuse(RunHeldElsewhereError("another console wrote to this run meanwhile; look again"))
        self._restate()

    def _tell_dropped(self, dropped: Sequence[Unwritten]) -> None:
        if dropped:
            told = e.EventsDropped(events=tuple(sentence_of(each.event) for each in dropped))
            self._queue.add(self._unwritten(told))
            self.said(sentence_of(told))

    def _restate(self) -> None:
        """The state: what the journal holds, then what is true already and waits to be written."""
        state = self.ledger.journaled
        if self.damage is None:
            for each in self._queue.true_already():
                state = apply(state, each.recorded(self.run, state.sequence + 1))
        self.state = state
        self.changed()

    # -- for the step's own transaction (`zdtui.run.journal.within`) ---------------------------------------------------

    async def about_to_write(self, connection: Connection, event: e.Event) -> tuple[list[Unwritten], BackendKey]:
        """What is to be written with this event, and who has to hold the run; everything is read first where need be.

        Raises JournalError when nothing may be written.
        """
        if self._session is None:
            raise JournalError("the journal cannot be reached")
        holder = self._session.holder
        if self._stale:
            await self._read(connection)
        if self.damage is not None:
            raise JournalError(self.damage.sentence)
        return [*self._queue.pending, self._unwritten(event)], holder

    def are_written(self, new: journal_events.Stretch, unwritten: Sequence[Unwritten]) -> None:
        """They are in the journal."""
        self.ledger.written(new)
        self.refused = ""
        waited = any(self._queue.is_waited_for(each) for each in unwritten)
        self._queue.written(unwritten)
        if waited or self.state.sequence != self.ledger.journaled.sequence + len(self._queue):
            self._restate()

    def is_stale(self) -> None:
        """Whether they are is not known, or somebody else wrote: everything is read before the next is written."""
        self._stale = True

    def refuse(self, said: str) -> JournalRefusedError:
        """The server will not take an event: that is said until it does, and everything stops."""
        known = self.refused
        self.refused = said if said.startswith("the journal") else f"the journal cannot be written: {said}"
        error = JournalRefusedError(self.refused)
        self._queue.refuse(error)
        if known != self.refused:
            self.stopped(self.refused)
        self.changed()
        return error

    # -- writing ------------------------------------------------------------------------------------------------

    def _unwritten(self, event: e.Event) -> Unwritten:
        return Unwritten(self.clock(), self.operator, without_secrets(event, self.mask))

    def _rouse(self) -> None:
        if self._session is not None:
            self._written.clear()
        self._wake.set()

    async def _write_all(self) -> None:
        moved = False
        while True:
            await self._wake.wait()
            await self._may_write.wait()
            self._wake.clear()
            self._written.clear()
            async with self.writing:
                fate = await self._write_some()
            at_once = fate is Fate.WRITTEN or (fate is Fate.MOVED and not moved)
            moved = fate is Fate.MOVED
            if at_once and self._queue:
                self._wake.set()
                continue
            self._written.set()
            if fate in (Fate.WAIT, Fate.REFUSED, Fate.MOVED) and self._queue:
                asyncio.get_running_loop().call_later(AGAIN_AFTER, self._wake.set)

    async def _write_some(self) -> Fate:
        session = self._session
        if session is None:
            self._queue.refuse(JournalError("the journal cannot be reached"))
        if session is None or not self._queue or self.damage is not None:
            return Fate.GONE
        try:
            if self._stale:
                await self._read(session.connection)
            unwritten = list(self._queue.pending)[:AT_ONCE]
            if not unwritten or self.damage is not None:
                return Fate.GONE
            new = journal_events.stretch(self.run, self.ledger.position, unwritten)
            answer = await journal_events.write(
                session.connection, session.holder, self.ledger.position, new, self.ledger.beginning(unwritten[0])
            )
        except psycopg.Error as error:
            if (defect := defect_behind(error)) is not None:
                raise defect from None
            fate = fate_of_error(error.sqlstate, session.connection.broken or session.connection.closed)
            return await self._follow(fate, " ".join(str(error).split()))
        except JournalError as error:
            return await self._follow(Fate.REFUSED, str(error))
        fate = fate_of_answer(*answer, meant=len(unwritten))
        if fate is Fate.WRITTEN:
            self.are_written(new, unwritten)
        return await self._follow(fate, "")

    def _writer_failed(self, fault: Fault) -> None:
        """Who waits to act is told no at once; what happened stays, and is written when the writer is begun again."""
        self._queue.refuse(JournalError("the journal's writer failed; nothing was started"))
        self._wake.set()
        self.told(fault)

    async def _follow(self, fate: Fate, said: str) -> Fate:
        """What follows from an attempt to write: see `zdtui.run.journal.write_fate.Fate`."""
        match fate:
            case Fate.WRITTEN:
                pass
            case Fate.GONE:
                self._session, self._stale = None, True
                self._queue.refuse(JournalError(f"the journal cannot be written: {said}"))
            case Fate.WAIT:
                self._queue.refuse(JournalError(f"the journal cannot be written now: {said}"))
            case Fate.REFUSED:
                self.refuse(said)
            case Fate.MOVED:
                self._stale = True
            case Fate.NOT_HELD:
                self._session, self._stale = None, True
                why = "this console's session does not hold the run any more"
                self._queue.refuse(RunHeldElsewhereError(why))
                self.fenced(why)
            case _ as never:
                assert_never(never)
        return fate
