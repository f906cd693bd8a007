"""How batches are sized, and how they are told of. Pure; a kind that works in batches is an `in_batches.InBatches`."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pydantic import Field

from zdtui.counted import counted
from zdtui.frozen import Frozen
from zdtui.quantities import format_duration
from zdtui.steps.key import Key, Kind

MOST_WORKERS = 8


class Walk(StrEnum):
    """In which order a backfill goes through its table."""

    AUTO = "auto"
    """Striped by pages where that is right and pays, by key otherwise."""
    KEY = "key"


class BatchTuning(Frozen):
    """How a backfill or copy sizes its batches."""

    batch_duration: timedelta = Field(default=timedelta(milliseconds=20), description="what a batch aims at")
    batch_rows: int = Field(default=1000, description="rows (keys walked) of the first batch")
    max_batch_rows: int = 50_000
    batch_pause: timedelta = Field(default=timedelta(0), description="a rest after each batch")
    max_replication_lag: timedelta | None = Field(default=None, description="over this lag, slow down")
    workers: int = Field(default=1, description="sessions that work side by side while nothing holds the speed down")
    walk: Walk = Walk.AUTO
    max_rejected: int = Field(default=0, description="rows the server may refuse before the step fails")
    vacuum_after_rows: int | None = Field(default=None, description="VACUUM the table after so many changed rows")


TUNING = (
    Key(
        "batch_duration",
        Kind.DURATION,
        "What a batch aims at with the dial at full, less below; the number of rows follows.",
        positive=True,
    ),
    Key("batch_rows", Kind.COUNT, "Rows of the first batch.", positive=True),
    Key("max_batch_rows", Kind.COUNT, "Rows that no batch exceeds.", positive=True),
    Key("batch_pause", Kind.DURATION, "A rest after each batch, besides what the dial of the console asks for."),
    Key("max_replication_lag", Kind.DURATION, "Over this replay lag of any standby the batches slow down."),
)
WORKING = (
    *TUNING,
    Key(
        "workers",
        Kind.COUNT,
        "Parallel sessions. Only one of them works while a limit slows the backfill down.",
        positive=True,
        most=MOST_WORKERS,
        why_most="each is a session of the server",
    ),
    Key("max_rejected", Kind.COUNT, "Rows the server may refuse, kept in zdtui.rejected, before the step fails."),
    Key("vacuum_after_rows", Kind.COUNT, "VACUUM the table after so many changed rows. Default: never.", positive=True),
)
WALK = Key(
    "walk", Kind.CHOICE, "auto: in stripes where that pays, over pages or over keys; key: never.", choices=tuple(Walk)
)


KEY_OF_SOURCE = Key("key", Kind.COLUMNS, "Columns, or the name, of a unique index of `from`; default: its primary key.")


def read_tuning(values: Mapping[str, Any]) -> BatchTuning:
    """What a mapping says of its batches, and the defaults."""
    return BatchTuning(**{key.name: values[key.name] for key in (*WORKING, WALK) if key.name in values})


def tuning_line(tuning: BatchTuning) -> str:
    """Its batches, for a summary."""
    pause = f", a rest of {format_duration(tuning.batch_pause)}" if tuning.batch_pause else ""
    lag = tuning.max_replication_lag
    slower = "" if lag is None else f", slower over a replay lag of {format_duration(lag)}"
    workers = f", {counted(tuning.workers, 'worker')}" if tuning.workers > 1 else ""
    walk = ", by key alone" if tuning.walk is Walk.KEY else ""
    rejected = f", up to {counted(tuning.max_rejected, 'row')} rejected" if tuning.max_rejected else ""
    every = tuning.vacuum_after_rows
    vacuum = "" if every is None else f", VACUUM after every {counted(every, 'changed row')}"
    return (
        f"batches of {format_duration(tuning.batch_duration)}, from {counted(tuning.batch_rows, 'row')} up to "
        f"{tuning.max_batch_rows}{pause}{slower}{workers}{walk}{rejected}{vacuum}"
    )


IN_SMALL_BATCHES = "In small batches, each committed with its checkpoint:"
REJECTED_ROWS = "its key is that of a row in zdtui.rejected"


def key_line(key: tuple[str, ...]) -> str:
    """The key that is walked, for a summary."""
    return ", ".join(key) or "primary key"


def key_shown(key: tuple[str, ...]) -> str:
    """The key that is walked, in the text that is confirmed."""
    if not key:
        return "(primary key)"
    return f"({', '.join(key)})" if len(key) > 1 else key[0]


def by_key_shown(key: tuple[str, ...]) -> str:
    """The rows of one batch, by key, in the text that is confirmed."""
    return f"{key_shown(key)} > :after AND {key_shown(key)} <= :upto"


def by_page_shown(key: tuple[str, ...]) -> str:
    """The rows of one batch, by page, in the text that is confirmed."""
    return f"ctid >= :after AND ctid < :upto  -- pages, or {key_shown(key)}"


def and_where(where: str | None) -> str:
    """The author's condition, after that of the batch, in the text that is confirmed."""
    return f"\n   AND ({where})" if where else ""
