"""What a backfill slows down for: each figure with its limit and how near it is. Pure: samples come in.

One function a signal, found by the list at the end, so that adding one touches nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from zdtui.plan.model import Throttle
from zdtui.plan.quantities import format_duration, format_size
from zdtui.sql.quote import identifier_parts
from zdtui.watch.replication import BEHIND
from zdtui.watch.samples import Samples, Standby


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
class Watching:
    """All that the signals are made of."""

    limits: Throttle
    samples: Samples
    table: str = ""
    """As the author wrote it."""
    canary: float | None = None
    """How many times its usual time the newest canary took; None when none is sent."""


def signals(watching: Watching) -> tuple[Signal, ...]:
    """Every signal that has a limit and a figure, in the order of the list."""
    found = (signal(watching) for signal in SIGNALS)
    return tuple(signal for signal in found if signal is not None)


def _replay_lag(watching: Watching) -> Signal | None:
    """The lag there is, or the one that is coming: what is not replayed yet is replayed at the standby's own pace.

    A standby that has had nothing to replay yet has no lag, and is steered to from the beginning all the same.
    """
    limit, sample = watching.limits.replication_lag, watching.samples.replication.sample
    if limit is None or sample is None:
        return None
    streaming = [each for each in sample.standbys if each.state in BEHIND]
    if sample.worst_lag is None and not streaming:
        return None
    drain = max((each.drain or timedelta(0) for each in streaming), default=timedelta(0))
    name = f"replay lag of {sample.worst_standby}" if sample.worst_standby else "replay lag"
    lag = sample.worst_lag or timedelta(0)
    worst, coming = max(lag, drain), " to come" if drain > lag else ""
    signal = _time(name, worst, limit)
    balance = min((each.balance for each in streaming), default=None)
    return replace(signal, value=f"{signal.value}{coming}", balance=balance)


def _replay_lag_bytes(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.replication_lag_bytes, watching.samples.replication.sample
    if limit is None or sample is None:
        return None
    worst = max(sample.standbys, key=_bytes_behind, default=None)
    return None if worst is None else _size(f"WAL not replayed by {worst.name}", _bytes_behind(worst), limit)


def _bytes_behind(standby: Standby) -> int:
    return standby.replay_lag_bytes or 0


def _blocked(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.blocked_sessions, watching.samples.locks.sample
    return (
        None if limit is None or sample is None else _count("sessions waiting for us", sample.waiting_behind_us, limit)
    )


def _wal_rate(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.wal_rate, watching.samples.server.sample
    if limit is None or sample is None or sample.wal_bytes_per_second is None:
        return None
    rate = round(sample.wal_bytes_per_second)
    return Signal("WAL a second", format_size(rate), format_size(limit), _ratio(rate, limit))


def _active(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.active_sessions, watching.samples.queries.sample
    return None if limit is None or sample is None else _count("active sessions", sample.active_sessions, limit)


def _oldest(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.oldest_transaction, watching.samples.queries.sample
    return None if limit is None or sample is None else _time("oldest transaction", sample.oldest_transaction, limit)


def _archive(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.archive_backlog, watching.samples.server.sample
    if limit is None or sample is None or sample.archive_backlog is None:
        return None
    return _count("WAL segments waiting for the archiver", sample.archive_backlog, limit)


def _retained(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.retained_wal, watching.samples.replication.sample
    if limit is None or sample is None:
        return None
    worst = max(sample.slots, key=lambda slot: slot.retained_bytes or 0, default=None)
    return None if worst is None else _size(f"WAL retained by slot {worst.name}", worst.retained_bytes or 0, limit)


def _checkpoints(watching: Watching) -> Signal | None:
    limit, sample = watching.limits.requested_checkpoints, watching.samples.server.sample
    if limit is None or sample is None or sample.requested_checkpoints is None:
        return None
    return _count("server checkpoints requested in 5 min", sample.requested_checkpoints, limit)


def _autovacuum(watching: Watching) -> Signal | None:
    sample = watching.samples.server.sample
    if not watching.limits.autovacuum or sample is None:
        return None
    if not any(_is_table(watching.table, vacuumed) for vacuumed in sample.vacuumed):
        return None
    return Signal("autovacuum", f"works on {watching.table}", "not at the same time", 1.0)


def _is_table(wanted: str, vacuumed: str) -> bool:
    """A name without a schema may be any schema's: better one rest too many."""
    parts = identifier_parts(wanted)
    return parts == tuple(vacuumed.split(".", 1)) or (len(parts) == 1 and vacuumed.endswith(f".{parts[0]}"))


def _canary(watching: Watching) -> Signal | None:
    limit = watching.limits.canary
    if limit is None or watching.canary is None:
        return None
    return Signal("canary write", f"{watching.canary:.1f} x its usual time", f"{limit} x", watching.canary / limit)


def _time(name: str, value: timedelta, limit: timedelta) -> Signal:
    return Signal(
        name,
        f"{value.total_seconds():.1f} s",
        format_duration(limit),
        _ratio(value.total_seconds(), limit.total_seconds()),
    )


def _size(name: str, value: int, limit: int) -> Signal:
    return Signal(name, format_size(value), format_size(limit), _ratio(value, limit))


def _count(name: str, value: int, limit: int) -> Signal:
    return Signal(name, str(value), str(limit), _ratio(value, limit))


def _ratio(value: float, limit: float) -> float:
    """At a limit of nothing any figure is over it."""
    return value / limit if limit > 0 else 2.0 if value > 0 else 0.0


SIGNALS: tuple[Callable[[Watching], Signal | None], ...] = (
    _replay_lag,
    _replay_lag_bytes,
    _blocked,
    _wal_rate,
    _active,
    _oldest,
    _archive,
    _retained,
    _checkpoints,
    _autovacuum,
    _canary,
)
