"""A rehearsal of one step that this console has begun, as it goes on. Pure data."""

from dataclasses import dataclass, replace

from zdtui.plan.model import StepId

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What is known of it so far."""

    step: StepId
    lines: tuple[str, ...] = ()
    """What it has said, the newest last."""
    over: bool = False
    failed: str = ""
    """Why nothing was proved, once it is over; empty: its evidence says what was."""

    def saying(self, line: str) -> "UnderWay":
        """The same with one line more."""
        return replace(self, lines=(*self.lines[-MOST_LINES:], line))
