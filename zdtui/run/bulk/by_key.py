"""Walking a lane by key: each row has one place, whatever is updated meanwhile, so that each is changed once."""

import time

from zdtui.postgres import keyset
from zdtui.run.bulk.bisect import change_all
from zdtui.run.bulk.commit_batch import by_bounds
from zdtui.run.bulk.ranges.batch_size import next_size
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Worker

FIND_AND_CHANGE = 3
"""Journeys: to the end of the batch, and two with it."""


async def next_by_key(worker: Worker, lane: Lane) -> int:
    """The next batch; how many rows it changed. Raises as `change_all`."""
    before, upto, key = lane.checkpoint.position, lane.checkpoint.upto, lane.key
    assert upto is not None
    assert key is not None
    began = time.monotonic()
    end, last = await keyset.batch_end(worker.connection, lane.table, key, before, upto, lane.size.rows)
    worker.begins()
    changed = await change_all(worker, lane, by_bounds(lane, before, end), end)
    if not last:
        seconds = worker.at_the_server(time.monotonic() - began, FIND_AND_CHANGE)
        lane.size = next_size(lane.size, lane.size.rows, seconds, worker.tuning)
    return changed
