"""The conductor: takes commands, asks `decide`, performs the effects. It decides nothing itself."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import assert_never
from uuid import uuid4

import psycopg

from zdtui import __version__
from zdtui.errors import ZdtuiError
from zdtui.owned_tasks import Fault
from zdtui.plan.model import Plan
from zdtui.plan.secrets import mask_of
from zdtui.postgres.journal.place import journal_is_of_a_rehearsal
from zdtui.postgres.sessions.connect import Target
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import backend_pid
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.decide import EngineEvent, QuietMoment, StepEnded, decide, needs_go, next_step
from zdtui.run.decisions.view import RunView
from zdtui.run.engine.arming import Arming
from zdtui.run.engine.connecting import Connecting
from zdtui.run.engine.detailing import Detailing
from zdtui.run.engine.rehearsing import Rehearsing
from zdtui.run.engine.state import EngineState
from zdtui.run.engine.step_runner import StepRunner
from zdtui.run.engine.watching import watcher_of
from zdtui.run.execute.control import Stop
from zdtui.run.execute.operator_actions import signal
from zdtui.run.execute.withdrawing import may_cancel
from zdtui.run.journal import store as journal
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.faults import Part
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.preflight.server_change import not_known
from zdtui.watch.samples import Samples
from zdtui.watch.watcher import Watcher

ACTS = c.RunStep | c.RollBack | c.SkipStep | c.SilenceHazard | c.RetryRejected | c.SettleDoubt | c.CleanUpIndex | c.Arm
"""Commands that write to the journal, or run what it says is next."""
FIRST_BOARD_AFTER = 0.5
"""Seconds until the board is first asked for: the console's first frame comes before twenty questions do."""
LAST_WORDS = 2.0
"""Seconds that are waited for a step which is over, and whose session is being put back as it was opened."""
HANG_UP_GRACE = 2.0
"""Seconds a batch may take to reach its boundary after a hang-up before it is cancelled."""


class Conductor:
    """One plan, one target, one loop. `changed` is called after anything a screen shows may be different.

    Guards and throttle need eyes: without `samples` of somebody's watcher it watches by itself.
    """

    def __init__(
        self,
        plan: Plan,
        target: Target,
        operator: str,
        changed: Callable[[], None],
        samples: Callable[[], Samples] | None = None,
        watch_pids: Callable[[], frozenset[int]] = frozenset,
        look_now: Callable[[], None] = lambda: None,
        amend_reason: str | None = None,
        is_rehearsal: bool = False,
        proposal: Proposal | None = None,
    ) -> None:
        self._watcher: Watcher | None = None
        if samples is None:
            own = self._watcher = watcher_of(lambda: self.state, lambda _: self.state.saw(), self._told_of)
            samples, watch_pids, look_now = (lambda: own.samples), (lambda: own.pids), own.look_now
        self._gone = asyncio.Event()
        self.state = EngineState(
            plan=plan,
            target=target,
            operator=operator,
            changed=changed,
            samples=samples,
            watch_pids=watch_pids,
            look_now=look_now,
            amend_reason=amend_reason,
            is_rehearsal=is_rehearsal,
            not_journaled=NotJournaled(proposal),
            random=Random(),
        )
        self._runner = StepRunner(self.state)
        self._connecting = Connecting(self.state, self._runner)
        self._rehearsing = Rehearsing(self.state, self._look_for_evidence)
        self._is_leaving = False
        self._at_work = ""
        """What the server still works on when we have gone."""

    def _told_of(self, fault: Fault) -> str:
        return self.state.told_of(fault)

    async def run(self) -> None:
        """Connect, then serve commands until the run is let go of. Raises TargetError when the first connect fails.

        A part that fails is told of and begun again: none of them takes the others along.
        """
        state, tasks = self.state, self.state.tasks
        if state.is_rehearsal:
            journal_is_of_a_rehearsal()
        try:
            await self._connecting.connect()
        except ZdtuiError:
            await self._close()
            raise
        except Exception as error:  # noqa: BLE001 (told as a fault; the heartbeat tries again)
            state.stay_lost(state.told_of(Fault(Part.CONNECTING, error, begun_again=True)))
        asyncio.get_running_loop().call_later(FIRST_BOARD_AFTER, self.submit, c.RefreshBoard())
        tasks.for_ever(Part.COMMANDS, self._serve)
        tasks.for_ever(Part.HEARTBEAT, self._connecting.keep_in_touch)
        tasks.for_ever(Part.ARMING, Arming(state).watch)
        tasks.for_ever(Part.DETAILS, Detailing(state).watch)
        if self._watcher is not None:
            tasks.for_ever(Part.WATCHER, self._watcher.run)
        try:
            await self._gone.wait()
        finally:
            await self._close()

    def submit(self, command: c.Command | EngineEvent) -> None:
        """Put a command into the inbox; call it on the conductor's own loop."""
        self.state.submit(command)

    async def _serve(self) -> None:
        while True:
            intent = await self.state.inbox.get()
            try:
                await self._act_on(intent)
                if isinstance(intent, StepEnded):
                    await self._look_for_evidence()
            except (ZdtuiError, psycopg.Error) as error:
                self.state.refuse(sentence(error) if isinstance(error, psycopg.Error) else str(error))
            except Exception as error:  # noqa: BLE001 (one command's fault is told, and the next one is heard)
                self.state.told_of(Fault(Part.COMMANDS, error))
            self.state.changed()

    async def _let_it_end(self, intent: c.Command | EngineEvent) -> None:
        """A step that is over is not in the way of the next one while its session is put back as it was opened."""
        if isinstance(intent, ACTS | QuietMoment) and self.state.ending:
            await self._runner.finished(LAST_WORDS)

    async def _act_on(self, intent: c.Command | EngineEvent) -> None:
        await self._let_it_end(intent)
        if self._looks_first(intent):
            await self._connecting.look_again()
        if isinstance(intent, c.RunStep | c.Arm | c.SilenceHazard) and self.state.appraisal is None:
            await self._appraise()
        if isinstance(intent, c.RunStep) and self._asks_for_a_go(intent):
            await self._ask_board()
        decision = decide(self._view(), intent)
        if decision.refusal is not None:
            self.state.refuse(decision.refusal)
            return
        if isinstance(intent, c.RunStep | c.RollBack | c.SkipStep | c.RetryRejected | c.SettleDoubt | c.Arm):
            self.state.answered()
        for event in decision.events:
            self.state.recorder.note(event)
        steps: list[f.Perform] = []
        for effect in decision.effects:
            if isinstance(effect, f.Perform):
                steps.append(effect)
            else:
                await self._carry_out(effect)
        if steps:
            self._runner.start(steps)

    def _looks_first(self, intent: c.Command | EngineEvent) -> bool:
        """Whether it is acted on only by a journal that was read just now."""
        state = self.state
        last = isinstance(intent, StepEnded) and next_step(state.plan, state.recorder.state) is None
        if not (last or isinstance(intent, ACTS)) or not state.is_connected or state.working is not None:
            return False
        return state.sessions is not None and (state.is_conductor or state.recorder.damage is not None)

    def _view(self) -> RunView:
        """How things stand for a decision: to it, a step is under way until its session is put back."""
        return replace(self.state.view(), working=self.state.working)

    def _asks_for_a_go(self, command: c.RunStep) -> bool:
        """Whether the board is asked before this is decided: not where its answer would change nothing."""
        view = self._view()
        decision = decide(view, command)
        may_run = decision.refusal is None or decision.held_back
        return may_run and needs_go(view.plan, view.run, view.plan.step(command.step))

    async def _carry_out(self, effect: f.AtOnce) -> None:  # noqa: C901 (one flat match over a closed union)
        state = self.state
        match effect:
            case f.OpenRun():
                await self._open_run()
            case f.Record(event=event):
                await state.recorder.before(event)
            case f.StopAtSafePoint(why=why, detail=detail):
                self._runner.stop_at_safe_point(Stop(why, detail))
            case f.CancelOurStatement():
                await self._runner.cancel(Stop(e.HoldKind.CANCELLED, f"cancelled by {state.operator}"))
            case f.Signal():
                happened = await signal(state.open_sessions.journal, effect, state.own_pids)
                if state.recorder.state.opened is not None:
                    state.recorder.note(happened)
            case f.DropInvalidIndex():
                self._runner.clean_up(effect)
            case f.RetryRejected():
                self._runner.retry(effect)
            case f.AcceptJournal(accepted=accepted):
                await self._connecting.accept(accepted)
            case f.SetThrottleLevel(level=level):
                state.throttle_level = level
            case f.SetQueueCeiling(ceiling=ceiling):
                state.ceiling_set = ceiling
            case f.AcquireRunLock():
                await self._connecting.acquire_run_lock()
            case f.RunPreflight():
                await self._ask_board()
                await (self._appraise() if state.appraisal is None else self._look_for_evidence())
            case f.KeepNote(text=text):
                self._connecting.joining.keep_note(text)
            case f.ChangePlan():
                await self._change_plan(effect)
            case f.KeepReading(read=read):
                self._connecting.joining.keep_reading(read)
            case f.Rehearse(step=step):
                self._rehearsing.start(step)
            case f.StopRehearsal():
                self._rehearsing.stop()
            case f.LookAt(subject=subject):
                state.look_at(subject)
            case f.CloseRun(why=why, force=force):
                await self._let_go(why, force)
            case _ as never:
                assert_never(never)

    async def _open_run(self) -> None:
        """Begin a run; or go on with one whose beginning was lost, once an operator has taken that on."""
        state = self.state
        sessions, plan = state.open_sessions, state.plan
        if not await journal.current(sessions.journal):
            await journal.install(sessions.working)
        state.journal_made()
        who = sessions.identity
        if not state.recorder.is_open:
            state.recorder.open(uuid4())
        state.recorder.attach(sessions.journal, sessions.backend)
        await state.recorder.before(
            e.RunOpened(
                plan_name=plan.name,
                plan_title=plan.title,
                plan_digest=plan.digest,
                plan_text=plan.source,
                plan_path=os.path.basename(plan.path),
                step_ids=tuple(step.id for step in plan.steps),
                environment=str(plan.target.environment),
                database=who.database,
                server=who.address,
                server_version=who.version_number,
                system_identifier=who.system_identifier,
                timeline=who.timeline,
                zdtui_version=__version__,
            )
        )
        self._connecting.joining.write_what_was_kept()
        await self._connecting.join()

    async def _change_plan(self, change: f.ChangePlan) -> None:
        """What was found out about the text before is not true of this one: it is asked anew.

        Passwords of both texts are struck out from here on, of the new one already where it is journaled.
        """
        state, before = self.state, self.state.recorder.mask
        of_new = mask_of(change.plan)
        state.recorder.mask = lambda text: of_new(before(text))
        if change.amended is not None:
            await state.recorder.before(change.amended)
        state.plan, state.appraisal, state.board = change.plan, None, None
        state.changed()
        await self._carry_out(f.RunPreflight())

    async def _appraise(self) -> None:
        """Once: the findings follow the plan from the schema as it is when the console comes."""
        if self.state.sessions is not None:
            # Every rule and the whole of SQL's effects: loaded once there is a server to ask, after the first frame.
            from zdtui.run.preflight.appraise import appraise

            self.state.appraisal = await appraise(self.state.plan, self.state.sessions.journal)
            self.state.changed()

    async def _look_for_evidence(self) -> None:
        """Again: it may have been written meanwhile, and a step that ended has made another schema."""
        state = self.state
        if state.appraisal is not None and state.sessions is not None:
            from zdtui.run.preflight.evidence import look_for_evidence  # after the first frame

            found = await look_for_evidence(state.plan, state.sessions.journal)
            if state.appraisal is not None:  # else another plan was opened meanwhile
                state.appraisal = replace(state.appraisal, evidence=found)
            state.changed()

    async def _ask_board(self) -> None:
        from zdtui.run.preflight.run_preflight import take_board  # after the first frame

        state = self.state
        sessions = state.open_sessions
        try:
            await self._connecting.joining.look(sessions)
        except ZdtuiError as error:
            state.cannot_be_written(str(error))
        damage = state.recorder.damage
        state.board = await take_board(
            sessions.journal,
            state.plan,
            state.recorder.state,
            own_pids=state.own_pids,
            journal_installed=state.journal_installed,
            holder=state.lock_holder if not state.is_conductor else None,
            now=datetime.now(UTC),
            journal_refuses=damage.sentence if damage is not None else state.cannot_write or state.recorder.refused,
            not_known=not_known(sessions.identity) or "",
        )
        state.changed()

    async def _let_go(self, why: str, force: bool) -> None:
        """Stop at the next safe point (or now), then close. Asking again with force makes it now."""
        state = self.state
        state.leaving = why
        state.changed()
        if state.work is not None:
            kind = e.HoldKind.HANG_UP if force else e.HoldKind.LEFT
            self._runner.stop_at_safe_point(Stop(kind, why))
        if not self._is_leaving:
            self._is_leaving = True
            state.tasks.once(Part.LEAVING, self._leave_when_idle(why))
        if force:
            await self._stop_now(Stop(e.HoldKind.HANG_UP, why))

    async def _stop_now(self, stop: Stop) -> None:
        """A batch gets a moment to reach its boundary; anything else is cancelled, and then given up on.

        But for a CONCURRENTLY statement: the server goes on with it, and ends the session after it.
        """
        work = self.state.work
        if work is not None and not may_cancel(stop.why, work.activity.outwaits):
            kind, pid = " ".join(work.activity.statement.split()), backend_pid(work.connection)
            self._at_work = f"{kind} on backend {pid}"
            await self._runner.abandon()
            return
        if work is not None and work.activity.doing in (Doing.WORKING_BATCHES, Doing.THROTTLED):
            await self._runner.finished(HANG_UP_GRACE)
        if self.state.working is not None:
            await self._runner.cancel(stop)
            await self._runner.finished(HANG_UP_GRACE)
        await self._runner.abandon()

    async def _leave_when_idle(self, why: str) -> None:
        state = self.state
        try:
            await self._runner.finished()
            if state.is_conductor and state.recorder.state.opened is not None and state.is_connected:
                state.recorder.note(e.ConsoleLeft(why=why, at_work=self._at_work))
                await state.recorder.flush(2.0)
        finally:
            self._gone.set()

    async def _close(self) -> None:
        await self._runner.abandon()
        await self.state.tasks.close()
        await self.state.recorder.close()
        if self._watcher is not None:
            await self._watcher.stop()
        if self.state.sessions is not None:
            await self.state.sessions.close()
