"""What happened with the figures that guards judge; part of the union in `zdtui.run.model.events`."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from zdtui.run.model.event_reach import ChangesNothing, ChangesRun


class GuardTripped(ChangesNothing):
    """A figure went over its limit while a step ran, or could not be seen any more (`unseen`)."""

    kind: Literal["guard tripped"] = "guard tripped"
    guard: str
    pane: str
    value: str
    limit: str
    unseen: bool = False


class BlindnessAccepted(ChangesRun):
    """The operator goes on for this run without a figure that cannot be seen, and typed so."""

    kind: Literal["blindness accepted"] = "blindness accepted"
    guard: str = Field(description="the plan's name for the figure, such as 'replication_lag'")
    about: tuple[str, ...] = Field(default=(), description="standbys that are gone, when that is all that is accepted")
    unseen: str = Field(default="", description="why it could not be seen")
    reason: str
    by: str


class StandbysSeen(ChangesRun):
    """Standbys that were seen to stream while a step ran: one that goes from now on is missed, not forgotten."""

    kind: Literal["standbys seen"] = "standbys seen"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blindness:
    """A figure the operator goes on without, for the rest of the run."""

    figure: str
    about: tuple[str, ...]
    """Standbys that are gone, when only their loss is accepted."""
    unseen: str
    reason: str
    by: str
