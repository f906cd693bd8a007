"""The last hour of the figures one would rather look at than read: a ring of bounded size, and frozen. Pure.

A point is added each second; what is older than an hour goes, a minute at a time. Adding copies the newest minute and
no more, so a screen may keep and draw one history while the engine makes the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from zdtui.run.figures.sight import Sight, fresh
from zdtui.run.model.activity import Activity, Doing
from zdtui.watch.samples import Reading, Samples, Unseen
from zdtui.watch.worst_lag import lag_of

S = TypeVar("S")
KEPT = 3600.0
"""Seconds that are kept."""
EVERY = 0.95
"""Seconds between two points at the least: the engine looks once a second."""
CHUNK = 60
"""Points that are dropped, and copied, at once."""


@dataclass(frozen=True, slots=True)
class Point:
    """The figures of one moment. None: it was not to be seen, or there was nothing of the kind."""

    at: float
    """time.monotonic()."""
    waiting: int | None = None
    """Sessions waiting for a lock."""
    behind_us: int | None = None
    """Those of them that wait behind us."""
    lags: tuple[tuple[str, float], ...] = ()
    """Of each standby whose lag is seen: its name, and the lag in seconds."""
    wal: float | None = None
    """Bytes of WAL a second."""
    rows: float | None = None
    """Rows a second of the step under way, where it works in batches."""
    rests: bool = False
    """It rests, because something holds it down, or a pause was asked for."""


@dataclass(frozen=True, slots=True)
class History:
    """Points, oldest first."""

    chunks: tuple[tuple[Point, ...], ...] = ()

    def __iter__(self) -> Iterator[Point]:
        return (point for chunk in self.chunks for point in chunk)

    def noting(self, samples: Samples, activity: Activity | None, now: float) -> "History":
        """The history with the figures of this moment; as it was, where the last were noted less than a second ago."""
        if self.chunks and now - self.chunks[-1][-1].at < EVERY:
            return self
        return self.added(point_of(samples, activity, now))

    def added(self, point: Point) -> "History":
        """The history with one more point, and without what is older than an hour."""
        kept = tuple(chunk for chunk in self.chunks if point.at - chunk[-1].at < KEPT)
        if kept and len(kept[-1]) < CHUNK:
            return History((*kept[:-1], (*kept[-1], point)))
        return History((*kept, (point,)))


def point_of(samples: Samples, activity: Activity | None, now: float) -> Point:
    """What there is to note at this moment."""
    locks, server = _seen(samples.locks, now), _seen(samples.server, now)
    wal = None if server is None else server.wal_bytes_per_second
    progress = None if activity is None else activity.progress
    return Point(
        at=now,
        waiting=None if locks is None else locks.waiting,
        behind_us=None if locks is None else locks.waiting_behind_us,
        lags=_lags(samples, now),
        wal=None if isinstance(wal, Unseen) else wal,
        rows=None if progress is None else progress.rows_per_second,
        rests=activity is not None and activity.doing in (Doing.THROTTLED, Doing.STOPPING),
    )


def _lags(samples: Samples, now: float) -> tuple[tuple[str, float], ...]:
    sample = _seen(samples.replication, now)
    if sample is None or isinstance(sample.standbys, Unseen):
        return ()
    seen = [(each.name, lag_of(each, each.replay_lag)) for each in sample.standbys if not each.hidden]
    return tuple((name, lag.total_seconds()) for name, lag in seen if isinstance(lag, timedelta))


def _seen(reading: Reading[S], now: float) -> S | None:
    sample = fresh(reading, Sight(now))
    return None if isinstance(sample, Unseen) else sample
