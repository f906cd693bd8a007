"""What a backfill slows down for: each figure with its limit and how near it is. Pure: samples come in.

One function a signal, found by the list at the end, so that adding one touches nothing else. A figure with a limit that
cannot be seen is no signal: it is blind, and the work rests until it can be seen or is accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from zdtui import amounts
from zdtui.plan.model import Throttle
from zdtui.run.figures.guards import Blind
from zdtui.run.figures.sight import REPLICATION_LAG, Sight, fresh, missing
from zdtui.run.model.throttle_status import Signal
from zdtui.sql.text.quote import identifier_parts
from zdtui.watch.samples import (
    LocksSample,
    Pane,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
    ServerSample,
    Standby,
    Unseen,
)
from zdtui.watch.worst_lag import BEHIND

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Watching:
    """All that the signals are made of."""

    limits: Throttle
    samples: Samples
    table: str = ""
    """As the author wrote it."""
    canary: float | Unseen | None = None
    """How many times its usual time the newest canary took; None when none is sent."""
    sight: Sight | None = None
    """What freshness is judged by; None: the samples are taken as they are."""

    def newest(self, reading: Reading[S]) -> S | Unseen:
        """The sample, if it is there and fresh."""
        if self.sight is not None:
            return fresh(reading, self.sight)
        return Unseen(reading.error or "no figure yet", passing=True) if reading.sample is None else reading.sample

    @property
    def replication(self) -> ReplicationSample | Unseen:
        """The standbys, with none missing that streamed."""
        sample = self.newest(self.samples.replication)
        if isinstance(sample, Unseen):
            return sample
        return (missing(self.sight) if self.sight is not None else None) or sample

    @property
    def server(self) -> ServerSample | Unseen:
        """What presses on the server."""
        return self.newest(self.samples.server)

    @property
    def queries(self) -> QueriesSample | Unseen:
        """The sessions."""
        return self.newest(self.samples.queries)

    @property
    def locks(self) -> LocksSample | Unseen:
        """Who waits for whom."""
        return self.newest(self.samples.locks)


Found = Signal | Unseen | None
"""None: it has no limit, or there is nothing of the kind to measure."""


def signals(watching: Watching) -> tuple[Signal, ...]:
    """Every signal that has a limit and a figure, in the order of the list."""
    found = (each.look(watching) for each in SIGNALS)
    return tuple(signal for signal in found if isinstance(signal, Signal))


def blind_signals(watching: Watching) -> tuple[Blind, ...]:
    """Every figure that has a limit and cannot be seen, accepted or not, in the order of the list."""
    found = ((each, each.look(watching)) for each in SIGNALS)
    return tuple(
        Blind(each.figure, each.name, each.pane, "", unseen, stops=False)
        for each, unseen in found
        if isinstance(unseen, Unseen)
    )


def _replay_lag(watching: Watching) -> Found:
    """The lag there is, or the one that is coming: what is not replayed yet is replayed at the standby's own pace.

    A standby that has had nothing to replay yet has no lag, and is steered to from the beginning all the same.
    """
    limit = watching.limits.replication_lag
    if limit is None:
        return None
    sample = watching.replication
    if isinstance(sample, Unseen):
        return sample
    if isinstance(sample.worst_lag, Unseen):
        return sample.worst_lag
    if isinstance(sample.standbys, Unseen):
        return sample.standbys
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


def _replay_lag_bytes(watching: Watching) -> Found:
    limit = watching.limits.replication_lag_bytes
    if limit is None:
        return None
    sample = watching.replication
    if isinstance(sample, Unseen):
        return sample
    if isinstance(sample.standbys, Unseen):
        return sample.standbys
    worst: tuple[int, Standby] | None = None
    for each in sample.standbys:
        if isinstance(each.replay_lag_bytes, Unseen):
            return each.replay_lag_bytes
        if each.replay_lag_bytes is not None and (worst is None or each.replay_lag_bytes > worst[0]):
            worst = each.replay_lag_bytes, each
    return None if worst is None else _size(f"WAL not replayed by {worst[1].name}", worst[0], limit)


def _blocked(watching: Watching) -> Found:
    limit = watching.limits.blocked_sessions
    if limit is None:
        return None
    sample = watching.locks
    return sample if isinstance(sample, Unseen) else _count("sessions waiting for us", sample.waiting_behind_us, limit)


def _wal_rate(watching: Watching) -> Found:
    limit = watching.limits.wal_rate
    if limit is None:
        return None
    sample = watching.server
    rate = sample if isinstance(sample, Unseen) else sample.wal_bytes_per_second
    if rate is None or isinstance(rate, Unseen):
        return rate
    return Signal("WAL a second", amounts.size(round(rate)), amounts.size(limit), _ratio(round(rate), limit))


def _active(watching: Watching) -> Found:
    limit = watching.limits.active_sessions
    if limit is None:
        return None
    sample = watching.queries
    active = sample if isinstance(sample, Unseen) else sample.active_sessions
    return active if isinstance(active, Unseen) else _count("active sessions", active, limit)


def _oldest(watching: Watching) -> Found:
    limit = watching.limits.oldest_transaction
    if limit is None:
        return None
    sample = watching.queries
    oldest = sample if isinstance(sample, Unseen) else sample.oldest_transaction
    return oldest if isinstance(oldest, Unseen) else _time("oldest transaction", oldest, limit)


def _archive(watching: Watching) -> Found:
    limit = watching.limits.archive_backlog
    if limit is None:
        return None
    sample = watching.server
    backlog = sample if isinstance(sample, Unseen) else sample.archive_backlog
    if backlog is None or isinstance(backlog, Unseen):
        return backlog
    return _count("WAL segments waiting for the archiver", backlog, limit)


def _retained(watching: Watching) -> Found:
    limit = watching.limits.retained_wal
    if limit is None:
        return None
    sample = watching.newest(watching.samples.replication)
    slots = sample if isinstance(sample, Unseen) else sample.slots
    if isinstance(slots, Unseen):
        return slots
    worst: tuple[int, str] | None = None
    for slot in slots:
        if isinstance(slot.retained_bytes, Unseen):
            return slot.retained_bytes
        if slot.retained_bytes is not None and (worst is None or slot.retained_bytes > worst[0]):
            worst = slot.retained_bytes, slot.name
    return None if worst is None else _size(f"WAL retained by slot {worst[1]}", worst[0], limit)


def _checkpoints(watching: Watching) -> Found:
    limit = watching.limits.requested_checkpoints
    if limit is None:
        return None
    sample = watching.server
    requested = sample if isinstance(sample, Unseen) else sample.requested_checkpoints
    if requested is None or isinstance(requested, Unseen):
        return requested
    return _count("server checkpoints requested in 5 min", requested, limit)


def _autovacuum(watching: Watching) -> Found:
    if not watching.limits.autovacuum:
        return None
    sample = watching.server
    tables = sample if isinstance(sample, Unseen) else sample.vacuumed
    if isinstance(tables, Unseen):
        return tables
    if not any(_is_table(watching.table, vacuumed) for vacuumed in tables):
        return None
    return Signal("autovacuum", f"works on {watching.table}", "not at the same time", 1.0)


def _is_table(wanted: str, vacuumed: str) -> bool:
    """A name without a schema may be any schema's: better one rest too many."""
    parts = identifier_parts(wanted)
    return parts == tuple(vacuumed.split(".", 1)) or (len(parts) == 1 and vacuumed.endswith(f".{parts[0]}"))


def _canary(watching: Watching) -> Found:
    limit, usual = watching.limits.canary, watching.canary
    if limit is None or usual is None:
        return None
    if isinstance(usual, Unseen):
        return usual
    return Signal("canary write", f"{amounts.times(usual)} its usual time", f"{limit} x", usual / limit)


def _time(name: str, value: timedelta, limit: timedelta) -> Signal:
    return Signal(
        name,
        amounts.age(value),
        amounts.limit(limit),
        _ratio(value.total_seconds(), limit.total_seconds()),
    )


def _size(name: str, value: int, limit: int) -> Signal:
    return Signal(name, amounts.size(value), amounts.size(limit), _ratio(value, limit))


def _count(name: str, value: int, limit: int) -> Signal:
    return Signal(name, str(value), str(limit), _ratio(value, limit))


def _ratio(value: float, limit: float) -> float:
    """At a limit of nothing any figure is over it."""
    return value / limit if limit > 0 else 2.0 if value > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One signal: what it is called where it cannot be seen, and how it is found."""

    figure: str
    """By the plan's name for it, as it may be accepted not to be seen."""
    name: str
    pane: Pane
    look: Callable[[Watching], Found]


SIGNALS: tuple[Kind, ...] = (
    Kind(REPLICATION_LAG, "replication lag", Pane.REPLICATION, _replay_lag),
    Kind("replication_lag_bytes", "WAL not replayed", Pane.REPLICATION, _replay_lag_bytes),
    Kind("blocked_sessions", "sessions waiting for us", Pane.LOCKS, _blocked),
    Kind("wal_rate", "WAL a second", Pane.SERVER, _wal_rate),
    Kind("active_sessions", "active sessions", Pane.QUERIES, _active),
    Kind("oldest_transaction", "oldest transaction", Pane.QUERIES, _oldest),
    Kind("archive_backlog", "the archiver's backlog", Pane.SERVER, _archive),
    Kind("retained_wal", "WAL retained by slots", Pane.REPLICATION, _retained),
    Kind("requested_checkpoints", "requested checkpoints", Pane.SERVER, _checkpoints),
    Kind("autovacuum", "autovacuum on the table", Pane.SERVER, _autovacuum),
    Kind("canary", "the canary write", Pane.PROGRESS, _canary),
)
