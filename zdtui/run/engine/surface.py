"""What the rest of the program knows of an engine, small enough that a test can drive it with a real or a scripted one.

Screens, dialogs and what ends the program are given engines by this surface and no other way, so that one process may
hold several.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import Command


@dataclass(frozen=True, slots=True)
class Failure:
    """The engine ended by itself."""

    message: str
    expected: bool = False
    """A sentence for the operator (bad input, a server that is gone), not a fault of ours."""


class Stoppable(Protocol):
    """What can be asked to let go, and does so in its own time."""

    @property
    def stopped(self) -> bool:
        """True once the run is let go of, journaled, and the connections are closed."""
        ...

    @property
    def overdue(self) -> bool:
        """Whether it was asked to leave at once, and has not in all the time there was for it: it stands still."""
        ...

    def stop(self, why: str, force: bool = False) -> None:
        """Ask it to let go of the run at the next safe point; returns at once. Safe in a signal handler."""
        ...

    def join(self, seconds: float) -> bool:
        """Wait for it to have stopped; False when that took longer."""
        ...


class EngineSurface(Stoppable, Protocol):
    """Thread-safe, never blocking: nothing a screen does or fails to do can slow a step."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot. Reading it costs nothing and never waits."""
        ...

    @property
    def failure(self) -> Failure | None:
        """Why the engine ended by itself; None when it did not."""
        ...

    def submit(self, command: Command) -> None:
        """Hand a command to the engine's own loop and return at once. Its fate shows in later snapshots."""
        ...

    def subscribe(self, changed: Callable[[], None]) -> None:
        """Have `changed` called on the engine's thread when the snapshot is replaced, at most 10 times a second."""
        ...

    def start(self) -> None:
        """Start the engine's thread and return at once."""
        ...
