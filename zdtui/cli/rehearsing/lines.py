"""A rehearsal as lines: one when a move is over, and what a person has to do asked where there is one."""

import asyncio
import sys
from dataclasses import dataclass

from zdtui.amounts import took
from zdtui.cli.say import say
from zdtui.errors import ZdtuiError
from zdtui.evidence.model import Leg
from zdtui.evidence.told import lock_words
from zdtui.plan.model import Plan, Step
from zdtui.rehearse.going import Gone
from zdtui.rehearse.passes import Move
from zdtui.run.engine.surface import EngineSurface
from zdtui.sql.lock_modes import LockMode

PASSED = "passed over by the rehearsal"
FELT = LockMode.SHARE_UPDATE_EXCLUSIVE
"""The weakest lock that is worth a word."""


@dataclass
class Lines:
    """Prints what goes on, on stderr."""

    pass_manual: bool = False

    def can_ask(self, plan: Plan) -> None:
        """Raises ZdtuiError where a person would have to be asked and nobody is there."""
        by_hand = [step.id for step in plan.steps if step.action.by_hand]
        if by_hand and not self.pass_manual and not sys.stdin.isatty():
            raise ZdtuiError(
                f"{by_hand[0]} is done by hand, and nobody can be asked here: --pass-manual takes it for done"
            )

    def says(self, sentence: str) -> None:
        """A line of its own."""
        say(sentence, err=True)

    def begins(self, number: int, total: int, move: Move) -> None:
        """Nothing: a line is printed when it is over."""

    def gone(self, gone: Gone, total: int) -> None:
        """One line."""
        say(f"[{gone.number:>{len(str(total))}}/{total}] {told_of(gone)}", err=True)

    def shown(self, engine: EngineSurface) -> bool:
        """Nobody sees it."""
        return False

    async def by_hand(self, step: Step) -> str | None:
        """What was done, as the person says."""
        if self.pass_manual:
            return PASSED
        say(f"{step.id}: {step.action.confirm_text()}", err=True)
        say("Say in a line what was done:", err=True)
        return (await asyncio.to_thread(sys.stdin.readline)).strip() or "done"


def told_of(gone: Gone) -> str:
    """'add-column forward: 12 ms, ACCESS EXCLUSIVE on users 3 ms'."""
    parts = [
        f"{gone.move.step} {gone.move.way}: {took(gone.leg.seconds)}",
        _strongest(gone.leg),
        "" if gone.leg.worst_stall is None else f"slowest answer {took(gone.leg.worst_stall)}",
        "" if gone.verdict is None else gone.verdict.sentence,
        f"FAILED: {gone.why}" if gone.why else "",
    ]
    return ", ".join(part for part in parts if part)


def _strongest(leg: Leg) -> str:
    felt = [lock for lock in leg.locks or () if lock.mode.strength >= FELT.strength]
    return lock_words(max(felt, key=lambda lock: (lock.mode.strength, lock.seconds or 0))) if felt else ""
