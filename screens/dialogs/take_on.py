"""Taking on a hazard that stops a step, for a reason that the journal keeps."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Page, Rank, Sheet, Write
from screens.dialogs.run_sheet import pages_of
from screens.look import Look
from screens.would_send import refusal, take_on_hazard
from zdtui.hazards.hazard import Hazard
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.decide import hazards_that_stop
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, SilenceHazard


def take_on_sheet(snapshot: Snapshot, step: Step, hazard: Hazard) -> Sheet:
    """What will happen to the application, what would be safer, and the question why it is run all the same."""
    facts = [
        on_fact(snapshot),
        Fact("stop", f"{hazard.rule}: {hazard.sentence}", Look.LOUD, Rank.DECIDES),
    ]
    if hazard.safer is not None:
        facts.append(Fact("safer", hazard.safer.sentence))
    others = [each.rule for each in hazards_that_stop(snapshot, step) if each.rule != hazard.rule]
    if others:
        facts.append(Fact("also", f"{', '.join(others)} stops it too", Look.STRONG))
    facts.append(
        Fact("means", f"{step.id} may then be run as it is written; nothing is sent now", Look.STRONG, Rank.DECIDES)
    )
    safer = (Page("safer", hazard.safer.sql),) if hazard.safer is not None and hazard.safer.sql else ()
    return Sheet(
        title=f"Acknowledge {hazard.rule} in {step.id}: {step.title}",
        asks=(Write("say why it is run all the same"),),
        pages=(*pages_of(step), *safer),
        facts=tuple(facts),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, take_on_hazard(step, hazard.rule)),
    )


class TakeOnDialog(Dialog):
    """Asks for the reason."""

    def __init__(
        self, engine: EngineSurface, step_id: StepId, hazard: Hazard, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)
        self._hazard = hazard

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `take_on_sheet`."""
        return take_on_sheet(snapshot, self._step, self._hazard)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """SilenceHazard, with the reason."""
        return SilenceHazard(self._step.id, self._hazard.rule, given[-1], text_digest(self._step))
