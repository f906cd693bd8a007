"""The replication pane: standbys, slots, and a lag that also grows when a standby has stopped answering."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zdtui.amounts import age
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.readers import Readers
from zdtui.watch.samples import ReplicationSample, Slot, Standby, Unseen
from zdtui.watch.worst_lag import BEHIND as BEHIND
from zdtui.watch.worst_lag import HIDDEN, worst_of

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
NO_POSITION = Unseen("the server does not say how far its WAL is")


class ReplicationProbe:
    """Samples pg_stat_replication and pg_replication_slots; remembers the last minutes.

    Each question stands alone: a role that may not read the slots still sees the standbys.
    """

    def __init__(self) -> None:
        self.memory = ReplicationMemory()
        self.readers = Readers()

    async def take(self, asked: Asked) -> ReplicationSample:
        """One sample."""
        wal = await asked.attempt("wal")
        standbys, slots = await asked.attempt("standbys"), await asked.attempt("slots")
        position = wal if isinstance(wal, Unseen) else wal[0]
        sample = replication_sample(self.memory, position, standbys, slots, asked.now)
        return await self.readers.added(asked, sample)


@dataclass(slots=True)
class StandbyHistory:
    """What was seen of one standby so far."""

    reply_time: datetime | None = None
    replied_at: float = 0.0
    history: deque[float] = field(default_factory=lambda: deque(maxlen=HISTORY))
    first: int | None = None
    """How far it had replayed when it was first seen."""
    before: tuple[float, int, int] | None = None
    """Of the sample before: time.monotonic(), how far WAL was written and how far replayed, in bytes."""
    pace: float | None = None
    """Bytes a second it replays when it has all it can do, smoothed."""


@dataclass(slots=True)
class ReplicationMemory:
    """What the readings before this one leave behind."""

    marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=WAL_MARKS))
    """When (time.monotonic()) the WAL was first seen to reach which byte, oldest first."""
    standbys: dict[tuple[str, str], StandbyHistory] = field(default_factory=dict)

    def mark(self, lsn: int, now: float) -> None:
        """Note how far the WAL is."""
        if not self.marks or lsn > self.marks[-1][1]:
            self.marks.append((now, lsn))

    def lag(self, seen: StandbyHistory, replay_lsn: int, now: float) -> timedelta:
        """How long ago the WAL was certainly beyond what the standby says it has replayed.

        Counted to its last report; to now only when it has been silent for longer than standbys ever are.
        """
        ahead = next((at for at, lsn in self.marks if lsn > replay_lsn), None)
        until = now if now - seen.replied_at > SILENT_AFTER else seen.replied_at
        return timedelta(seconds=max(0.0, until - ahead)) if ahead is not None else timedelta(0)

    def behind_from_the_start(self, seen: StandbyHistory, replay_lsn: int, now: float) -> Unseen | None:
        """Why nobody knows yet how late a standby is that was behind when it was first seen, and stands still since."""
        if not self.marks or replay_lsn != seen.first or self.marks[-1][1] - replay_lsn <= KEEPS_UP:
            return None
        began, lsn = self.marks[0]
        if lsn <= replay_lsn:
            return None
        why = f"{age(now - began)} or more, it was behind before this console looked, and it replays nothing"
        return Unseen(why, since=began, passing=True)


def replication_sample(
    memory: ReplicationMemory, wal: Row | Unseen, standbys: Rows | Unseen, slots: Rows | Unseen, now: float
) -> ReplicationSample:
    """Rows of wal.sql, standbys.sql and slots.sql as a sample. `memory` is brought up to date; `now` is monotonic."""
    written = _written(wal, standbys)
    if not isinstance(written, Unseen):
        memory.mark(written, now)
    lsn = NO_POSITION if not isinstance(wal, Unseen) and wal["lsn"] is None else wal
    own = lsn if isinstance(lsn, Unseen) else int(lsn["lsn"])
    shown: tuple[Standby, ...] | Unseen
    worst: timedelta | Unseen | None
    if isinstance(standbys, Unseen):
        shown, worst, name = standbys, standbys, None
    else:
        shown = tuple(_standby(memory, own, row, now) for row in standbys)
        _forget_the_gone(memory, standbys)
        worst, name = worst_of(shown)
    return ReplicationSample(
        standbys=shown,
        slots=slots if isinstance(slots, Unseen) else tuple(_slot(own, row) for row in slots),
        worst_lag=worst,
        worst_standby=name,
        in_recovery=False if isinstance(wal, Unseen) else wal["in_recovery"],
    )


def _written(wal: Row | Unseen, standbys: Rows | Unseen) -> int | Unseen:
    """How far the WAL certainly is: by the server's own word or, where that is refused, by what it has sent."""
    if not isinstance(wal, Unseen) and wal["lsn"] is not None:
        return int(wal["lsn"])
    sent = () if isinstance(standbys, Unseen) else [row["sent_lsn"] for row in standbys if row.get("sent_lsn")]
    return max(sent, default=NO_POSITION if not isinstance(wal, Unseen) else wal, key=_byte)


def _byte(lsn: int | Unseen) -> int:
    return 0 if isinstance(lsn, Unseen) else lsn


def _standby(memory: ReplicationMemory, lsn: int | Unseen, row: Row, now: float) -> Standby:
    name = row["name"] or row["client"]
    if row["hidden"]:
        return _hidden(name, row["client"], row["pid"])
    seen = memory.standbys.setdefault(_key(row), StandbyHistory())
    if row["reply_time"] != seen.reply_time or not seen.replied_at:
        seen.reply_time, seen.replied_at = row["reply_time"], now
    replay_lag: timedelta | Unseen | None = row["replay_lag"]
    behind: int | Unseen | None = None
    drain, balance = None, 1.0
    if row["replay_lsn"] is not None:
        seen.first = row["replay_lsn"] if seen.first is None else seen.first
        counted = memory.lag(seen, row["replay_lsn"], now)
        longest = max(row["replay_lag"] or timedelta(0), counted)
        replay_lag = memory.behind_from_the_start(seen, row["replay_lsn"], now) or longest or row["replay_lag"]
        behind = lsn if isinstance(lsn, Unseen) else max(0, lsn - row["replay_lsn"])
        if not isinstance(lsn, Unseen):
            drain, balance = _keeps_up(seen, lsn, row["replay_lsn"], now)
    if not isinstance(replay_lag, Unseen):
        seen.history.append((replay_lag or timedelta(0)).total_seconds())
    return Standby(
        name=name,
        client=row["client"],
        state=row["state"],
        sync_state=row["sync_state"],
        write_lag=row["write_lag"],
        flush_lag=row["flush_lag"],
        replay_lag=replay_lag,
        replay_lag_bytes=behind,
        drain=drain,
        balance=balance,
        history=tuple(seen.history),
        pid=row["pid"],
    )


def _hidden(name: str, client: str, pid: int) -> Standby:
    """A row of which this role sees no more than that it is there."""
    return Standby(name, client, "", "", None, None, HIDDEN, HIDDEN, hidden=True, pid=pid)


def _keeps_up(seen: StandbyHistory, written: int, replayed: int, now: float) -> tuple[timedelta | None, float]:
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


def _slot(lsn: int | Unseen, row: Row) -> Slot:
    retained: int | Unseen | None = None
    if row["restart_lsn"] is not None:
        retained = lsn if isinstance(lsn, Unseen) else max(0, lsn - row["restart_lsn"])
    return Slot(row["name"], row["slot_type"], row["active"], retained, row["wal_status"])


def _forget_the_gone(memory: ReplicationMemory, standbys: Iterable[Row]) -> None:
    present = {_key(row) for row in standbys}
    for gone in memory.standbys.keys() - present:
        del memory.standbys[gone]


def _key(row: Row) -> tuple[str, str]:
    return (f"{row['name']} {row['client']}", str(row["pid"]))
