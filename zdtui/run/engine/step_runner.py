"""A step under way: performed beside the command loop, watched for lock waits and guards, its ending journaled."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, assert_never

import psycopg

from zdtui.errors import JournalError, JournalRefusedError, ZdtuiError
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.plan.model import StepId
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.restoring import tell_figures
from zdtui.postgres.sessions.session import ask_to_cancel, backend_pid
from zdtui.run.decisions.decide import GuardOver, StepEnded
from zdtui.run.engine.state import EngineState
from zdtui.run.execute.control import Control, Stop
from zdtui.run.execute.lock_watch import LockWatch, look_again_in
from zdtui.run.execute.operator_actions import drop_index
from zdtui.run.execute.put_back import put_back
from zdtui.run.execute.there_already import SKIPPED
from zdtui.run.execute.withdrawing import Cancel, LetGo, StatementUnderWay, withdrawal
from zdtui.run.execute.work import Work, refused
from zdtui.run.figures.guards import Breach
from zdtui.run.journal.end_of_retry import end_of_retry
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, Doing
from zdtui.run.model.faults import Part
from zdtui.run.model.outcome import Done, Doubtful, Failed, Held, LinkLost, Outcome, told_of
from zdtui.run.throttle.of_step import throttling_of
from zdtui.watch.samples import Pane

GUARDS_EVERY = 0.5
"""Seconds between two looks at the guards: the samples they judge are no fresher."""
SEE_AGAIN = 0.1
"""Seconds between two looks whether the guards have their figures; each new figure is looked at when it comes."""


# What carries a step out is some twenty modules: the first frame does not wait for them.


async def _perform(work: Work) -> Outcome:
    from zdtui.run.engine.perform import perform

    return await perform(work)


async def _retry(work: Work) -> Outcome:
    from zdtui.run.engine.perform import perform_retry

    return await perform_retry(work)


@dataclass
class StepRunner:
    """At most one step at a time, as a task of its own."""

    state: EngineState
    task: asyncio.Task[None] | None = None

    def start(self, queue: list[f.Perform]) -> None:
        """Perform these, one after another; the first that does not succeed ends it.

        Claimed before anything is awaited: a second command in the inbox is decided with this one in view.
        """
        self._begin(Part.PERFORMER, queue[0].started.step, self._all(queue))

    def clean_up(self, effect: f.DropInvalidIndex) -> None:
        """Remove an invalid index, beside the command loop because it waits for every older transaction."""
        self._begin(Part.CLEAN_UP, effect.step, self._clean_up(effect))

    def retry(self, effect: f.RetryRejected) -> None:
        """Try rejected rows again."""
        self._begin(Part.RETRY, effect.started.step, self._retry(effect.started))

    def _begin(self, part: Part, step: StepId, performing: Coroutine[Any, Any, None]) -> None:
        self.state.working, self.state.ending = step, False
        self.task = self.state.tasks.once(part, self._to_its_end(part, performing))

    async def _to_its_end(self, part: Part, performing: Coroutine[Any, Any, None]) -> None:
        """However it ends, nothing is claimed any more; where it fell, nobody is heard before that is said."""
        try:
            await performing
        except (ZdtuiError, psycopg.Error) as error:
            self.state.refuse(sentence(error) if isinstance(error, psycopg.Error) else str(error))
        except asyncio.CancelledError as error:
            if self.state.tasks.is_stopping():
                raise
            self._fell(Fault(part, error))
        except Exception as error:  # noqa: BLE001 (whatever it is, the step is held and a person decides)
            self._fell(Fault(part, error))
        finally:
            self.state.work, self.state.working, self.state.ending = None, None, False
            self.state.changed()

    def _fell(self, fault: Fault) -> None:
        """What this process believes is worth nothing now: the session goes, and where the step stands is looked up."""
        fell = self.state.fall(fault)
        for connection in self.state.work.beside if self.state.work is not None else ():
            connection.pgconn.finish()
        self.state.lose(fell)

    async def finished(self, seconds: float | None = None) -> None:
        """Wait for what is under way, but no longer than `seconds`."""
        if self.task is not None:
            await asyncio.wait([self.task], timeout=seconds)

    async def abandon(self) -> None:
        """Stop waiting for what is under way. Its connection is closed first; the server then ends the statement.

        Returns within seconds, whatever the server or the network does.
        """
        work = self.state.work
        if self.task is None or self.task.done():
            return
        for connection in () if work is None else (work.connection, *work.beside):
            connection.pgconn.finish()
        await self.state.tasks.stop(self.task)

    async def _all(self, queue: list[f.Perform]) -> None:
        """One step after another, until one does not succeed or somebody asks for a stop."""
        for effect in queue:
            self.state.working = effect.started.step
            work = self._new_work(effect.started.step, effect.started.direction, effect.note)
            outcome = await self._one(effect, work)
            self.state.submit(StepEnded(effect.started.step))
            if not isinstance(outcome, Done) or work.control.stop is not None:
                return

    async def _one(self, effect: f.Perform, work: Work) -> Outcome:
        self.state.work, self.state.ending = work, False
        begun = effect.journaled
        try:
            if not begun:
                await self.state.recorder.before(effect.started)
                begun = True
            outcome = await self._watched(work)
        except JournalError as error:
            if not begun:
                self.state.work = None
                raise
            outcome = self._without_journal(error)
        except ZdtuiError as error:
            outcome = Failed(str(error), applied=work.state.applied)
        except psycopg.Error as error:
            outcome = refused(error, work)
        self.state.work, self.state.ending = None, True
        self._journal_outcome(work, outcome)
        if not isinstance(outcome, LinkLost):
            await self._as_opened(work)
        self.state.changed()
        return outcome

    def _without_journal(self, error: JournalError) -> Outcome:
        """A step whose journal cannot be written stops; whether its session is gone is looked at when it is opened."""
        lasts = isinstance(error, JournalRefusedError) or self.state.recorder.damage is not None
        return Held(e.HoldKind.JOURNAL, str(error)) if lasts else LinkLost(str(error))

    async def _as_opened(self, work: Work) -> None:
        """What the step has set, it has set for itself; and the run's lock, which it may have let go of, is ours."""
        try:
            held = await put_back(work)
            if self.state.is_rehearsal:
                await tell_figures(work.connection)
        except psycopg.Error as error:
            self.state.lose(sentence(error))
            return
        if not held:
            step = work.step.id
            self.state.lose(
                f"{step} let go of the run's lock (pg_advisory_unlock_all or DISCARD ALL), and another took it"
            )
        elif work.lock_let_go:
            pid = backend_pid(work.connection)
            self.state.recorder.note(e.RunLockTakenAgain(step=work.step.id, pid=pid))

    async def _clean_up(self, effect: f.DropInvalidIndex) -> None:
        """Beside the command loop, because dropping concurrently waits for everybody who uses the table."""
        work = self.state.work = self._new_work(effect.step, self.state.recorder.state.step(effect.step).direction)
        outcome = await self._watched(work, partial(drop_index, effect=effect))
        if isinstance(outcome, LinkLost):
            self.state.lose(outcome.message)
        elif not isinstance(outcome, Done):
            self.state.refuse(f"{effect.index_name} was not removed: {told_of(outcome)}")

    async def _retry(self, started: e.RetryStarted) -> None:
        work = self.state.work = self._new_work(started.step, e.Direction.FORWARD)
        before = work.state.rows or 0
        try:
            await self.state.recorder.before(started)
            outcome = await self._watched(work, _retry)
            if isinstance(outcome, LinkLost):
                self.state.lose(outcome.message)
                return
            message = told_of(outcome)
            ended = await end_of_retry(work.connection, self.state.recorder.run, started.step, message)
            self.state.recorder.note(ended.model_copy(update={"changed": ended.rows - before, **_who_waited(work)}))
            await self._as_opened(work)
            if isinstance(outcome, Failed):
                self.state.refuse(f"the rejected rows of {started.step} were not all tried: {message}")
        except (ZdtuiError, psycopg.Error) as error:
            self.state.refuse(sentence(error) if isinstance(error, psycopg.Error) else str(error))
            if work.connection.broken:
                self.state.lose("the working session is gone")

    def _new_work(self, step_id: StepId, direction: e.Direction, note: str = "") -> Work:
        step = self.state.plan.step(step_id)
        return Work(
            plan=self.state.plan,
            step=step,
            direction=direction,
            connection=self.state.open_sessions.working,
            recorder=self.state.recorder,
            control=Control(),
            activity=Activity(step=step.id, direction=direction, doing=Doing.SENDING, since=time.monotonic()),
            note=note,
            throttling=throttling_of(
                self.state.plan,
                step,
                self.state.samples,
                lambda: self.state.throttle_level,
                self.state.open_throttle,
                self.state.sight,
            ),
            host=self.state,
        )

    async def _watched(self, work: Work, performing: Callable[[Work], Awaitable[Outcome]] = _perform) -> Outcome:
        """Perform while looking at who holds us up, with the server's notices going to the journal."""

        def notice(diagnostic: psycopg.errors.Diagnostic) -> None:
            message, severity = diagnostic.message_primary or "", diagnostic.severity or "NOTICE"
            self.state.recorder.note(e.NoticeReceived(step=work.step.id, severity=severity, message=message))
            if diagnostic.sqlstate in SKIPPED:
                work.did_nothing(message)

        sessions = self.state.open_sessions

        def pids() -> tuple[int, ...]:
            return tuple(backend_pid(each) for each in (sessions.working, *work.beside) if not each.closed)

        self.state.lock_watch = LockWatch(sessions.watchdog, pids, self.state.changed)
        beside, watch = OwnedTasks(self.state.told_of), self.state.lock_watch
        beside.for_ever(Part.LOCK_WATCH, lambda: self._look_after(work, watch))
        if work.throttling is not None and work.throttling.asks:
            beside.for_ever(Part.THROTTLE, work.throttling.run)
        work.connection.add_notice_handler(notice)
        try:
            return await self._once_it_sees(work) or await performing(work)
        finally:
            work.connection.remove_notice_handler(notice)
            await beside.close()
            self.state.lock_watch, work.cost = None, watch.cost

    async def _look_after(self, work: Work, watch: LockWatch) -> None:
        """Over and over: who blocks us, is a guard over, and is there a waiting statement to withdraw."""
        judged = 0.0
        while True:
            waiting = await watch.look()
            match withdrawal(self._seen(work, watch, waiting)):
                case Cancel(stop=stop):
                    await self.cancel(stop)
                case LetGo(why=why):
                    work.control.let_go = why
                    await self._cancel_all(work)
                case None:
                    pass
                case _ as never:
                    assert_never(never)
            now = time.monotonic()
            if now - judged >= GUARDS_EVERY:
                self._look_at_guards(work)
                judged = now
            young_for = now - (work.activity.statement_since or now)
            await asyncio.sleep(look_again_in(young_for, waiting or bool(watch.blocking_cost.present)))

    def _seen(self, work: Work, watch: LockWatch, waiting: bool) -> StatementUnderWay:
        return StatementUnderWay(
            outwaits=work.activity.outwaits,
            waiting=waiting,
            held_up_for=watch.held_up_for,
            blockers=watch.blockers,
            lock_limit=work.lock_limit,
            victims=watch.blocking_cost.noticed(),
            most_victims=self.state.plan.guards.blocked_sessions,
            stop=work.control.stop,
            cancelled=work.control.cancelled,
            let_go=work.control.let_go,
            since_cancel=work.control.since_cancel,
        )

    def _look_at_guards(self, work: Work) -> None:
        if work.control.stop is not None or work.direction is e.Direction.BACK:
            return
        self._remember_the_standbys()
        over = [breach for breach in self.state.breached_guards if not self._is_over_again(work, breach)]
        if over:
            self.state.submit(GuardOver(over[0]))

    def _remember_the_standbys(self) -> None:
        """One that leaves from now on is missed, by the next console too."""
        self.state.sight()
        names, known = self.state.standbys.expected, self.state.recorder.state.standbys
        if names != known and self.state.recorder.state.opened is not None:
            self.state.recorder.note(e.StandbysSeen(names=names))

    async def _once_it_sees(self, work: Work) -> Outcome | None:
        """Nothing is sent before every guard has its figure: after a reconnect the panes come back a moment later.

        None when it may go on. A figure that does not come trips its guard, which asks for a stop.
        """
        while work.direction is e.Direction.FORWARD and (blind := self.state.unseen_guards):
            work.show(Doing.WAITING_TO_SEE, reason=str(blind[0]))
            if await work.control.sleep_until_figures(SEE_AGAIN):
                return work.stopped()
        # A step may be over before anybody looks at the guards again.
        self._remember_the_standbys()
        return None

    def _is_over_again(self, work: Work, breach: Breach) -> bool:
        """Whether a sample of the panes saw those behind a moment of ours in the queue, which the lock watch bounds.

        The samples are a second old, the lock watch some milliseconds. A step of statements has one session, the one
        that is watched: where nobody waits behind it for long, nobody does.
        """
        watch = self.state.lock_watch
        alone = work.step.action.author_sql is not None
        return (
            breach.pane is Pane.LOCKS
            and not breach.figure
            and alone
            and watch is not None
            and watch.sees
            and watch.blocking_cost.noticed() == 0
        )

    def _journal_outcome(self, work: Work, outcome: Outcome) -> None:
        step, waited = work.step.id, _who_waited(work)
        match outcome:
            case Done():
                pass
            case Held(why=why, detail=detail, indexes=indexes):
                self.state.recorder.note(e.StepHeld(step=step, why=why, detail=detail, indexes=indexes, **waited))
            case Failed(message=message, sqlstate=sqlstate, applied=applied, partial=partial):
                self.state.recorder.note(
                    e.StepFailed(
                        step=step,
                        direction=work.direction,
                        message=message,
                        sqlstate=sqlstate,
                        applied=applied,
                        partial=partial,
                        **waited,
                    )
                )
            case Doubtful(index=index, evidence=evidence):
                self.state.recorder.note(e.StepInDoubt(step=step, index=index, evidence=evidence, **waited))
            case LinkLost(message=message):
                self.state.lose(message)
            case _ as never:
                assert_never(never)

    def stop_at_safe_point(self, stop: Stop) -> None:
        """Ask the step under way to stop; a statement that waits for a lock is withdrawn by the lock watch."""
        if self.state.work is not None:
            self.state.work.control.ask(stop)
            self.state.changed()

    @property
    def outwaits(self) -> bool:
        """Whether a CONCURRENTLY statement is with the server."""
        return self.state.work is not None and self.state.work.activity.outwaits

    async def cancel(self, stop: Stop) -> None:
        """Cancel on the server; what became of the statement is for the server to say, and the performer to hear."""
        work = self.state.work
        if work is None:
            return
        work.control.cancelling(stop)
        await self._cancel_all(work)

    async def _cancel_all(self, work: Work) -> None:
        work.control.sent_cancel()
        await asyncio.gather(*(ask_to_cancel(each) for each in (work.connection, *work.beside)))


def _who_waited(work: Work) -> dict[str, Any]:
    """The fields of `SaysWhoWaited`, once the step is over."""
    return {} if work.cost is None else {"victims": work.cost.victims, "victim_seconds": work.cost.seconds}
