"""In which order the steps of a plan are gone through. Pure.

Each step forward, back and forward, so that its rollback is proved where it would be needed; then all the way back and
all the way forward, because what one rollback leaves may only be in the way of another. What cannot be taken back comes
last, in a copy of what it destroys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from zdtui.evidence.model import Way
from zdtui.plan.model import Plan, SqlRollback, Step, StepId


class Pass(StrEnum):
    """What a move is for."""

    STEP = "step by step"
    WHOLE = "the whole plan"
    COPY = "in the copy"


@dataclass(frozen=True, slots=True)
class Move:
    """One step gone in one direction."""

    step: StepId
    way: Way
    pass_: Pass


@dataclass(frozen=True, slots=True)
class Course:
    """All moves of a rehearsal, in their order."""

    here: tuple[Move, ...]
    """On the database itself."""
    copy: tuple[Move, ...] = ()
    """In a copy that is made of it then: from the first step that cannot be taken back."""

    def __len__(self) -> int:
        return len(self.here) + len(self.copy)


def course(plan: Plan, *, last_steps: bool = True) -> Course:
    """The moves for this plan. `last_steps`: also those from the first one on that cannot be taken back."""
    first_final = next((place for place, step in enumerate(plan.steps) if step.is_point_of_no_return), len(plan.steps))
    here, final = plan.steps[:first_final], plan.steps[first_final:] if last_steps else ()
    moves = [move for step in here for move in _there_and_back(step, Pass.STEP)]
    moves += _all_the_way(here, Way.BACK, Pass.WHOLE)
    moves += _all_the_way(here, Way.FORWARD, Pass.WHOLE)
    return Course(
        here=tuple(moves),
        copy=tuple(move for step in final for move in _there_and_back(step, Pass.COPY)),
    )


def comes_back(step: Step) -> bool:
    """Whether the step has a rollback to be proved."""
    return isinstance(step.rollback, SqlRollback)


def _there_and_back(step: Step, pass_: Pass) -> Iterator[Move]:
    yield Move(step.id, Way.FORWARD, pass_)
    if comes_back(step):
        yield Move(step.id, Way.BACK, pass_)
        yield Move(step.id, Way.FORWARD, pass_)


def _all_the_way(steps: tuple[Step, ...], way: Way, pass_: Pass) -> list[Move]:
    """Also steps with nothing to undo: those before them cannot be taken back past them."""
    order = steps if way is Way.FORWARD else tuple(reversed(steps))
    return [Move(step.id, way, pass_) for step in order]
