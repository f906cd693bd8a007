"""Who confirms the steps of a rehearsal: an operator of the real engine, by its surface, who reads what a person reads.

Every step passes `decide`, as one that a person confirms; what that refuses is what the rehearsal tells. Only a
`Permission` lets it begin.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never

from zdtui.errors import ZdtuiError
from zdtui.evidence.model import Way
from zdtui.plan.model import Step, StepId
from zdtui.rehearse.permission import Permission
from zdtui.run.decisions.clean_up import clean_up_sql, left_index
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.decide import hazards_that_stop, undoable
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.events import HoldKind
from zdtui.run.model.state import StepState, StepStatus

LOOK_EVERY = 0.2
"""Seconds after which a snapshot is looked at although nobody said that there is a new one."""
TAKEN_ON = "rehearsed on a server that is not production"
BY_A_PERSON = frozenset({HoldKind.PAUSED, HoldKind.CANCELLED})
"""Holds that a person at the console asked for, who goes on when it is time."""


class RehearsalBrokenError(ZdtuiError):
    """The engine ended, or the run was taken by somebody else: the rehearsal cannot go on, and why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one move ended."""

    done: bool
    why: str = ""
    """One sentence, where it did not end well."""
    attempt: int = 0
    refused: bool = False
    """Nothing of it was sent."""


@dataclass
class Operator:
    """Confirms one move after the other."""

    engine: EngineSurface
    permission: Permission
    by_hand: Callable[[Step], Awaitable[str | None]]
    """What was done by hand, as a note; None: a person at the console confirms the step there."""
    has_console: bool = False

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.engine.subscribe(self._told)

    def _told(self) -> None:
        """Called on the engine's thread, perhaps when we are over."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._changed.set)

    @property
    def now(self) -> Snapshot:
        """How things stand."""
        return self.engine.snapshot

    async def ready(self) -> None:
        """Until the run is held and every hazard of the plan is known. Raises RehearsalBrokenError."""
        await self._until(lambda now: now.is_connected)
        if self.now.console_role is not ConsoleRole.CONDUCTOR:
            raise RehearsalBrokenError(f"the run is held by {self.now.lock_holder or 'another session'}")
        self.engine.submit(c.RefreshBoard())
        await self._until(lambda now: now.findings is not None and now.board is not None)

    async def go(self, step: Step, way: Way) -> Ended:
        """Have the step gone that way, and wait for its end."""
        match way:
            case Way.FORWARD:
                return await self._forward(step)
            case Way.BACK:
                return await self._back(step)
            case _ as never:
                assert_never(never)

    async def _forward(self, step: Step) -> Ended:
        for hazard in hazards_that_stop(self.now, step):
            command = c.SilenceHazard(step.id, hazard.rule, TAKEN_ON, text_digest(step))
            if (refused := await self._refused(command, _is_taken_on(step, hazard.rule))) is not None:
                return Ended(False, refused, refused=True)
        note = await self.by_hand(step) if step.action.by_hand else ""
        before = self._state(step.id).attempt
        if note is None:
            return await self._end_of(step.id, before)
        return await self._sent(c.RunStep(step.id, step_digest(step), str(step.id), note), step.id, before)

    async def _back(self, step: Step) -> Ended:
        """Only this one, which has to be the latest that was begun."""
        before = self._state(step.id).attempt
        return await self._sent(c.RollBack((step.id,), rollback_digest((step,)), str(step.id)), step.id, before)

    async def clean_up(self, step: Step) -> None:
        """Remove what a failed build of an index left, so that the step can be taken back."""
        state = self._state(step.id)
        while state.hold is HoldKind.INVALID_INDEX and (name := left_index(step, state)) is not None:
            command = c.CleanUpIndex(step.id, name, clean_up_sql(name), str(step.id))
            if await self._refused(command, _stands_otherwise(step.id, state)) is not None:
                return
            state = self._state(step.id)

    async def take_all_back(self) -> Ended:
        """Everything that was begun, latest first."""
        while steps := undoable(self.now.plan, self.now.run):
            await self.clean_up(self.now.plan.step(steps[0].id))
            ended = await self._back(self.now.plan.step(steps[0].id))
            if not ended.done:
                return ended
        return Ended(True)

    async def leave(self) -> None:
        """Let go of the run, and wait until the engine has."""
        self.engine.stop("the rehearsal is over", force=True)
        while not self.engine.stopped:
            await self._next()

    async def _sent(self, command: c.RunStep | c.RollBack, step: StepId, before: int) -> Ended:
        refused = await self._refused(command, lambda now: now.run.step(step).attempt > before)
        return Ended(False, refused, refused=True) if refused is not None else await self._end_of(step, before)

    async def _refused(self, command: c.Command, happened: Callable[[Snapshot], bool]) -> str | None:
        """Submit it; why it was refused, or None once what it was for is seen."""
        count = self.now.refusal_count
        self.engine.submit(command)
        await self._until(lambda now: now.refusal_count > count or happened(now))
        return None if happened(self.now) else (self.now.refusal or "it was refused")

    async def _end_of(self, step: StepId, before: int) -> Ended:
        await self._until(lambda now: now.working is None and self._is_settled(now.run.step(step), before))
        state = self._state(step)
        done = state.status is StepStatus.DONE or (state.status is StepStatus.PENDING and state.rolled_back)
        return Ended(done, "" if done else state.message or str(state.status), state.attempt)

    def _is_settled(self, state: StepState, before: int) -> bool:
        if state.attempt <= before:
            return False
        if state.status is StepStatus.HELD and state.hold in BY_A_PERSON and self.has_console:
            return False
        return state.status not in (StepStatus.RUNNING, StepStatus.ROLLING_BACK, StepStatus.APPLIED)

    def _state(self, step: StepId) -> StepState:
        return self.now.run.step(step)

    async def _until(self, reached: Callable[[Snapshot], bool]) -> None:
        """Raises RehearsalBrokenError when the engine has ended first."""
        while not reached(self.now):
            if (failure := self.engine.failure) is not None:
                raise RehearsalBrokenError(f"the engine ended: {failure.message}")
            if self.engine.stopped or self.now.leaving is not None:
                raise RehearsalBrokenError("the rehearsal was left")
            await self._next()

    async def _next(self) -> None:
        """Wait for another snapshot, or a moment."""
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()


def _is_taken_on(step: Step, rule: str) -> Callable[[Snapshot], bool]:
    return lambda now: all(each.rule != rule for each in hazards_that_stop(now, step))


def _stands_otherwise(step: StepId, was: StepState) -> Callable[[Snapshot], bool]:
    return lambda now: now.run.step(step) != was
