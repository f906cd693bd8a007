"""What the engine's own rule would say to a command at this moment, so that a dialog never offers what is refused."""

from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import Command


def refusal(snapshot: Snapshot, command: Command) -> str | None:
    """The sentence `decide` would refuse the command with, or None. The engine decides again when it is submitted."""
    return decide(snapshot, command).refusal
