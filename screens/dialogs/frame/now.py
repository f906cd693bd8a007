"""The two clocks a dialog reads. Pure."""

from dataclasses import dataclass
from datetime import datetime

from zdtui import amounts

STALE_AFTER = 3.0
"""Seconds after which a reading says its age."""


@dataclass(frozen=True, slots=True)
class Now:
    """One moment on both clocks."""

    monotonic: float
    """time.monotonic(), the clock of readings."""
    utc: datetime
    """The clock of the journal and of the board."""


def as_of(age: float | None) -> str:
    """' (12 s ago)' for a reading that is no longer fresh, else nothing."""
    return f" (as of {amounts.age(age)} ago)" if age is not None and age > STALE_AFTER else ""
