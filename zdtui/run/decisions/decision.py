"""What is decided on beside a person's commands, and what a decision comes to. Pure data."""

from dataclasses import dataclass

from zdtui.plan.model import StepId
from zdtui.run.figures.guards import Breach
from zdtui.run.model import effects as f
from zdtui.run.model import events as e


@dataclass(frozen=True, slots=True)
class StepEnded:
    """The step under way came to an end, well or not."""

    step: StepId


@dataclass(frozen=True, slots=True)
class GuardOver:
    """A guard went over its limit while a step was under way."""

    breach: Breach


@dataclass(frozen=True, slots=True)
class QuietMoment:
    """Nothing speaks against starting the step that is armed, at this moment."""

    step: StepId


@dataclass(frozen=True, slots=True)
class ArmExpired:
    """No quiet moment came in time."""

    step: StepId


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """Somebody who is not at the console asks that nothing more happens."""

    by: str
    """As the operator is told it: the name that the session gave itself, and its role."""


EngineEvent = StepEnded | GuardOver | QuietMoment | ArmExpired | PauseAsked


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: events to journal, then effects to perform. Or a refusal: one sentence, and nothing follows."""

    events: tuple[e.Event, ...] = ()
    effects: tuple[f.Effect, ...] = ()
    refusal: str | None = None
    held_back: bool = False
    """What was asked for is there and can be shown; only its time has not come, and the refusal says why."""


class Refused(Exception):
    """Carries the sentence of a refusal out of a rule: this console may not, or there is nothing to do it to."""


class HeldBack(Refused):
    """A refusal of something that is there: a guard, a hazard, the board, the journal ... keeps it from being done now.

    A person may open the question about it all the same: it shows what would be sent, and this sentence.
    """
