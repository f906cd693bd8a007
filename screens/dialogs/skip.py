"""Passing over a step, for a reason that the journal keeps."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Rank, Sheet, Write
from screens.dialogs.run_sheet import pages_of
from screens.look import Look
from screens.would_send import refusal, skip_step
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.decide import has_something_to_undo
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, SkipStep


def skip_sheet(snapshot: Snapshot, step: Step) -> Sheet:
    """What is passed over, and what that means for the steps after it."""
    state = snapshot.run.step(step.id)
    facts = [
        on_fact(snapshot),
        Fact("means", f"nothing of {step.id} is sent; the steps after it may run", Look.STRONG, Rank.DECIDES),
    ]
    if has_something_to_undo(state):
        facts.append(
            Fact("careful", "what it has done so far stays in the database; B takes it back", Look.LOUD, Rank.DECIDES)
        )
    if step.verify:
        facts.append(Fact("verify", "its verify queries are not asked"))
    return Sheet(
        title=f"Skip {step.id}: {step.title}",
        asks=(Write("say why it is skipped"),),
        pages=pages_of(step),
        facts=tuple(facts),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, skip_step(step)),
    )


class SkipDialog(Dialog):
    """Asks for the reason."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `skip_sheet`."""
        return skip_sheet(snapshot, self._step)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """SkipStep, with the reason."""
        return SkipStep(self._step.id, given[-1])
