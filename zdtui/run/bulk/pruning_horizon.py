"""Whether the rows that stripes leave dead can be pruned now, and who is in the way if they cannot."""

import time
from dataclasses import dataclass, field

from zdtui.postgres.walked import SnapshotHolder, find_snapshot_holder
from zdtui.run.bulk.worker import Worker
from zdtui.run.execute.work import Work

LOOK_EVERY = 1.0
"""Seconds between two looks."""
HELD = 2.0
"""Seconds a snapshot has to be held before stripes are given up for it: a short query spoils one stretch or two."""
KEPT = 8


@dataclass
class Pruning:
    """Keeps `snapshot_holder` true."""

    work: Work
    snapshot_holder: SnapshotHolder | None = None
    _ids: list[tuple[float, str]] = field(default_factory=list)
    """What was the next transaction id, and when by time.monotonic()."""
    _looked_at: float = 0.0

    async def look(self, worker: Worker) -> None:
        """Ask again, if it is time. Raises psycopg.Error."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        since = next((each for taken, each in reversed(self._ids) if now - taken >= HELD), None)
        current, self.snapshot_holder = await find_snapshot_holder(worker.connection, since, self.work.host.own_pids)
        self._ids = [*self._ids, (now, current)][-KEPT:]
