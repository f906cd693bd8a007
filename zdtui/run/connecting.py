"""Being connected: both sessions, the lock, the run they belong to, and what a crash left open. Restored by itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from zdtui.errors import JournalError, TargetError, ZdtuiError
from zdtui.run import effects as f
from zdtui.run import events as e
from zdtui.run import journal
from zdtui.run.joining import Joining
from zdtui.run.sessions import Sessions, open_sessions
from zdtui.run.snapshot import Link, Seat
from zdtui.run.stage import Stage
from zdtui.run.work import sentence

HEARTBEAT_EVERY = 1.0


@dataclass
class Connecting:
    """Sets the stage's sessions, seat, link and holder."""

    stage: Stage
    go_on: Callable[[f.Perform], None]
    """Told of a soak that goes on after a restart."""
    previous_pid: int | None = None
    """Backend of the working session before this one, in this process."""

    def __post_init__(self) -> None:
        self.joining = Joining(self.stage, self.go_on)

    async def connect(self) -> None:
        """Open both sessions, find the run, take the lock if it is free, and settle what a crash left open."""
        sessions = await open_sessions(self.stage.target, self.stage.plan.name)
        try:
            self.joining.check_same_server(sessions.identity)
            self.stage.sessions = sessions
            self.stage.last_identity = sessions.identity
            self.stage.recorder.operator = self.stage.operator_and_role
            await self.joining.look(sessions)
            if await sessions.take_lock():
                self.stage.holder = None
                await self._resume(sessions)
            else:
                await self.joining.look_on(sessions)
        except psycopg.Error as error:
            await sessions.close()
            self.stage.sessions = None
            raise TargetError(sentence(error)) from error
        except ZdtuiError:
            await sessions.close()
            self.stage.sessions = None
            raise
        self.stage.link, self.stage.link_detail = Link.CONNECTED, ""
        self.stage.changed()

    async def _resume(self, sessions: Sessions) -> None:
        previous, self.previous_pid = self.previous_pid, sessions.backend.pid
        await self.joining.resume(sessions, restored=previous is not None)

    async def take_seat(self) -> None:
        """Become the conductor if the lock is free. Raises JournalError, naming the holder, when it is not."""
        sessions = self.stage.open_sessions
        try:
            await self.joining.look(sessions)
            if not await sessions.take_lock():
                await self.joining.look_on(sessions)
                raise JournalError(f"the run is still held by {self.stage.holder or 'another session'}")
            self.stage.holder = None
            self.previous_pid = None
            await self._resume(sessions)
        except psycopg.Error as error:
            self.lose(sentence(error))
            raise JournalError(f"the run was not taken over: {sentence(error)}") from error

    async def look_again(self) -> None:
        """Before a person's word is acted on: see `Joining.look_again`."""
        sessions = self.stage.open_sessions
        try:
            await self.joining.look_again(sessions)
        except psycopg.Error as error:
            if sessions.broken:
                self.lose(sentence(error))
            raise

    async def accept(self, accepted: e.JournalAccepted) -> None:
        """Take the journal on as this server holds it. Raises JournalError."""
        self.previous_pid = self.stage.open_sessions.backend.pid
        await self.joining.accept(self.stage.open_sessions, accepted)

    async def join(self) -> None:
        """Journal that this console holds the run now."""
        await self.joining.join(self.stage.open_sessions)

    async def keep_in_touch(self) -> None:
        """Notice a lost session within seconds, restore it, and as an observer follow the journal."""
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            if self.stage.link is Link.LOST:
                await self._reconnect()
                continue
            if self.stage.rejoin and self.stage.work is None:
                self.lose(self.stage.rejoin)
                continue
            sessions = self.stage.open_sessions
            wrong = await sessions.beat(working_is_idle=self.stage.working is None)
            if wrong is not None and self.stage.working is None:
                self.lose(wrong)
            elif wrong is not None:
                self.stage.recorder.detach()
            else:
                await self._follow(sessions)

    async def _follow(self, sessions: Sessions) -> None:
        """What the journal says now; what is wrong with it is said as long as it is so."""
        try:
            if self.stage.seat is Seat.CONDUCTOR:
                await self.joining.watch_over(sessions)
            else:
                await self.joining.look_on(sessions)
        except psycopg.Error:
            return
        except ZdtuiError as error:
            self.stage.cannot_write = str(error)
        finally:
            self.stage.changed()

    def lose(self, why: str) -> None:
        """The session is gone: say so at once; the heartbeat restores it."""
        if self.stage.link is Link.LOST:
            return
        self.stage.link, self.stage.link_detail, self.stage.rejoin = Link.LOST, why, ""
        self.stage.recorder.detach()
        if self.stage.seat is Seat.CONDUCTOR and self.stage.recorder.state.opened is not None:
            self.stage.recorder.note(e.ConnectionLost(message=why))
        self.stage.changed()

    async def _reconnect(self) -> None:
        if self.stage.work is not None:
            return
        if self.stage.sessions is not None:
            await self.stage.sessions.close()
            self.stage.sessions = None
        try:
            await self.connect()
        except ZdtuiError as error:
            self.stage.link_detail = str(error)
        looks_on = self.stage.seat is Seat.OBSERVER and self.stage.recorder.damage is None
        if self.stage.link is Link.CONNECTED and looks_on and self.previous_pid is not None:
            await self._wait_for_our_own_ghost()
        self.stage.changed()

    async def _wait_for_our_own_ghost(self) -> None:
        """The lock may still be with the backend we lost: the server needs seconds to notice. Then it is ours again."""
        sessions = self.stage.open_sessions
        holder = await journal.holder(sessions.journal)
        if holder is not None and holder.pid == self.previous_pid:
            self.stage.link, self.stage.link_detail = Link.LOST, f"our former session {holder.pid} has not ended yet"
