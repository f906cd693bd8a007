"""How the performing of a step ended."""

from dataclasses import dataclass

from zdtui.run.events import HoldKind


@dataclass(frozen=True, slots=True)
class Done:
    """The whole of it is done and journaled."""


@dataclass(frozen=True, slots=True)
class Held:
    """Stopped at a safe point."""

    why: HoldKind
    detail: str


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


Outcome = Done | Held | Failed | LinkLost
