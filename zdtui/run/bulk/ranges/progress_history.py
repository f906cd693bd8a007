"""How far a backfill is, how fast it goes, and between which times it will be done. Pure: every number comes in.

The past is cut into parts of equal length: each as long as what lies ahead, at most, so that near the end only what is
near counts. How far the speeds of the parts lie from their mean is how far what comes is taken to lie from it. Where
the newest speed is another than the mean, the range holds both, and a little more of the same: a pause or a change
widens it at once, and it narrows again as the speed stays what it is. What has never happened yet is not in it.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import exp, log, log1p, sqrt

from zdtui.run.model.remaining import Remaining

ETA_FROM = 0.01
"""No estimate before this share is done: it would only be noise (gh-ost says the same, doc/understanding-output)."""
ETA_BATCHES = 5
ETA_SECONDS = 5.0
"""Nor before the speed has been seen for so long."""
WINDOW = 10.0
"""Seconds over which the rate is smoothed."""
MARK_EVERY = 0.5
"""Seconds between two marks of the way that was made."""
FINE = 1 / 16
"""Older marks are kept this share of their age apart."""
PARTS = 10
SHORTEST_PART = 2.0
"""Seconds; a shorter part would tell of single batches."""
FADE = 0.8
"""What a part counts, against the one after it."""
NEWEST, SHORTEST_NEWEST = 1 / 40, 5.0
"""The newest speed is that over this share of the time worked, and over so many seconds at least."""
ONWARD = 1.5
"""So many times the distance of the newest speed from the mean is held possible: it may go on changing."""
SURE = 1.5
"""So many standard deviations of the parts' speeds; tests/unit/run/test_pace_ranges.py holds it to four of five."""
UNSEEN = 0.08
"""What a speed may change by without having done so yet, relative, over as long as it has been seen."""
MOST = 4.0
"""Neither end is further from the likely time than this factor."""
LONGEST = timedelta(days=3650).total_seconds()


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done by then, of the table."""

    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Pace:
    """The smoothed rate, in rows changed and in share of the table per second, and the way that was made."""

    rows_per_second: float = 0.0
    share_per_second: float = 0.0
    seconds: float = 0.0
    share: float = 0.0
    """Of the table, done in these seconds."""
    gains: int = 0
    """Batches that brought it on."""
    marks: tuple[Mark, ...] = (Mark(0.0, 0.0),)
    """The way, the oldest first: some hundred, however long it is."""


def advance(pace: Pace, rows: int, share: float, seconds: float) -> Pace:
    """The pace after a batch of `rows` rows and `share` of the key range that took `seconds`, rest included."""
    seconds = max(seconds, 1e-6)
    weight = seconds / (min(pace.seconds, WINDOW) + seconds)
    now = Mark(pace.seconds + seconds, pace.share + max(0.0, share))
    due = now.seconds - pace.marks[-1].seconds >= MARK_EVERY
    return Pace(
        rows_per_second=pace.rows_per_second + weight * (rows / seconds - pace.rows_per_second),
        share_per_second=pace.share_per_second + weight * (share / seconds - pace.share_per_second),
        seconds=now.seconds,
        share=now.share,
        gains=pace.gains + (share > 0),
        marks=(*_thinned(pace.marks, now.seconds), now) if due else pace.marks,
    )


def share_done(first: int, last: int, position: int) -> float:
    """The share of an integer key range that lies at or below `position`, 0 to 1."""
    if last <= first:
        return 1.0 if position >= last else 0.0
    return min(1.0, max(0.0, (position - first + 1) / (last - first + 1)))


def eta(pace: Pace, fraction: float | None, batches: int) -> Remaining | None:
    """The time left; None before it means anything, and where nothing has moved for long."""
    if fraction is None or fraction < ETA_FROM or min(batches, pace.gains) < ETA_BATCHES or pace.seconds < ETA_SECONDS:
        return None
    left = max(0.0, 1.0 - fraction)
    part = _part(pace, left)
    speeds = _speeds(pace, part)
    mean, spread = _mean_and_spread(speeds)
    if not any(speeds[: PARTS // 2]):
        return None
    likely = min(left / mean, LONGEST)
    unseen = UNSEEN**2 * (1 + likely / pace.seconds)
    margin = log1p(SURE * sqrt((1 + 2 / len(speeds)) * spread**2 + unseen))
    change = _change(pace, part, mean)
    sooner, later = (min(log(MOST), max(0.0, further) + margin) for further in (change, -change))
    low, high = likely * exp(-sooner), likely * exp(later)
    return Remaining(timedelta(seconds=low), timedelta(seconds=likely), timedelta(seconds=high))


def _part(pace: Pace, left: float) -> float:
    """Seconds of one part."""
    ahead = left * pace.seconds / pace.share
    return max(SHORTEST_PART, min(ahead, pace.seconds / PARTS))


def _speeds(pace: Pace, part: float) -> list[float]:
    """The share a second in each part, the newest first; two at least."""
    count = max(2, min(PARTS, int(pace.seconds / part)))
    ends = [_share_at(pace, pace.seconds - place * part) for place in range(count + 1)]
    return [(newer - older) / part for newer, older in pairwise(ends)]


def _mean_and_spread(speeds: list[float]) -> tuple[float, float]:
    """The mean, and the standard deviation relative to it; newer parts count more."""
    weights = [FADE**place for place in range(len(speeds))]
    whole = sum(weights)
    mean = sum(weight * speed for weight, speed in zip(weights, speeds, strict=True)) / whole
    if mean <= 0:
        return 0.0, 0.0
    squares = (weight * (speed / mean - 1) ** 2 for weight, speed in zip(weights, speeds, strict=True))
    return mean, sqrt(sum(squares) / whole)


def _change(pace: Pace, part: float, mean: float) -> float:
    """How much faster than the mean it has become and may still become, as a logarithm; below 0: slower."""
    seconds = min(part, max(SHORTEST_NEWEST, pace.seconds * NEWEST))
    newest = (pace.share - _share_at(pace, pace.seconds - seconds)) / seconds
    return ONWARD * log(min(MOST, max(1 / MOST, newest / mean)))


def _share_at(pace: Pace, seconds: float) -> float:
    """What was done by then; between two marks evenly."""
    place = bisect_right(pace.marks, seconds, key=lambda mark: mark.seconds)
    if place == 0:
        return 0.0
    before = pace.marks[place - 1]
    after = pace.marks[place] if place < len(pace.marks) else Mark(pace.seconds, pace.share)
    between = (seconds - before.seconds) / max(after.seconds - before.seconds, 1e-9)
    return before.share + (after.share - before.share) * min(1.0, between)


def _thinned(marks: tuple[Mark, ...], now: float) -> tuple[Mark, ...]:
    """Without those that lie closer together than their age asks for; the first and the last stay."""
    kept = [marks[0]]
    for mark, following in pairwise(marks[1:]):
        if following.seconds - kept[-1].seconds > (now - mark.seconds) * FINE:
            kept.append(mark)
    return (*kept, marks[-1]) if len(marks) > 1 else marks
