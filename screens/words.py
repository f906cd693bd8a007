"""Figures and states in the words people say. Pure; every view uses these and no other."""

from datetime import timedelta

from screens.look import Look
from zdtui.quantities import format_size
from zdtui.run.model.state import StepState, StepStatus
from zdtui.watch.unseen import Unseen

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
        **{spark: str(height) for height, spark in enumerate("▁▂▃▄▅▆▇█"[:7], 1)},
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


def age(duration: timedelta | float | Unseen | None) -> str:
    """'0.4 s', '12 s', '4m02s', '3h05m', '2d4h'; '?' when it cannot be seen, empty when there is none."""
    if duration is None:
        return ""
    if isinstance(duration, Unseen):
        return "?"
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d{whole % 86400 // 3600}h"


def took(seconds: float | None) -> str:
    """'12 ms', '3.1 s', '12m30s': how long a step took."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else age(seconds)


def count(number: int | None) -> str:
    """'195 300 112': figures in groups of three."""
    return "" if number is None else f"{number:,}".replace(",", " ")


def short_count(number: float) -> str:
    """'41 k', '310 M'."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if number >= limit:
            scaled = number / (1e3 if unit == "k" else limit)
            return f"{scaled:.0f} {unit}" if scaled >= 10 else f"{scaled:.1f} {unit}"
    return f"{number:.0f}"


def size(bytes_: int | Unseen | None) -> str:
    """'88 MB'; '?' when it cannot be seen, empty when there is none."""
    if isinstance(bytes_, Unseen):
        return "?"
    return "" if bytes_ is None else format_size(bytes_)


def percent(fraction: float | None) -> str:
    """'63 %'; 100 only when all is done."""
    if fraction is None:
        return ""
    return "100 %" if fraction >= 1 else f"{min(99, int(fraction * 100))} %"


def bar(fraction: float, width: int) -> str:
    """A bar of `width` columns."""
    full = max(0, min(width, round(fraction * width)))
    return "█" * full + "░" * (width - full)


SPARKS = "▁▂▃▄▅▆▇█"


def sparkline(values: tuple[float, ...], width: int) -> str:
    """The newest values as blocks, scaled to the largest of them."""
    shown = values[-width:] if width > 0 else ()
    top = max(shown, default=0.0)
    if top <= 0:
        return SPARKS[0] * len(shown)
    return "".join(SPARKS[min(7, int(value / top * 7.999))] for value in shown)
