"""What the screens see of the engine, small enough that a test can drive them with a real or a scripted one."""

from collections.abc import Callable
from typing import Protocol

from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import Command


class EngineSurface(Protocol):
    """Thread-safe, never blocking: nothing a screen does or fails to do can slow a step."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot. Reading it costs nothing and never waits."""
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

    def stop(self, why: str, force: bool = False) -> None:
        """Ask the engine to let go of the run at the next safe point; returns at once. See `stopped`."""
        ...

    @property
    def stopped(self) -> bool:
        """True once the run is let go of, journaled, and the connections are closed."""
        ...
