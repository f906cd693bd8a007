"""States as symbols and looks, bars, and figures that may be unknown. `zdtui.amounts` says those that are known."""

from collections.abc import Callable
from typing import TypeVar

from screens.look import Look
from zdtui.run.model.state import StepState, StepStatus
from zdtui.watch.unseen import Unseen

F = TypeVar("F")

SYMBOLS = {
    StepStatus.PENDING: ("○", "."),
    StepStatus.RUNNING: ("▶", ">"),
    StepStatus.ROLLING_BACK: ("↶", "<"),
    StepStatus.HELD: ("‖", "="),
    StepStatus.FAILED: ("✗", "x"),
    StepStatus.IN_DOUBT: ("?", "?"),
    StepStatus.APPLIED: ("◐", "~"),
    StepStatus.DONE: ("✓", "+"),
    StepStatus.SKIPPED: ("–", "-"),
}
LOOKS = {
    StepStatus.PENDING: Look.PLAIN,
    StepStatus.RUNNING: Look.GOOD,
    StepStatus.ROLLING_BACK: Look.WARN,
    StepStatus.HELD: Look.WARN,
    StepStatus.FAILED: Look.DANGER,
    StepStatus.IN_DOUBT: Look.DANGER,
    StepStatus.APPLIED: Look.WARN,
    StepStatus.DONE: Look.GOOD,
    StepStatus.SKIPPED: Look.QUIET,
}
ASCII = str.maketrans(
    {
        **dict(zip("─│└├…█░■□·→›▏▸↪–", "-|`|~#.#.->>|>>-", strict=True)),
        **dict(zip("┤┬├┴┼┌┐┘", "|+|+++++", strict=True)),
        **{spark: str(height) for height, spark in enumerate("▁▂▃▄▅▆▇█"[:7], 1)},
        **dict(zip("↑↓←", "^v<", strict=True)),
        **dict(SYMBOLS.values()),
    }
)
"""What each symbol of ours is with --ascii."""


def symbol(status: StepStatus, ascii_only: bool = False) -> str:
    """The one character that stands beside the word."""
    return SYMBOLS[status][1 if ascii_only else 0]


def look(state: StepState) -> Look:
    """How the state is set."""
    return LOOKS[state.status]


def figure(value: F | Unseen | None, say: Callable[[F], str], none: str = "?") -> str:
    """The figure as `zdtui.amounts` says it; '?' when it cannot be seen; and `none` where there is none."""
    if value is None:
        return none
    return "?" if isinstance(value, Unseen) else say(value)


def bar(fraction: float, width: int) -> str:
    """A bar of `width` columns."""
    full = max(0, min(width, round(fraction * width)))
    return "█" * full + "░" * (width - full)


SPARKS = "▁▂▃▄▅▆▇█"
EMPTY = 0.005
"""The share of the scale below which a value is drawn as nothing."""


def sparkline(values: tuple[float, ...], width: int, top: float) -> str:
    """The newest values as blocks on a scale that ends at `top`; what is next to nothing is left empty."""
    shown = values[-width:] if width > 0 else ()
    heights = (min(1.0, max(0.0, value / top)) for value in shown)
    return "".join(" " if height < EMPTY else SPARKS[min(7, int(height * 8))] for height in heights)
