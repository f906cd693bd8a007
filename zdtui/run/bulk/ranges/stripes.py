"""How many stripes a stretch of pages is updated in, and how many pages a stretch has. Pure.

A pass changes the rows whose place on the page is `stripe` modulo the number of stripes. The versions it leaves dead
are pruned when the next pass comes to the page, so that the new ones fit where they were: HOT, no index is written, and
the table hardly grows. Measured in docs/benchmarks.md.
"""

from dataclasses import dataclass, replace

from zdtui.plan.model import BatchTuning
from zdtui.postgres.walked import Part

MOST_STRIPES, SOME_STRIPES, FEWEST_STRIPES = 8, 6, 2
LOOSE_FILLFACTOR = 85
"""At or below it a page has room for a stripe of six before anything is pruned."""
FEW_INDEXES = 1
"""Up to here there is less to be saved by an update that is HOT, and six stripes are the quicker ones."""
ROWS_PER_PAGE = 50.0
"""Assumed of a table that was never analyzed."""
LARGEST_STRETCH = 4096
"""Pages, 32 MB: what one pass has read should still be cached for the next one."""
SLICES = 4
"""Of a stretch, where several sessions work."""
SMOOTHING = 0.5
GROWTH_LIMIT = 2.0
SPARSE = 0.25
"""Rows the first stripe changes per page below which one pass does all others: few rows match."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages that are changed in so many passes before the next ones are begun."""

    first: int
    beyond: int
    stripes: int
    slices: int = 1
    """A pass takes one of so many slices of it. What a pass leaves dead cannot be pruned while the pass of another
    session is under way that began before it ended; with some slices in between, it has ended."""

    @property
    def pages(self) -> int:
        """How many one pass goes over."""
        return max(1, -(-(self.beyond - self.first) // self.slices))

    @property
    def passes(self) -> int:
        """How many there are."""
        return self.stripes * self.slices

    def slice(self, number: int) -> tuple[int, int]:
        """The pages of pass `number`, first and beyond the last; none of a slice that is beyond the end."""
        first = min(self.beyond, self.first + number % self.slices * self.pages)
        return first, min(self.beyond, first + self.pages)


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages the next stretch has, and the smoothed cost it was worked out from."""

    pages: int
    stripes: int
    most: int
    """By the plan's max_batch_rows."""
    seconds_per_page: float | None = None
    """Of the slowest pass of a stretch."""


def stripes_of(part: Part) -> int:
    """How many stripes suit the table; 1 where stripes are of no use."""
    if part.indexed:
        return 1
    some = part.fillfactor <= LOOSE_FILLFACTOR or part.indexes <= FEW_INDEXES
    wanted = SOME_STRIPES if some else MOST_STRIPES
    return max(FEWEST_STRIPES, min(wanted, round(part.rows_per_page or ROWS_PER_PAGE)))


def first_pages(tuning: BatchTuning, rows_per_page: float | None, stripes: int) -> Pages:
    """The first stretch: passes of the plan's batch_rows."""
    density = max(1.0, rows_per_page or ROWS_PER_PAGE)
    most = max(1, min(LARGEST_STRETCH, int(tuning.max_batch_rows * stripes / density)))
    first = int(min(tuning.batch_rows, tuning.max_batch_rows) * stripes / density)
    return Pages(pages=max(1, min(most, first)), stripes=stripes, most=most)


def with_stripes(pages: Pages, stripes: int) -> Pages:
    """The same pass with another number of stripes: it changes as many rows on fewer pages, or more."""
    if stripes == pages.stripes:
        return pages
    share = stripes / pages.stripes
    most = max(1, int(pages.most * share))
    cost = None if pages.seconds_per_page is None else pages.seconds_per_page / share
    return Pages(max(1, min(most, int(pages.pages * share))), stripes, most, cost)


def next_pages(pages: Pages, stretch: Stretch, slowest: float, tuning: BatchTuning) -> Pages:
    """The next stretch, after one whose slowest pass took `slowest` seconds; aimed at the plan's batch_duration."""
    cost = max(slowest, 1e-6) / max(1, stretch.pages)
    before = pages.seconds_per_page
    smooth = cost if before is None else SMOOTHING * cost + (1 - SMOOTHING) * before
    aim = tuning.batch_duration.total_seconds() / smooth
    return replace(pages, pages=max(1, int(min(aim, pages.pages * GROWTH_LIMIT, pages.most))), seconds_per_page=smooth)


def halved(pages: Pages) -> Pages:
    """After a pass that timed out."""
    return replace(pages, pages=max(1, pages.pages // 2))


def is_sparse(stretch: Stretch, changed: int) -> bool:
    """Whether the first stripe changed so few rows that stripes are not worth their reading."""
    return changed < (stretch.beyond - stretch.first) * SPARSE
