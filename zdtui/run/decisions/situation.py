"""What a decision depends on, and what it comes to. Pure data."""

from dataclasses import dataclass
from datetime import UTC, datetime

from zdtui.hazards.hazard import Finding
from zdtui.plan.model import Plan, StepId
from zdtui.run.figures.guards import Blind, Breach
from zdtui.run.journal.damage import Damage
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState
from zdtui.run.preflight.board import Board

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision may depend on."""

    plan: Plan
    run: RunState
    operator: str = ""
    conducting: bool = True
    """This console holds the run's lock."""
    connected: bool = True
    working: StepId | None = None
    """The step that is under way right now, in this process."""
    board: Board | None = None
    over: tuple[Breach, ...] = ()
    """Guards over their limit at this moment, or without their figure for too long."""
    blind: tuple[Blind, ...] = ()
    """Figures with a limit that cannot be seen at this moment and that nobody accepted to be without."""
    stopping: bool = False
    wall: datetime = LONG_AGO
    """The time by this console's clock."""
    findings: tuple[Finding, ...] = ()
    """What is known of every statement of the plan."""
    damage: Damage | None = None
    """What is wrong with the journal."""
    cannot_write: str = ""
    """Why the journal cannot be written here."""


@dataclass(frozen=True, slots=True)
class StepEnded:
    """Fact: the step under way came to an end, well or not."""

    step: StepId


@dataclass(frozen=True, slots=True)
class GuardOver:
    """Fact: a guard went over its limit while a step was under way."""

    breach: Breach


@dataclass(frozen=True, slots=True)
class QuietMoment:
    """Fact: nothing speaks against starting the step that is armed, at this moment."""

    step: StepId


@dataclass(frozen=True, slots=True)
class ArmExpired:
    """Fact: no quiet moment came in time."""

    step: StepId


Fact = StepEnded | GuardOver | QuietMoment | ArmExpired


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: events to journal, then effects to perform. Or a refusal: one sentence, and nothing follows."""

    events: tuple[e.Event, ...] = ()
    effects: tuple[f.Effect, ...] = ()
    refusal: str | None = None


class Refused(Exception):
    """Carries the sentence of a refusal out of a rule."""
