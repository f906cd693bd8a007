"""The confirmation of a step: what runs, where, who is in the way, what takes it back."""

import time
from collections.abc import Callable

from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Sheet
from screens.dialogs.run_sheet import command_of, run_sheet
from zdtui.plan.model import StepId
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import needs_typed_id
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command


class ConfirmRun(Dialog):
    """Run, go on with, try again or verify a step. What is confirmed is the text as it was when this opened."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        snapshot = engine.snapshot
        self._step = snapshot.plan.step(step_id)
        self._typed = needs_typed_id(snapshot, self._step)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `run_sheet`."""
        return run_sheet(snapshot, self._step, self._typed, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """RunStep, with the digest of what was shown."""
        return command_of(self._step, given)
