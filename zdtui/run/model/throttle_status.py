"""What a throttle says of itself: its figures with their limits, and what holds the speed down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    """One figure and its limit."""

    name: str
    value: str
    limit: str
    pressure: float
    """The figure over its limit: 1 is at it."""
    balance: float | None = None
    """Of a figure whose cause is known: the share of the present load that could be taken. None: it cannot be told."""

    def __str__(self) -> str:
        return f"{self.name} {self.value} (limit {self.limit})"


@dataclass(frozen=True, slots=True)
class ThrottleStatus:
    """The speed, what holds it down, and every signal with its limit."""

    share: float
    """Of the time that is worked, 0 to 1."""
    reason: str
    signals: tuple[Signal, ...]
    blind: tuple[str, ...] = ()
    """What has a limit and cannot be seen, as sentences."""
