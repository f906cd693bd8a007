"""Walking a lane by key, in stripes: each stretch of keys is gone through several times, a share of its rows each.

For rows that lie in the order of their keys: a pass comes back to pages whose dead rows can be pruned, as when walking
by page. Which pass a row belongs to is told by its key alone, so that each is changed once, whatever `where` says of it
afterwards and wherever it moves.

Crash points: the checkpoint says which stretch is under way and which of its passes are done.
"""

import time
from dataclasses import dataclass, replace

from zdtui.postgres import keyset
from zdtui.postgres.keyset import KeyValue
from zdtui.run.bulk.bisect import change_all
from zdtui.run.bulk.commit_batch import by_bounds
from zdtui.run.bulk.ranges.batch_size import next_size
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.stripes import LARGEST_STRETCH, ROWS_PER_PAGE, SPARSE
from zdtui.run.bulk.worker import Worker

MOST_KEY_STRIPES = 7
"""A prime: keys that are all even, or all multiples of ten, are spread over the passes all the same."""


@dataclass(frozen=True, slots=True)
class KeyStretch:
    """Keys after `after` up to `end`, of which so many passes are done."""

    after: KeyValue | None
    end: KeyValue
    passed: int
    stripes: int
    at: KeyValue | None = None
    """How far the pass under way is; None: at its beginning."""

    @classmethod
    def of(cls, position: KeyValue | None) -> "KeyStretch | None":
        """The stretch that a checkpoint tells of; None when it stands between two."""
        if position is None or len(position) == 1:
            return None
        after, end, passed, stripes, at = position
        return cls(_key(after), (end,), int(passed), int(stripes), _key(at))

    @property
    def position(self) -> KeyValue:
        """As the checkpoint keeps it."""
        if self.passed >= self.stripes:
            return self.end
        return (*(self.after or ("",)), *self.end, str(self.passed), str(self.stripes), *(self.at or ("",)))


def _key(text: str) -> KeyValue | None:
    return (text,) if text else None


async def next_by_key_stripe(worker: Worker, lane: Lane, stripes: int) -> int:
    """The next pass, or a part of it; how many rows it changed. `stripes`: for a stretch that begins now.

    Raises as `change_all`.
    """
    stretch = KeyStretch.of(lane.checkpoint.position) or await _begin(worker, lane, stripes)
    before, end, last = stretch.at or stretch.after, stretch.end, True
    if lane.divided:
        rows = lane.size.rows * stretch.stripes
        end, last = await keyset.batch_end(worker.connection, lane.table, _of(lane), before, stretch.end, rows)
    rest = lane.sparse and stretch.passed == 1
    began = worker.begins()
    changed = await change_all(
        worker,
        lane,
        by_bounds(lane, before, end).but(_of_stripe(lane, stretch, rest)),
        _after(stretch, end, last, rest).position,
    )
    lane.slowest, lane.changed = (
        max(lane.slowest, worker.at_the_server(time.monotonic() - began)),
        lane.changed + changed,
    )
    if stretch.passed == 0:
        lane.sparse = lane.changed < lane.size.rows * SPARSE
    if KeyStretch.of(lane.checkpoint.position) is None:
        if not lane.divided and stretch.end != lane.checkpoint.upto:
            lane.size = next_size(lane.size, lane.size.rows, lane.slowest, worker.tuning)
        lane.divided = False
    return changed


def _after(stretch: KeyStretch, end: KeyValue, last: bool, rest: bool) -> KeyStretch:
    if not last:
        return replace(stretch, at=end)
    return replace(stretch, passed=stretch.stripes if rest else stretch.passed + 1, at=None)


def _of_stripe(lane: Lane, stretch: KeyStretch, rest: bool) -> str:
    """The rows of the pass; of all passes but the first, where that changed few."""
    if stretch.stripes == 1:
        return ""
    which = "OPERATOR(pg_catalog.<>) 0" if rest else f"OPERATOR(pg_catalog.=) {stretch.passed}"
    return f"pg_catalog.abs({_of(lane).columns[0]} OPERATOR(pg_catalog.%) {stretch.stripes}) {which}"


async def _begin(worker: Worker, lane: Lane, stripes: int) -> KeyStretch:
    before, upto = lane.checkpoint.position, lane.checkpoint.upto
    assert upto is not None
    most = int(LARGEST_STRETCH * max(1.0, lane.part.rows_per_page or ROWS_PER_PAGE))
    rows = max(1, min(lane.size.rows * stripes, most))
    end, _ = await keyset.batch_end(worker.connection, lane.table, _of(lane), before, upto, rows)
    lane.slowest, lane.changed, lane.sparse, lane.divided = 0.0, 0, False, False
    return KeyStretch(before, end, 0, stripes)


def _of(lane: Lane) -> keyset.Key:
    assert lane.key is not None
    return lane.key
