"""What presses on the whole server: WAL, the archiver's backlog, requested checkpoints, autovacuum."""

from collections import deque

from zdtui.watch.probe import Asked, Row
from zdtui.watch.samples import Pane, ServerSample

CHECKPOINTS_WITHIN = 300.0
"""Seconds over which requested server checkpoints are counted."""


class ServerProbe:
    """Samples figures that only mean something as differences, so it remembers the ones before."""

    pane = Pane.SERVER

    def __init__(self) -> None:
        self._wal: tuple[float, int] | None = None
        self._requested: deque[tuple[float, int]] = deque()

    async def take(self, asked: Asked) -> ServerSample:
        """One sample; rates are None before the second."""
        row = (await asked.ask("server"))[0]
        sample = ServerSample(
            wal_bytes_per_second=self._wal_rate(row, asked.now),
            archive_backlog=row["archive_backlog"],
            requested_checkpoints=self._checkpoints(row["requested_checkpoints"], asked.now),
            vacuumed=tuple(sorted(row["vacuumed"])),
        )
        self._wal = None if row["wal"] is None else (asked.now, row["wal"])
        return sample

    def _wal_rate(self, row: Row, now: float) -> float | None:
        before = self._wal
        if before is None or row["wal"] is None or now <= before[0]:
            return None
        return float(max(0, row["wal"] - before[1])) / (now - before[0])

    def _checkpoints(self, requested: int, now: float) -> int:
        """Those of the last CHECKPOINTS_WITHIN seconds that we have seen; counters that were reset begin anew."""
        seen = self._requested
        if seen and requested < seen[-1][1]:
            seen.clear()
        seen.append((now, requested))
        while now - seen[0][0] > CHECKPOINTS_WITHIN:
            seen.popleft()
        return requested - seen[0][1]
