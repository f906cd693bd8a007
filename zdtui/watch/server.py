"""What presses on the whole server: WAL, the archiver's backlog, requested checkpoints, autovacuum."""

from collections import deque

from zdtui.watch.probe import Asked, Rows
from zdtui.watch.samples import ServerSample, Unseen

CHECKPOINTS_WITHIN = 300.0
"""Seconds over which requested server checkpoints are counted."""
FIRST = Unseen("a rate takes two readings", passing=True)
HIDDEN = Unseen("this role may not see which table a VACUUM works on (grant pg_monitor)")


class ServerProbe:
    """Samples figures that only mean something as differences, so it remembers the ones before.

    Each is a question of its own: what a managed service keeps from this role leaves the others to be seen.
    """

    def __init__(self) -> None:
        self._wal: tuple[float, int] | None = None
        self._unarchived_from: int | None = None
        self._requested: deque[tuple[float, int]] = deque()

    async def take(self, asked: Asked) -> ServerSample:
        """One sample."""
        wal = await asked.attempt("wal")
        archiver = await asked.attempt("server")
        requested = await asked.attempt("server_checkpoints")
        return ServerSample(
            wal_bytes_per_second=self._wal_rate(wal, asked.now),
            archive_backlog=self._backlog(wal, archiver),
            requested_checkpoints=requested
            if isinstance(requested, Unseen)
            else self._checkpoints(requested[0]["requested"], asked.now),
            vacuumed=vacuumed(await asked.attempt("vacuumed")),
        )

    def _wal_rate(self, rows: Rows | Unseen, now: float) -> float | Unseen | None:
        """None on a standby, which writes none."""
        if isinstance(rows, Unseen):
            self._wal = None
            return rows
        wal = rows[0]["lsn"]
        before, self._wal = self._wal, None if wal is None else (now, wal)
        if rows[0]["in_recovery"]:
            return None
        if wal is None:
            return Unseen("the server does not say how far its WAL is")
        if before is None or now <= before[0]:
            return FIRST
        return float(max(0, wal - before[1])) / (now - before[0])

    def _backlog(self, wal: Rows | Unseen, archiver: Rows | Unseen) -> int | Unseen | None:
        """Files since the last one archived; while none was, those written since we first looked are sure to wait."""
        if isinstance(archiver, Unseen):
            return archiver
        row = archiver[0]
        if not row["archiving"]:
            return None
        if isinstance(wal, Unseen):
            return wal
        if wal[0]["lsn"] is None:
            return Unseen("the server does not say how far its WAL is")
        writing = wal[0]["lsn"] // row["segment"]
        if row["archived"] is not None:
            self._unarchived_from = segment_number(row["archived"], row["segment"]) + 1
        elif self._unarchived_from is None:
            self._unarchived_from = writing
        return max(0, int(writing - self._unarchived_from))

    def _checkpoints(self, requested: int, now: float) -> int:
        """Those of the last CHECKPOINTS_WITHIN seconds that we have seen; counters that were reset begin anew."""
        seen = self._requested
        if seen and requested < seen[-1][1]:
            seen.clear()
        seen.append((now, requested))
        while now - seen[0][0] > CHECKPOINTS_WITHIN:
            seen.popleft()
        return requested - seen[0][1]


def segment_number(file: str, segment: int) -> int:
    """How many WAL files come before this one: its name is the timeline, then the number in two parts."""
    return int(file[8:16], 16) * (0x100000000 // segment) + int(file[16:24], 16)


def vacuumed(rows: Rows | Unseen) -> tuple[str, ...] | Unseen:
    """The tables that VACUUM works on; not to be had while one of them is hidden."""
    if isinstance(rows, Unseen):
        return rows
    return HIDDEN if any(row["name"] is None for row in rows) else tuple(sorted(row["name"] for row in rows))
