"""What the progress pane draws of a throttle. Apart from the throttle itself, because screens load no driver."""

from dataclasses import dataclass

from zdtui.run.throttle.signals import Signal


@dataclass(frozen=True, slots=True)
class ThrottleShown:
    """The speed, what holds it down, and every signal with its limit."""

    share: float
    """Of the time that is worked, 0 to 1."""
    reason: str
    signals: tuple[Signal, ...]
    blind: tuple[str, ...] = ()
    """What has a limit and cannot be seen, as sentences."""
