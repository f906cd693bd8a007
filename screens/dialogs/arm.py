"""Arming a step: the same confirmation as to run it, given beforehand and until a time."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Rank, Sheet, last_question
from screens.dialogs.run_sheet import run_sheet
from screens.look import Look
from screens.would_send import arm_step, refusal
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import needs_typed_id
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Arm, Command

LASTS = {
    "1": ("15 minutes", timedelta(minutes=15)),
    "2": ("1 hour", timedelta(hours=1)),
    "3": ("8 hours", timedelta(hours=8)),
}
"""By the key that chooses it."""
MEANS = (
    "it starts by itself in the first moment in which no transaction older than 1 s and no autovacuum is in its way,"
    " replay lag is low and no guard is over; p disarms it, and so does time, leaving, or a lost connection"
)


def arm_sheet(snapshot: Snapshot, step: Step, typed: bool, now: Now, given: tuple[str, ...] = ()) -> Sheet:
    """The whole dialog: the sheet of a run, with the question for how long before it; the last one names that time."""
    sheet = run_sheet(snapshot, step, typed, now)
    lasts = Choose("armed for", tuple(Answer(key, words) for key, (words, _) in LASTS.items()))
    how_long = f" for {LASTS[given[0]][0]}" if given else ""
    word = step.id if typed or needs_typed_id(snapshot, step) else None
    return replace(
        sheet,
        title=f"Arm {step.id}: {step.title}",
        asks=(lasts, last_question(word, f"arm it{how_long}")),
        facts=(*sheet.facts[:1], Fact("means", MEANS, Look.STRONG, Rank.DECIDES), *sheet.facts[1:]),
        withdrawn=refusal(snapshot, arm_step(step)),
    )


def command_of(step: Step, given: tuple[str, ...]) -> Arm:
    """The command the answers come to: for how long, then 'y' or the typed id."""
    return Arm(step.id, step_digest(step), confirmed_by=given[-1], lasts=LASTS[given[0]][1])


class ConfirmArm(Dialog):
    """Asks before a step is armed. What is confirmed is the text as it was when this opened."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        snapshot = engine.snapshot
        self._step = snapshot.plan.step(step_id)
        self._typed = needs_typed_id(snapshot, self._step)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `arm_sheet`."""
        return arm_sheet(snapshot, self._step, self._typed, now, self.given)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """Arm, with the digest of what was shown."""
        return command_of(self._step, given)
