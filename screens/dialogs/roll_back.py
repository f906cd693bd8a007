"""The confirmation of a rollback: one step, or all back to a chosen one. The console has asked for the pause before."""

import time
from collections.abc import Callable
from dataclasses import replace

from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Sheet
from screens.dialogs.roll_back_sheet import command_of, roll_back_sheet, why_withdrawn
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.decide import undoable
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command


class ConfirmRollBack(Dialog):
    """Undo the latest step, or all back to one of `step_ids`, chosen with j and k."""

    def __init__(
        self, engine: EngineSurface, step_ids: tuple[StepId, ...], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`step_ids` may be gone back to; a rollback always begins with the latest step and leaves none out."""
        super().__init__(engine, clock)
        snapshot = engine.snapshot
        self._begun = undoable(snapshot.plan, snapshot.run)
        farthest = max((number for number, step in enumerate(self._begun, 1) if step.id in step_ids), default=1)
        self._candidates = self._begun[:farthest]
        self._count = 1

    @property
    def chosen(self) -> tuple[Step, ...]:
        """The steps to be undone, latest first."""
        return self._candidates[: self._count]

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `roll_back_sheet`."""
        sheet = roll_back_sheet(snapshot, self.chosen, self._candidates, now)
        return replace(sheet, withdrawn=why_withdrawn(snapshot, self.chosen, self._begun))

    def command(self, given: tuple[str, ...]) -> Command | None:
        """RollBack, with the digest of what was shown."""
        return command_of(self.chosen, given)

    def act(self, key: str) -> None:
        """One step fewer, or one more."""
        self._count = max(1, min(len(self._candidates), self._count + {"k": -1, "j": 1}[key]))
