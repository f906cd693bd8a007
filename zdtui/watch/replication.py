"""The replication pane: standbys, slots, and a lag that also grows when a standby has stopped answering."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import Pane, ReplicationSample, Slot, Standby

HISTORY = 60
"""Readings kept for the sparkline."""
WAL_MARKS = 600
"""Readings of the primary's WAL position kept to date a standby's position by."""
SILENT_AFTER = 12.0
"""Seconds without a report that make a standby late: it reports every 10 s at least (wal_receiver_status_interval)."""
KEEPS_UP = 256 * 1024
"""Bytes of WAL that are always on their way to a standby that keeps up."""
BACKLOG = 0.02
"""A backlog under this share of what was written since the last sample is none."""
SMOOTHING = 0.5
LEAST_BALANCE, MOST_BALANCE = 0.1, 1.5
LONGEST_DRAIN = 86_400.0
BEHIND = frozenset({"streaming", "catchup"})


class ReplicationProbe:
    """Samples pg_stat_replication and pg_replication_slots; remembers the last minutes."""

    pane = Pane.REPLICATION

    def __init__(self) -> None:
        self.memory = ReplicationMemory()

    async def take(self, asked: Asked) -> ReplicationSample:
        """One sample."""
        wal = (await asked.ask("wal"))[0]
        standbys = await asked.ask("standbys")
        return replication_sample(self.memory, wal, standbys, await asked.ask("slots"), asked.now)


@dataclass(slots=True)
class Seen:
    """What was seen of one standby so far."""

    reply_time: datetime | None = None
    replied_at: float = 0.0
    history: deque[float] = field(default_factory=lambda: deque(maxlen=HISTORY))
    before: tuple[float, int, int] | None = None
    """Of the sample before: time.monotonic(), how far WAL was written and how far replayed, in bytes."""
    pace: float | None = None
    """Bytes a second it replays when it has all it can do, smoothed."""


@dataclass(slots=True)
class ReplicationMemory:
    """What the readings before this one leave behind."""

    marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=WAL_MARKS))
    """When (time.monotonic()) the WAL was first seen to reach which byte, oldest first."""
    standbys: dict[tuple[str, str], Seen] = field(default_factory=dict)

    def mark(self, lsn: int, now: float) -> None:
        """Note how far the WAL is."""
        if not self.marks or lsn > self.marks[-1][1]:
            self.marks.append((now, lsn))

    def lag(self, seen: Seen, replay_lsn: int, now: float) -> timedelta:
        """How long ago the WAL was certainly beyond what the standby says it has replayed.

        Counted to its last report; to now only when it has been silent for longer than standbys ever are.
        """
        ahead = next((at for at, lsn in self.marks if lsn > replay_lsn), None)
        until = now if now - seen.replied_at > SILENT_AFTER else seen.replied_at
        return timedelta(seconds=max(0.0, until - ahead)) if ahead is not None else timedelta(0)


def replication_sample(
    memory: ReplicationMemory, wal: Row, standbys: Rows, slots: Rows, now: float
) -> ReplicationSample:
    """Rows of wal.sql, standbys.sql and slots.sql as a sample. `memory` is brought up to date; `now` is monotonic."""
    memory.mark(wal["lsn"], now)
    shown = tuple(_standby(memory, wal["lsn"], row, now) for row in standbys)
    _forget_the_gone(memory, standbys)
    worst = max((each for each in shown if each.state in BEHIND), key=_lag, default=None)
    return ReplicationSample(
        standbys=shown,
        slots=tuple(_slot(wal["lsn"], row) for row in slots),
        worst_lag=None if worst is None else _lag(worst),
        worst_standby=None if worst is None else worst.name,
        in_recovery=wal["in_recovery"],
    )


def _standby(memory: ReplicationMemory, lsn: int, row: Row, now: float) -> Standby:
    seen = memory.standbys.setdefault(_key(row), Seen())
    if row["reply_time"] != seen.reply_time or not seen.replied_at:
        seen.reply_time, seen.replied_at = row["reply_time"], now
    replay_lag, behind = row["replay_lag"], None
    if row["replay_lsn"] is not None:
        behind = max(0, lsn - row["replay_lsn"])
        counted = memory.lag(seen, row["replay_lsn"], now)
        replay_lag = max(replay_lag or timedelta(0), counted) or replay_lag
    drain, balance = (None, 1.0) if row["replay_lsn"] is None else _keeps_up(seen, lsn, row["replay_lsn"], now)
    seen.history.append((replay_lag or timedelta(0)).total_seconds())
    return Standby(
        name=row["name"] or row["client"],
        client=row["client"],
        state=row["state"],
        sync_state=row["sync_state"],
        write_lag=row["write_lag"],
        flush_lag=row["flush_lag"],
        replay_lag=replay_lag,
        replay_lag_bytes=behind,
        hidden=row["hidden"],
        drain=drain,
        balance=balance,
        history=tuple(seen.history),
    )


def _keeps_up(seen: Seen, written: int, replayed: int, now: float) -> tuple[timedelta | None, float]:
    """How long what is left to replay will take, and the share of what is written that is replayed.

    Only a standby that is behind shows what it can do: one that keeps up replays what there is.
    """
    before, seen.before = seen.before, (now, written, replayed)
    if before is None or now <= before[0]:
        return None, 1.0
    seconds, more, done = now - before[0], written - before[1], replayed - before[2]
    backlog = written - replayed
    if done <= 0 or backlog <= max(KEEPS_UP, more * BACKLOG):
        return timedelta(0) if backlog <= KEEPS_UP else None, 1.0
    pace = done / seconds
    seen.pace = pace if seen.pace is None else SMOOTHING * pace + (1 - SMOOTHING) * seen.pace
    balance = MOST_BALANCE if more <= 0 else min(MOST_BALANCE, max(LEAST_BALANCE, seen.pace * seconds / more))
    return timedelta(seconds=min(LONGEST_DRAIN, backlog / seen.pace)), balance


def _slot(lsn: int, row: Row) -> Slot:
    retained = None if row["restart_lsn"] is None else max(0, lsn - row["restart_lsn"])
    return Slot(row["name"], row["slot_type"], row["active"], retained, row["wal_status"])


def _forget_the_gone(memory: ReplicationMemory, standbys: Iterable[Row]) -> None:
    present = {_key(row) for row in standbys}
    for gone in memory.standbys.keys() - present:
        del memory.standbys[gone]


def _key(row: Row) -> tuple[str, str]:
    return (f"{row['name']} {row['client']}", str(row["pid"]))


def _lag(standby: Standby) -> timedelta:
    return standby.replay_lag or timedelta(0)
