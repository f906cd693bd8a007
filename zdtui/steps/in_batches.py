"""What every kind of step says that goes through the rows of a table in batches. Pure."""

from abc import ABC
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from zdtui import amounts
from zdtui.counted import counted
from zdtui.steps.batches import BatchTuning, read_tuning
from zdtui.steps.kind import StepKind


class InBatches(StepKind, ABC):
    """A kind of step that goes through the rows of a table in batches, and says how in its mapping."""

    where: str | None = None
    key: tuple[str, ...] = Field(default=(), description="empty: the primary key")
    tuning: BatchTuning = BatchTuning()

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """In which batches."""
        tuning, limit = self.tuning, self.tuning.max_replication_lag
        lag = f", slower over {amounts.limit(limit)} of replay lag" if limit else ""
        first = counted(tuning.batch_rows, "row", shown=amounts.number(tuning.batch_rows))
        return (
            f"in batches of {amounts.limit(tuning.batch_duration)} at most ({first} first, at most"
            f" {amounts.number(tuning.max_batch_rows)}), each committed with its checkpoint{lag}; lock_timeout"
            f" {lock_timeout}; a pause stops it at the next batch"
        )

    def when_paused(self) -> str:
        """The batch ends."""
        return "it stops at the end of this batch, well under a second as a rule, and is gone on with from there"


def read_in_batches(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a mapping says of the rows and the batches: the fields of `InBatches`."""
    where = values.get("where")
    return {
        "where": None if where is None else str(where).strip(),
        "key": values.get("key", ()),
        "tuning": read_tuning(values),
    }
