"""How many keys the next batch walks. Pure: the sizes and times of the last batches come in, a number comes out."""

from dataclasses import dataclass

from zdtui.plan.model import BatchTuning

SMALLEST_BATCH = 10
GROWTH_LIMIT = 2.0
"""A batch is never more than this many times the one before; shrinking is not limited."""
SMOOTHING = 0.5
"""Weight of the newest batch in the running rate: three to five batches settle it."""


@dataclass(frozen=True, slots=True)
class BatchSize:
    """The size of the next batch in keys, and the smoothed cost it was worked out from."""

    rows: int
    seconds_per_row: float | None = None


def first_size(tuning: BatchTuning) -> BatchSize:
    """The size the plan asks to begin with."""
    return BatchSize(rows=max(SMALLEST_BATCH, min(tuning.batch_rows, tuning.max_batch_rows)))


def next_size(size: BatchSize, walked: int, seconds: float, tuning: BatchTuning) -> BatchSize:
    """The size after a batch that walked `walked` keys in `seconds`, aimed at the plan's batch_duration.

    A batch that walked nothing teaches nothing.
    """
    if walked <= 0:
        return size
    cost = max(seconds, 1e-6) / walked
    smooth = cost if size.seconds_per_row is None else SMOOTHING * cost + (1 - SMOOTHING) * size.seconds_per_row
    aim = tuning.batch_duration.total_seconds() / smooth
    rows = min(aim, size.rows * GROWTH_LIMIT, tuning.max_batch_rows)
    return BatchSize(rows=max(SMALLEST_BATCH, int(rows)), seconds_per_row=smooth)


def halved(size: BatchSize) -> BatchSize:
    """The size after a batch that timed out."""
    return BatchSize(rows=max(SMALLEST_BATCH, size.rows // 2), seconds_per_row=size.seconds_per_row)
