"""A rest between two batches, and what asked for it."""

from dataclasses import dataclass

LOOK_AGAIN = 0.5
"""Seconds until a stopped backfill looks at the figures again."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest this many seconds. A reason is given when a limit, not the dial, asks for a stop."""

    seconds: float
    reason: str = ""
    slowed: str = ""
    """The signal that holds the speed down, while work goes on."""

    until_seen: bool = False
    """What it rests for is a figure: the next one that comes is looked at."""

    @property
    def throttled(self) -> bool:
        """Whether a limit stops the work, rather than slowing it."""
        return bool(self.reason)
