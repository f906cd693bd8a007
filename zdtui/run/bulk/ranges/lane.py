"""A lane: a stretch of one part of the table that one session walks, with a checkpoint of its own."""

from dataclasses import dataclass, field

from zdtui.postgres.keyset import Key, KeyValue
from zdtui.postgres.walked import Part
from zdtui.run.bulk.ranges.batch_size import BatchSize
from zdtui.run.bulk.ranges.progress_history import share_done
from zdtui.run.bulk.ranges.scan_method import ScanMethod
from zdtui.run.bulk.ranges.stripes import Pages, Stretch
from zdtui.run.journal.store import Checkpoint

FIRST_LOOK = 10_000
SWEPT: KeyValue = ("swept",)
"""Where a sweep ends that has no last key."""


@dataclass
class Lane:
    """Where one lane is. Everything here can be had again from its checkpoint."""

    checkpoint: Checkpoint
    part: Part
    key: Key | None
    size: BatchSize
    pages: Pages
    weight: float
    """How much of the whole it is, in pages."""
    low: int | None = None
    """Its first page; its first key, where keys are whole numbers."""
    looked_at: tuple[str, ...] | None = None
    """How far a sweep has looked since its checkpoint: nothing was found to change."""
    stretch: Stretch | None = None
    passed: int = 0
    """Passes over the stretch that are done."""
    changed: int = 0
    """Rows they changed."""
    slowest: float = 0.0
    """Seconds of the slowest pass of the stretch."""
    estimated_share: float | None = None
    """By the planner's histogram, where keys are not whole numbers."""
    round: int = 0
    """Of a sweep by page: how often it has begun at the first page."""
    page: int = 0
    """The next page of the round."""
    pages_now: int = 0
    """Of the table, when the round began."""
    found: int = 0
    """Rows the round has changed."""
    look: BatchSize = field(default_factory=lambda: BatchSize(rows=FIRST_LOOK))
    """How many rows a sweep by key looks at next."""
    gap: float | None = None
    """Keys to a row on average, where they are whole numbers in ascending order."""
    divided: bool = False
    """A pass of the stretch of keys timed out: what is left of the stretch is done in smaller batches."""
    gone: bool = False
    """Its part is no part of the table any more: dropped or detached."""
    sparse: bool = False
    """Whether the first stripe changed so few rows that one pass does all others."""

    @property
    def way(self) -> ScanMethod:
        """How it is walked."""
        return ScanMethod(self.checkpoint.way)

    @property
    def table(self) -> str:
        """The table the statements name."""
        return self.part.table

    @property
    def is_keyed(self) -> bool:
        """Whether every row of it has a key."""
        return self.key is not None and not self.key.nullable

    @property
    def position(self) -> tuple[str, ...] | None:
        """How far it is, by what was changed or looked at."""
        return self.looked_at or self.checkpoint.position

    @property
    def finished(self) -> bool:
        """Whether nothing of it is left."""
        return self.gone or self.checkpoint.upto is None or self.checkpoint.position == self.checkpoint.upto

    @property
    def share(self) -> float | None:
        """The share of it that is done, 0 to 1; None where nothing honest can be said."""
        if self.finished:
            return 1.0
        position, upto = self.position, self.checkpoint.upto
        assert upto is not None
        if self.way is ScanMethod.PAGE:
            low = self.low or 0
            return (int(position[0]) - low if position else 0) / max(1, int(upto[0]) - low)
        if self.way is ScanMethod.SWEEP_PAGE:
            return 0.0
        if self.low is None:
            return self.estimated_share
        return 0.0 if position is None or not position[0] else share_done(self.low, int(upto[0]), int(position[0]))


def share_of_all(lanes: list[Lane]) -> float | None:
    """The share of the whole that is done; None when nothing honest can be said of the lane that is under way."""
    if all(lane.finished for lane in lanes):
        return 1.0
    if len(lanes) <= FEW_LANES and any(lane.share is None for lane in lanes):
        return None
    whole = sum(lane.weight for lane in lanes)
    return min(1.0, sum(lane.weight * (lane.share or 0.0) for lane in lanes) / whole)


FEW_LANES = 4
"""Up to here a lane of unknown share makes the whole unknown; among more, lanes that are done tell enough."""
