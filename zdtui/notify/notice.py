"""What is told to people elsewhere, as closed data: names that the plan's rules allow, our words, numbers. Pure.

Nothing of a statement, a row, a message of the server, a reason or a connection string has a place in a notice, so
that none can get into a chat. What is no name by the plan's own rule is told as a question mark.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from zdtui.counted import counted
from zdtui.plan.model import Environment, Guards
from zdtui.run.model.events import HoldKind

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 60
GUARDS = frozenset(Guards.model_fields)
"""The plan's names for the figures that are guarded."""


class Kind(StrEnum):
    """What a receiver may ask to be told; the word stands in `config.toml`."""

    STEP_DONE = "step-done"
    WAITING = "waiting"
    """Nothing runs, and the next step waits for a person."""
    HELD = "held"
    FAILED = "failed"
    GUARD = "guard"
    LOST = "connection-lost"
    FINISHED = "finished"
    TEST = "test"


def name(text: str) -> str:
    """The text, if it is a name by the rule for plans and steps; '?' for everything else."""
    return text if len(text) <= LONGEST_NAME and NAME.fullmatch(text) else "?"


@dataclass(frozen=True, slots=True)
class Where:
    """Which run a notice is about, and how far it is."""

    plan: str
    environment: Environment
    steps_over: int
    steps: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step is done and verified."""

    where: Where
    step: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing runs any more, and this step comes next."""

    where: Where
    step: str


@dataclass(frozen=True, slots=True)
class Held:
    """A step stopped at a safe point, and why."""

    where: Where
    step: str
    why: HoldKind | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A step failed, or whether it took effect is not known."""

    where: Where
    step: str
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class GuardTripped:
    """A figure of the plan's guards went over its limit, or could not be seen any more."""

    where: Where
    guard: str
    unseen: bool


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The console has no connection to the server, and tries to have one again."""

    where: Where


@dataclass(frozen=True, slots=True)
class Finished:
    """Every step is done or was passed over."""

    where: Where


@dataclass(frozen=True, slots=True)
class Trial:
    """A person asked whether notices arrive."""


Notice = StepDone | Waiting | Held | Failed | GuardTripped | ConnectionLost | Finished | Trial

HELD_BECAUSE = {
    HoldKind.PAUSED: "it was paused",
    HoldKind.GUARD: "a guard is over its limit",
    HoldKind.LOCK: "its locks could not be had",
    HoldKind.CANCELLED: "its statement was cancelled",
    HoldKind.HANG_UP: "the console's terminal went away",
    HoldKind.CONNECTION: "the connection was lost",
    HoldKind.INVALID_INDEX: "an invalid index was left",
    HoldKind.JOURNAL: "the journal cannot be written, or is not whole",
    HoldKind.LEFT: "the operator left",
    HoldKind.USAGE: "something still uses what is to go, or that is not known",
    HoldKind.FAULT: "a part of the console failed",
}


def kind_of(notice: Notice) -> Kind:
    """Its kind, by which receivers choose."""
    match notice:
        case StepDone():
            return Kind.STEP_DONE
        case Waiting():
            return Kind.WAITING
        case Held():
            return Kind.HELD
        case Failed():
            return Kind.FAILED
        case GuardTripped():
            return Kind.GUARD
        case ConnectionLost():
            return Kind.LOST
        case Finished():
            return Kind.FINISHED
        case Trial():
            return Kind.TEST
        case _ as never:
            assert_never(never)


def title_of(notice: Notice) -> str:
    """'zdtui: split-user-name in production, 6 of 12 steps'."""
    if isinstance(notice, Trial):
        return "zdtui: a test"
    where = notice.where
    steps = counted(where.steps, "step")
    return f"zdtui: {name(where.plan)} in {where.environment}, {where.steps_over} of {steps}"


def sentence_of(notice: Notice) -> str:
    """What happened, and whether a person is needed, in one line."""
    match notice:
        case StepDone(step=step):
            return f"{name(step)} is done."
        case Waiting(step=step):
            return f"Nothing runs. {name(step)} comes next and waits for a person."
        case Held(step=step, why=why):
            because = f": {HELD_BECAUSE[why]}" if why is not None else ""
            return f"{name(step)} is held{because}. It waits for a person."
        case Failed(step=step, in_doubt=True):
            return f"{name(step)} is in doubt: whether its statement took effect is not known. It waits for a person."
        case Failed(step=step):
            return f"{name(step)} failed. It waits for a person."
        case GuardTripped(guard=guard, unseen=unseen):
            told = guard if guard in GUARDS else "a figure"
            return f"The guard {told} {'cannot see its figure' if unseen else 'is over its limit'}: the run is paused."
        case ConnectionLost():
            return "The connection to the server is lost; the console tries to have it back."
        case Finished():
            return "Every step is done."
        case Trial():
            return "Notices of zdtui arrive here."
        case _ as never:
            assert_never(never)
