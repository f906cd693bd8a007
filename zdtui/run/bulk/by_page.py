"""Walking a lane by page, in stripes: each stretch of pages is gone through several times, a share of its rows each.

Crash points: the checkpoint stays at the first page of a stretch until its last pass. A stretch that was broken off is
begun again with its first stripe; rows that are done no longer match.
"""

import time

from zdtui.plan.model import BackfillAction
from zdtui.run.bulk.bisect import change_all
from zdtui.run.bulk.commit_batch import by_pages
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.ranges.scan_method import not_done
from zdtui.run.bulk.ranges.stripes import Stretch, is_sparse, next_pages, with_stripes
from zdtui.run.bulk.worker import Worker

PLACE = "pg_catalog.get_byte(pg_catalog.tidsend(ctid), 5)"
"""The row's place on its page (the low byte of its offset, src/include/storage/itemptr.h): evenly spread on every
page, whatever the keys are."""


async def next_by_page(worker: Worker, lane: Lane, stripes: int, slices: int) -> int:
    """The next pass; how many rows it changed. `stripes`, `slices`: for a stretch that begins now.

    Raises as `change_all`.
    """
    stretch = lane.stretch or _begin(lane, stripes, slices)
    stripe = lane.passed // stretch.slices
    last = lane.passed + 1 == (2 * stretch.slices if lane.sparse else stretch.passes)
    action, done_rows = worker.bulk_plan.action, worker.bulk_plan.done_rows
    assert isinstance(action, BackfillAction)
    assert done_rows is not None
    rows = by_pages(*stretch.slice(lane.passed)).but(_of_stripe(stretch, stripe, lane.sparse))
    rows = rows.but(not_done(action, done_rows, lane.is_keyed, sweeping=False))
    position = (str(stretch.beyond),) if last else lane.checkpoint.position
    began = worker.begins()
    changed = await change_all(worker, lane, rows, position)
    lane.slowest, lane.changed = (
        max(lane.slowest, worker.at_the_server(time.monotonic() - began)),
        lane.changed + changed,
    )
    lane.passed += 1
    if last:
        lane.pages = next_pages(lane.pages, stretch, lane.slowest, worker.tuning)
        lane.stretch = None
    elif lane.passed == stretch.slices:
        lane.sparse = is_sparse(stretch, lane.changed)
    return changed


def _of_stripe(stretch: Stretch, stripe: int, rest: bool) -> str:
    """The rows of a stripe; of all that are left, where the first stripe changed few."""
    if stretch.stripes == 1:
        return ""
    which = "OPERATOR(pg_catalog.<>) 0" if rest else f"OPERATOR(pg_catalog.=) {stripe}"
    return f"({PLACE} OPERATOR(pg_catalog.%) {stretch.stripes}) {which}"


def _begin(lane: Lane, stripes: int, slices: int) -> Stretch:
    assert lane.checkpoint.position is not None
    assert lane.checkpoint.upto is not None
    lane.pages = with_stripes(lane.pages, stripes)
    first, end = int(lane.checkpoint.position[0]), int(lane.checkpoint.upto[0])
    lane.stretch = Stretch(first, min(end, first + lane.pages.pages * slices), lane.pages.stripes, slices)
    lane.passed, lane.changed, lane.slowest, lane.sparse = 0, 0, 0.0, False
    return lane.stretch
