"""How long a small write of our own takes, against what it took before we worked. Pure.

A figure of one write says little: the median of the last few is compared with the median of those taken at rest.
"""

from dataclasses import dataclass
from statistics import median

AT_REST = 9
"""Writes that make the baseline."""
RECENT = 5


@dataclass(frozen=True, slots=True)
class Canary:
    """Seconds the writes took."""

    at_rest: tuple[float, ...] = ()
    recent: tuple[float, ...] = ()

    @property
    def has_baseline(self) -> bool:
        """Whether enough writes were made at rest."""
        return len(self.at_rest) >= AT_REST

    @property
    def times_usual(self) -> float | None:
        """How many times their usual time the newest writes took; None before it can be told."""
        if not self.has_baseline or not self.recent:
            return None
        return median(self.recent) / max(median(self.at_rest), 1e-6)


def sang(canary: Canary, seconds: float) -> Canary:
    """The canary after one more write: the first ones make the baseline."""
    if not canary.has_baseline:
        return Canary((*canary.at_rest, seconds), canary.recent)
    return Canary(canary.at_rest, (*canary.recent, seconds)[-RECENT:])
