"""The time left as a range, in words short enough for a line and no finer than it is known."""

from dataclasses import dataclass
from datetime import timedelta

UNITS = (("s", 1), ("min", 60), ("h", 3600), ("d", 86400))
STEPS = {
    "s": (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90),
    "min": (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 75, 90),
    "h": (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 21, 24, 30, 36),
    "d": (2, 3, 4, 5, 6, 7, 10, 14, 21, 30, 60, 90),
}
"""What is said of each unit; no figure is more than twice the one before it."""
LADDER = [(step * seconds, step, unit) for unit, seconds in UNITS for step in STEPS[unit]]
WIDEST = 11
"""Columns of the longest range in words: '75 s-20 min'."""
WIDEST_LIKELY = 7
"""Of the longest single figure: '~90 min'."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """The time left. In four cases of five it lies between `low` and `high`, if the speed goes on to vary as it did."""

    low: timedelta
    likely: timedelta
    high: timedelta

    def __str__(self) -> str:
        """'3-5 min', '50 s-2 min', 'under 5 s', 'over 90 d': rounded outwards, never inwards."""
        low = [step for step in LADDER if step[0] <= self.low.total_seconds()]
        high = [step for step in LADDER if step[0] >= self.high.total_seconds()]
        if not high:
            return f"over {_said(low[-1])}" if low else "not known"
        if not low:
            return next(said for step in high if len(said := f"under {_said(step)}") <= WIDEST)
        (_, least, unit), (_, most, its_unit) = low[-1], high[0]
        if (least, unit) == (most, its_unit):
            return _said(high[0])
        return f"{least}-{most} {unit}" if unit == its_unit else f"{least} {unit}-{most} {its_unit}"

    @property
    def about(self) -> str:
        """'~4 min': the likely time alone, for where a range has no room."""
        near = min(LADDER, key=lambda step: abs(step[0] - self.likely.total_seconds()))
        return f"~{_said(near)}"

    @property
    def off_by(self) -> float:
        """How much faster or slower than now the speed may turn out, relative: 0.2 is a fifth."""
        likely = max(self.likely.total_seconds(), 1e-6)
        return max(self.high.total_seconds() / likely, likely / max(self.low.total_seconds(), 1e-6)) - 1


def _said(step: tuple[int, int, str]) -> str:
    return f"{step[1]} {step[2]}"
