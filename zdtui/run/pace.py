"""How far a backfill is and how fast it goes. Pure: every number comes in."""

from dataclasses import dataclass
from datetime import timedelta

ETA_FROM = 0.01
"""No estimate before this share is done: it would only be noise (gh-ost says the same, doc/understanding-output)."""
ETA_BATCHES = 5
WINDOW = 10.0
"""Seconds over which the rate is smoothed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The smoothed rate, in rows changed and in share of the table per second."""

    rows_per_second: float = 0.0
    share_per_second: float = 0.0
    seconds: float = 0.0


def advance(pace: Pace, rows: int, share: float, seconds: float) -> Pace:
    """The pace after a batch of `rows` rows and `share` of the key range that took `seconds`, rest included."""
    seconds = max(seconds, 1e-6)
    weight = seconds / (min(pace.seconds, WINDOW) + seconds)
    return Pace(
        rows_per_second=pace.rows_per_second + weight * (rows / seconds - pace.rows_per_second),
        share_per_second=pace.share_per_second + weight * (share / seconds - pace.share_per_second),
        seconds=pace.seconds + seconds,
    )


def share_done(first: int, last: int, position: int) -> float:
    """The share of an integer key range that lies at or below `position`, 0 to 1."""
    if last <= first:
        return 1.0 if position >= last else 0.0
    return min(1.0, max(0.0, (position - first + 1) / (last - first + 1)))


def eta(pace: Pace, fraction: float | None, batches: int) -> timedelta | None:
    """The time left; None before it means anything."""
    if fraction is None or fraction < ETA_FROM or batches < ETA_BATCHES or pace.share_per_second <= 0:
        return None
    return timedelta(seconds=(1.0 - fraction) / pace.share_per_second)
