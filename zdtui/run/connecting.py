"""Being connected: both sessions, the lock, the run they belong to, and what a crash left open. Restored by itself."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from zdtui import __version__
from zdtui.errors import JournalError, TargetError, ZdtuiError
from zdtui.postgres.session import backend_pid
from zdtui.run import effects as f
from zdtui.run import events as e
from zdtui.run import journal
from zdtui.run.batches.retrying import end_of_retry
from zdtui.run.look import gather
from zdtui.run.sessions import Sessions, open_sessions
from zdtui.run.settle import question, settle
from zdtui.run.snapshot import Link, Seat
from zdtui.run.stage import Stage
from zdtui.run.state import StepStatus
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

    async def connect(self) -> None:
        """Open both sessions, find the run, take the lock if it is free, and settle what a crash left open."""
        sessions = await open_sessions(self.stage.target, self.stage.plan.name)
        try:
            await self._check_same_server(sessions)
            self.stage.sessions = sessions
            self.stage.last_identity = sessions.identity
            self.stage.recorder.operator = self.stage.operator_and_role
            self.stage.installed = await journal.installed(sessions.journal)
            if await sessions.take_lock():
                self.stage.holder = None
                await self._resume(sessions)
            else:
                await self._look_on(sessions)
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

    async def _check_same_server(self, sessions: Sessions) -> None:
        """After a failover or a changed name we may be somewhere else: then nothing is to happen there."""
        opened = self.stage.recorder.state.opened
        if opened is not None and opened.system_identifier != sessions.system_identifier:
            raise TargetError("this is not the server the run began on (another system identifier)")

    async def _resume(self, sessions: Sessions) -> None:
        """Become the conductor of the plan's newest run, if there is one, else of one that is yet to begin."""
        run = self.stage.recorder.state.run or await sessions.latest_run(self.stage.plan.name)
        previous, self.previous_pid = self.previous_pid, backend_pid(sessions.working)
        if run is not None:
            self.stage.recorder.open(run)
            await self.stage.recorder.catch_up(sessions.journal)
        self.stage.seat = Seat.CONDUCTOR
        if run is None:
            return
        self.stage.recorder.attach(sessions.journal)
        if previous is not None:
            self.stage.recorder.note(e.ConnectionRestored(pid=backend_pid(sessions.working)))
        else:
            await self.join()
        await self._amend()
        await self._settle(sessions, "the connection was lost" if previous is not None else "the console was gone")

    async def _amend(self) -> None:
        state = self.stage.recorder.state
        if self.stage.amend_reason is None or state.plan_digest == self.stage.plan.digest:
            return
        ids = tuple(step.id for step in self.stage.plan.steps)
        touched = [step for step, each in state.steps.items() if each.status is not StepStatus.PENDING]
        missing = [step for step in touched if step not in ids]
        if missing:
            raise JournalError(f"the amended plan has no step {missing[0]}, which this run has already begun")
        await self.stage.recorder.before(
            e.PlanAmended(
                plan_digest=self.stage.plan.digest,
                plan_text=self.stage.plan.source,
                step_ids=ids,
                reason=self.stage.amend_reason,
            )
        )

    async def _settle(self, sessions: Sessions, why: str) -> None:
        """Say where a step stands that was cut off; a soak goes on by itself, because it runs no SQL.

        Where a fault of ours cut it off, nothing goes on without a person, a soak neither.
        """
        fell, self.stage.fell = self.stage.fell, None
        why, kind = (why, e.HoldKind.CONNECTION) if fell is None else (fell, e.HoldKind.FAULT)
        state = self.stage.recorder.state
        for step, each in state.steps.items():
            if each.retrying:
                ended = await end_of_retry(sessions.working, self.stage.recorder.run, step, f"{why}, by the checkpoint")
                await self.stage.recorder.before(ended)
        asked = question(self.stage.plan, state) if self._knows_all_steps() else None
        if asked is not None:
            found = await gather(sessions.working, self.stage.recorder.run, asked)
            for event in settle(asked, found, why, kind):
                await self.stage.recorder.before(event)
            return
        current = state.current
        if current is not None and fell is not None and state.step(current).status is StepStatus.RUNNING:
            await self.stage.recorder.before(e.StepHeld(step=current, why=kind, detail=fell))
        elif current is not None and state.step(current).status is StepStatus.RUNNING and self._knows_all_steps():
            again = e.StepStarted(
                step=current,
                direction=e.Direction.FORWARD,
                attempt=state.step(current).attempt,
                sql_digest=state.step(current).confirmed_digest,
                confirmed_by="journal",
            )
            self.go_on(f.Perform(again, journaled=True))

    def _knows_all_steps(self) -> bool:
        known = {step.id for step in self.stage.plan.steps}
        current = self.stage.recorder.state.current
        return current is None or current in known

    async def _look_on(self, sessions: Sessions) -> None:
        """Somebody else holds the run: show what the journal says, and who it is."""
        self.stage.seat = Seat.OBSERVER
        holder = await journal.holder(sessions.journal)
        self.stage.holder = None if holder is None else str(holder)
        if not self.stage.installed:
            self.stage.installed = await journal.installed(sessions.journal)
        run = await sessions.latest_run(self.stage.plan.name) if self.stage.installed else None
        if run is not None:
            if self.stage.recorder.state.run not in (None, run):
                self.stage.recorder = self.stage.new_recorder()
            self.stage.recorder.open(run)
            await self.stage.recorder.catch_up(sessions.journal)

    async def take_seat(self) -> None:
        """Become the conductor if the lock is free. Raises JournalError, naming the holder, when it is not."""
        sessions = self.stage.open_sessions
        if not await sessions.take_lock():
            await self._look_on(sessions)
            raise JournalError(f"the run is still held by {self.stage.holder or 'another session'}")
        self.stage.holder = None
        self.previous_pid = None
        self.stage.installed = await journal.installed(sessions.journal)
        await self._resume(sessions)

    async def keep_in_touch(self) -> None:
        """Notice a lost session within seconds, restore it, and as an observer follow the journal."""
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            if self.stage.link is Link.LOST:
                await self._reconnect()
                continue
            sessions = self.stage.open_sessions
            wrong = await sessions.beat(working_is_idle=self.stage.working is None)
            if wrong is not None and self.stage.working is None:
                self.lose(wrong)
            elif wrong is not None:
                self.stage.recorder.detach()
            elif self.stage.seat is Seat.CONDUCTOR:
                self.stage.recorder.attach(sessions.journal)
            else:
                with contextlib.suppress(psycopg.Error):
                    await self._look_on(sessions)
                self.stage.changed()

    def lose(self, why: str) -> None:
        """The session is gone: say so at once; the heartbeat restores it."""
        if self.stage.link is Link.LOST:
            return
        self.stage.link, self.stage.link_detail = Link.LOST, why
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
        if self.stage.link is Link.CONNECTED and self.stage.seat is Seat.OBSERVER and self.previous_pid is not None:
            await self._wait_for_our_own_ghost()
        self.stage.changed()

    async def _wait_for_our_own_ghost(self) -> None:
        """The lock may still be with the backend we lost: the server needs seconds to notice. Then it is ours again."""
        sessions = self.stage.open_sessions
        holder = await journal.holder(sessions.journal)
        if holder is not None and holder.pid == self.previous_pid:
            self.stage.link, self.stage.link_detail = Link.LOST, f"our former session {holder.pid} has not ended yet"

    async def join(self) -> None:
        """Journal that this console holds the run now."""
        pid = backend_pid(self.stage.open_sessions.working)
        await self.stage.recorder.before(e.ConsoleJoined(pid=pid, client=f"zdtui {__version__}"))
