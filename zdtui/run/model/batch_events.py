"""What happens inside a backfill, copy or comparison. Part of `zdtui.run.model.events`, whose rules hold."""

from typing import Literal

from pydantic import Field

from zdtui.plan.model import Frozen, StepId
from zdtui.run.model.event_reach import ChangesNothing, ChangesStep, SaysWhoWaited


class BatchesDone(ChangesStep):
    """A stretch of a backfill or copy was committed. The exact place is the checkpoint, not this event."""

    kind: Literal["batches done"] = "batches done"
    step: StepId
    batches: int
    rows: int
    rejected: int = 0
    first_rejected: tuple[str, ...] = ()
    fraction: float | None = None


class ClosingLook(ChangesNothing):
    """After the walk the whole table was asked for what still matches `where`."""

    kind: Literal["closing look"] = "closing look"
    step: StepId
    seconds: float
    found: int | None = Field(description="rows; None: only whether there is any was asked")
    more: bool = Field(default=False, description="there may be more than were found")
    first: tuple[str, ...] = Field(default=(), description="the first of them, as 'public.t (4711)'")


class DriftFound(ChangesNothing):
    """Rows of a chunk are not the same on both sides, and were not a moment later either."""

    kind: Literal["drift found"] = "drift found"
    step: StepId
    differing: int
    keys: tuple[str, ...] = Field(description="the first of them: '(4711) different', 'missing' or 'extra'")


class RetryStarted(Frozen):
    """A person asked that the rows a step could not take are tried again. Journaled before the first is."""

    kind: Literal["retry started"] = "retry started"
    step: StepId
    sql_digest: str
    confirmed_by: str
    rejected: int = Field(description="rows that stood aside")


class RetryEnded(ChangesStep, SaysWhoWaited):
    """They were tried, or some of them: `message` says why not all."""

    kind: Literal["retry ended"] = "retry ended"
    step: StepId
    changed: int | None = Field(default=None, description="rows that were taken now; None: the checkpoint alone knows")
    rows: int = Field(description="rows of the whole step, exact")
    rejected: int = Field(description="rows that still stand aside, exact")
    first_rejected: tuple[str, ...] = ()
    message: str = ""
