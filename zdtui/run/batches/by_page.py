"""Walking a lane by page, in stripes: each stretch of pages is gone through several times, a share of its rows each.

Crash points: the checkpoint stays at the first page of a stretch until its last pass. A stretch that was broken off is
begun again with its first stripe; rows that are done no longer match.
"""

import time

from zdtui.plan.model import BackfillAction
from zdtui.run.batches.commit import by_pages
from zdtui.run.batches.hand import Hand
from zdtui.run.batches.lane import Lane
from zdtui.run.batches.rejecting import change_all
from zdtui.run.batches.stripes import Stretch, is_sparse, next_pages, with_stripes
from zdtui.run.batches.way import still_to_do

PLACE = "pg_catalog.get_byte(pg_catalog.tidsend(ctid), 5)"
"""The row's place on its page (the low byte of its offset, src/include/storage/itemptr.h): evenly spread on every
page, whatever the keys are."""


async def next_by_page(hand: Hand, lane: Lane, stripes: int) -> int:
    """The next pass; how many rows it changed. `stripes`: for a stretch that begins now. Raises as `change_all`."""
    stretch = lane.stretch or _begin(lane, stripes)
    rest = lane.stripe == 1 and lane.sparse
    last = rest or lane.stripe == stretch.stripes - 1
    stripe = f"<> {0}" if rest else f"= {lane.stripe}"
    rows = by_pages(stretch.first, stretch.beyond).but(
        f"{PLACE} % {stretch.stripes} {stripe}" if stretch.stripes > 1 else ""
    )
    action, done_rows = hand.course.action, hand.course.done_rows
    assert isinstance(action, BackfillAction)
    assert done_rows is not None
    position = (str(stretch.beyond),) if last else lane.checkpoint.position
    began = hand.begins()
    changed = await change_all(hand, lane, rows.but(still_to_do(action, done_rows, lane.key is not None)), position)
    lane.slowest = max(lane.slowest, time.monotonic() - began)
    if last:
        lane.pages = next_pages(lane.pages, stretch, lane.slowest, action.tuning)
        lane.stretch = None
    else:
        lane.sparse = lane.stripe == 0 and is_sparse(stretch, changed)
        lane.stripe += 1
    return changed


def _begin(lane: Lane, stripes: int) -> Stretch:
    assert lane.checkpoint.position is not None
    assert lane.checkpoint.upto is not None
    lane.pages = with_stripes(lane.pages, stripes)
    first, end = int(lane.checkpoint.position[0]), int(lane.checkpoint.upto[0])
    lane.stretch = Stretch(first, min(end, first + lane.pages.pages), lane.pages.stripes)
    lane.stripe, lane.slowest, lane.sparse = 0, 0.0, False
    return lane.stretch
