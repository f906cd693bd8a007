"""How the performing of a step ended."""

from dataclasses import dataclass
from typing import assert_never

from zdtui.run.model.events import HoldKind


@dataclass(frozen=True, slots=True)
class Done:
    """The whole of it is done and journaled."""


@dataclass(frozen=True, slots=True)
class Held:
    """Stopped at a safe point."""

    why: HoldKind
    detail: str
    indexes: tuple[str, ...] = ()
    """Invalid indexes that have to go first, each as it is written to drop it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The server refused, or a verify query was not true."""

    message: str
    sqlstate: str | None = None
    applied: bool = False
    partial: bool = False
    """Some of its work is done and stays done; going on begins there."""


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The working session broke: what became of the step is settled by looking, once there is another session."""

    message: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Whether the statement of that index did what it was for cannot be told: a person looks and says so."""

    index: int
    evidence: str


Outcome = Done | Held | Failed | LinkLost | Doubtful


def told_of(outcome: Outcome) -> str:
    """Why it did not end well, in words; empty for Done."""
    match outcome:
        case Done():
            return ""
        case Held(detail=detail):
            return detail
        case Failed(message=message) | LinkLost(message=message):
            return message
        case Doubtful(evidence=evidence):
            return evidence
        case _ as never:
            assert_never(never)
