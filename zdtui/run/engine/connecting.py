"""Being connected: both sessions, the lock, the run they belong to, and what a crash left open. Restored by itself."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

import psycopg

from zdtui.errors import JournalError, TargetError, ZdtuiError
from zdtui.postgres.ask import ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.sessions.link import cut, within
from zdtui.postgres.sessions.signal import signal_backend
from zdtui.run.decisions.recovery import question
from zdtui.run.engine.joining import Joining
from zdtui.run.engine.liveness import WAITS_FOR_US
from zdtui.run.engine.pause_askers import PauseAskers
from zdtui.run.engine.read_only import WRITES_AGAIN
from zdtui.run.engine.sessions import HEARTBEAT_TIMEOUT, Sessions, open_sessions
from zdtui.run.engine.state import EngineState
from zdtui.run.engine.step_runner import StepRunner
from zdtui.run.execute.withdrawing import may_cancel
from zdtui.run.journal import store as journal
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.sql.statement import StatementClass

HEARTBEAT_EVERY = 1.0
SILENT_FOR = 20.0
"""Seconds without any sign of the server, on old sessions or new ones: then a statement is waited for no longer."""
SERVER_ANSWERS = ("too many clients", "remaining connection slots", "starting up", "in recovery mode")
"""It is there, and lets nobody in at the moment."""
LONGEST_PAUSE = 5.0
"""Seconds between two tries to connect at the most: they begin at once, and are doubled from half a second."""
TOLD_FOR = 2.0
"""Seconds for which the screen says that a former session of ours is about to be ended."""
ENDING_TRIES = 12
JUST_ENDING = (0.1, 0.2, 0.4)
"""Seconds that a backend whose client has gone may take to end by itself."""


@dataclass
class Connecting:
    """Opens the sessions, and says in the engine's state whether there are any."""

    state: EngineState
    runner: StepRunner
    """Goes on with a soak after a restart."""
    previous_pid: int | None = None
    """Backend of the working session before this one, in this process."""
    _spared: str | None = None
    """The statement our former session still works on, and is left to."""
    silent_since: float | None = None
    """time.monotonic() since when no session of ours has heard from the server."""
    pause: float = 0.0
    not_before: float = 0.0
    """time.monotonic() before which no new session is tried for."""

    def __post_init__(self) -> None:
        self.joining = Joining(self.state, self.runner)
        self.askers = PauseAskers(self.state)

    async def connect(self) -> None:
        """Open both sessions, find the run, take the lock if it is free, and settle what a crash left open."""
        sessions = await open_sessions(self.state.target, self.state.plan.name)
        try:
            self.joining.check_same_server(sessions.identity)
            self.state.sessions = sessions
            self.state.look_now()
            self.state.last_identity = sessions.identity
            self.state.recorder.operator = self.state.operator_and_role
            await self.joining.look(sessions)
            held, ended = await sessions.take_lock(), None
            if not held:
                held, ended = await self._end_our_former(sessions)
            signalled = await self._end_those_left(sessions)
            held = held or await self._taken_after_the_last_batch(sessions)
            if held:
                await self._resume(sessions)
                if self.state.recorder.state.opened is not None:
                    for each in signalled if ended is None else (ended, *signalled):
                        self.state.recorder.note(each)
            else:
                await self.joining.look_on(sessions)
        except psycopg.Error as error:
            self.state.own_backends.drop(sessions.beside)
            await sessions.close()
            self.state.sessions = None
            raise TargetError(sentence(error)) from error
        except ZdtuiError:
            self.state.own_backends.drop(sessions.beside)
            await sessions.close()
            self.state.sessions = None
            raise
        sessions.may_work()
        self.state.connected()

    async def _resume(self, sessions: Sessions) -> None:
        previous, self.previous_pid = self.previous_pid, sessions.backend.pid
        await self.joining.resume(sessions, restored=previous is not None)

    async def acquire_run_lock(self) -> None:
        """Become the conductor if the lock is free. Raises JournalError, naming the holder, when it is not."""
        sessions = self.state.open_sessions
        try:
            await self.joining.look(sessions)
            if not await sessions.take_lock():
                await self.joining.look_on(sessions)
                raise JournalError(f"the run is still held by {self.state.lock_holder or 'another session'}")
            self.previous_pid = None
            await self._resume(sessions)
        except psycopg.Error as error:
            self.state.lose(sentence(error))
            raise JournalError(f"the run was not taken over: {sentence(error)}") from error

    async def look_again(self) -> None:
        """Before a person's word is acted on: see `Joining.look_again`."""
        sessions = self.state.open_sessions
        try:
            await self.joining.look_again(sessions)
        except psycopg.Error as error:
            if sessions.broken:
                self.state.lose(sentence(error))
            raise

    async def accept(self, accepted: e.JournalAccepted) -> None:
        """Take the journal on as this server holds it. Raises JournalError."""
        self.previous_pid = self.state.open_sessions.backend.pid
        await self.joining.accept(self.state.open_sessions, accepted)

    async def join(self) -> None:
        """Journal that this console holds the run now."""
        await self.joining.join(self.state.open_sessions)

    async def keep_in_touch(self) -> None:
        """Notice a lost session within seconds, restore it, and as an observer follow the journal."""
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            if not self.state.is_connected:
                await self._reconnect()
                continue
            if self.state.rejoin and self.state.work is None:
                self.state.lose(self.state.rejoin)
                continue
            sessions = self.state.open_sessions
            wrong = await sessions.beat(working_is_idle=self._is_idle)
            if wrong is None:
                self.silent_since = None
                await self._follow(sessions)
                await self._leave_read_only_sessions()
                await self._look_after_sessions(sessions)
            elif sessions.silent is not None and not self._is_idle:
                await self._ask_elsewhere(sessions, wrong)
            else:
                self._give_up(sessions, wrong)

    async def _leave_read_only_sessions(self) -> None:
        """Ours keep the default they were opened with; where new ones may write, a person need not see to it."""
        state = self.state
        wanted = state.is_conductor or state.recorder.damage is not None
        if wanted and state.work is None and await self.joining.read_only.new_sessions_write(state.target):
            state.reopen(state.rejoin or WRITES_AGAIN)

    async def _look_after_sessions(self, sessions: Sessions) -> None:
        with contextlib.suppress(psycopg.Error, TimeoutError):
            asking = self.state.own_backends.cut_dead(sessions.journal)
            await within(sessions.journal, asking, HEARTBEAT_TIMEOUT)
            await within(sessions.journal, self.askers.listen(sessions.journal), HEARTBEAT_TIMEOUT)

    @property
    def _is_idle(self) -> bool:
        """Whether nothing of the step is with the server: a soak runs no SQL."""
        work = self.state.work
        return self.state.working is None or (work is not None and work.activity.doing is Doing.SOAKING)

    def _give_up(self, sessions: Sessions, why: str) -> None:
        """The working session is of no use: whoever waits for it hears so, and what became of the step is looked up."""
        self.state.lose(why)
        for connection in (sessions.working, *(self.state.work.beside if self.state.work is not None else ())):
            cut(connection)
        if self._is_idle:
            sessions.working.pgconn.finish()

    async def _ask_elsewhere(self, sessions: Sessions, why: str) -> None:
        """A statement works and the sessions beside it are silent: the server is asked on new ones.

        Where none is to be had for a time, and no answer at all came in it, the statement is waited for no longer.
        """
        self.state.recorder.detach()
        now = time.monotonic()
        self.silent_since = self.silent_since if self.silent_since is not None else now
        try:
            self.state.own_backends.drop(await sessions.renew_beside(self.state.target))
        except TargetError as error:
            if any(each in str(error) for each in SERVER_ANSWERS):
                self.silent_since = None
            elif time.monotonic() - self.silent_since >= SILENT_FOR:
                self._give_up(sessions, f"{why}; no session was to be had for {SILENT_FOR:g} s: {error}")
            return
        if self.state.lock_watch is not None:
            self.state.lock_watch.use(sessions.watchdog)
        if (wrong := await sessions.what_is_wrong(sessions.journal)) is not None:
            self._give_up(sessions, wrong)

    async def _follow(self, sessions: Sessions) -> None:
        """What the journal says now; what is wrong with it is said as long as it is so."""
        try:
            if self.state.is_conductor:
                await self.joining.watch_over(sessions)
            else:
                await self.joining.look_on(sessions)
        except psycopg.Error:
            return
        except ZdtuiError as error:
            self.state.cannot_be_written(str(error))
        finally:
            self.state.changed()

    async def _reconnect(self) -> None:
        if self.state.work is not None or time.monotonic() < self.not_before:
            return
        self.pause = min(LONGEST_PAUSE, max(0.5, self.pause * 2))
        self.not_before = time.monotonic() + self.pause
        if self.state.sessions is not None:
            self.state.own_backends.drop(self.state.sessions.beside)
            await self.state.sessions.close()
            self.state.sessions = None
        try:
            await self.connect()
        except ZdtuiError as error:
            self.state.stay_lost(str(error))
        looks_on = not self.state.is_conductor and self.state.recorder.damage is None
        if self.state.is_connected and looks_on and self.previous_pid is not None:
            await self._wait_for_our_former()
        if self.state.is_connected:
            self.pause, self.not_before = 0.0, 0.0
        self.state.changed()

    async def _wait_for_our_former(self) -> None:
        """The lock may still be with the backend we lost: the server needs seconds to notice. Then it is ours again."""
        sessions = self.state.open_sessions
        holder = await journal.holder(sessions.journal)
        if holder is not None and holder.pid == self.previous_pid:
            told = f"our former session {holder.pid} has not ended, though it was told to; it is told again"
            if self._spared is not None:
                told = f"backend {holder.pid} goes on with {self._spared}; what became of it is looked up after it"
            self.state.stay_lost(told)

    async def _end_our_former(self, sessions: Sessions) -> tuple[bool, e.BackendSignalled | None]:
        """The run is held by the backend we lost: end it, after it was told on the screen, and take the lock.

        Whether we hold it, and what was signalled: a backend that is just ending needs no signal. Raises psycopg.Error.
        """
        former = self.state.former
        holder = await journal.holder(sessions.journal)
        if former is None or holder is None or holder.pid != former.pid:
            return False, None
        for pause in JUST_ENDING:
            await asyncio.sleep(pause)
            if await sessions.take_lock():
                return True, None
        self._spared = await self._still_builds(sessions, former)
        if self._spared is not None:
            return False, None
        told = f"our former session, backend {former.pid}, still holds the run on the server: it is being ended"
        self.state.stay_lost(told)
        await asyncio.sleep(TOLD_FOR)
        delivered = False
        for number in range(ENDING_TRIES):
            delivered = await signal_backend(sessions.journal, former, "terminate") or delivered
            await asyncio.sleep(min(1.0, 0.05 * 2**number))
            held, holder = await sessions.take_lock(), await journal.holder(sessions.journal)
            if held or holder is None or holder.pid != former.pid:
                who = f"our former session, backend {former.pid}"
                return held, e.BackendSignalled(action="terminate", pid=former.pid, who=who, delivered=delivered)
        return False, None

    @staticmethod
    async def _taken_after_the_last_batch(sessions: Sessions) -> bool:
        """Take the lock that nobody holds: a batch of whoever held it may be about to end. Raises psycopg.Error."""
        for pause in JUST_ENDING:
            holder = await journal.holder(sessions.journal)
            if holder is not None and not holder.is_in_batch:
                return False
            if await sessions.take_lock():
                return True
            await asyncio.sleep(pause)
        return await sessions.take_lock()

    async def _end_those_left(self, sessions: Sessions) -> tuple[e.BackendSignalled, ...]:
        """Sessions we have lost, whose backends live on: whoever holds the run would wait for what they hold.

        What was signalled, after it was told on the screen. Raises psycopg.Error.
        """
        ours, pauses = self.state.own_backends, iter(JUST_ENDING)
        while left := await ours.left(sessions.journal):
            if (pause := next(pauses, None)) is None:
                break
            await asyncio.sleep(pause)
        if not left:
            return ()
        pids = ", ".join(str(each.pid) for each in left)
        self.state.stay_lost(f"former sessions of ours are still on the server (backend {pids}): they are being ended")
        await asyncio.sleep(TOLD_FOR)
        signalled: dict[BackendKey, bool] = {}
        for number in range(ENDING_TRIES):
            for each in await ours.left(sessions.journal):
                delivered = await signal_backend(sessions.journal, each, "terminate")
                signalled[each] = delivered or signalled.get(each, False)
            if not await ours.left(sessions.journal):
                break
            await asyncio.sleep(min(1.0, 0.05 * 2**number))
        return tuple(
            e.BackendSignalled(
                action="terminate", pid=each.pid, who=f"our former session, backend {each.pid}", delivered=done
            )
            for each, done in signalled.items()
        )

    async def _still_builds(self, sessions: Sessions, former: BackendKey) -> str | None:
        """The CONCURRENTLY statement our former session still works on: only a person ends it. Raises psycopg.Error."""
        run, plan = self.state.recorder.state, self.state.plan
        known = {step.id for step in plan.steps}
        asked = question(plan, run) if run.current in known else None
        statement = None if asked is None else asked.statement
        if statement is None or may_cancel(
            e.HoldKind.CONNECTION, statement.statement_class is StatementClass.CONCURRENTLY
        ):
            return None
        rows = await ask(sessions.journal, query("own_backend"), [former.pid, former.backend_start])
        return statement.kind if rows and rows[0][0] not in WAITS_FOR_US else None
