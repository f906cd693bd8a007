"""Two sides that must be the same, compared in chunks by key. Pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from pydantic import Field

from zdtui.quantities import format_duration
from zdtui.sql.split import split
from zdtui.steps.batches import (
    KEY_OF_SOURCE,
    TUNING,
    and_where,
    by_key_shown,
    key_line,
    tuning_line,
)
from zdtui.steps.execution import Batches
from zdtui.steps.in_batches import InBatches, read_in_batches
from zdtui.steps.key import Key, Kind, Table
from zdtui.steps.kind import Given, Judged, TableUse, Use
from zdtui.steps.mistake import Mistake
from zdtui.steps.wording import short, where_shown

KEYS = Table(
    (
        Key("from", Kind.TEXT, "The table to compare with.", required=True, field="source", names_table=True),
        Key(
            "into",
            Kind.TEXT,
            "The table that was filled from it; default: columns of `from` itself are compared.",
            names_table=True,
        ),
        Key("columns", Kind.PAIRS, "Columns of `into` and the expressions over `from` they must equal.", required=True),
        Key("where", Kind.SQL, "Which rows of `from`; every other row of `into` is one too many."),
        KEY_OF_SOURCE,
        Key("watch", Kind.DURATION, "Compare again and again for so long: a dual-write is watched that way."),
        *TUNING,
    ),
    "Every row, in keyset chunks, both sides in one snapshot. The keys that differ are listed. Values are the same "
    "when what is stored is, by its text (numeric by its worth); rows of `into` whose key is null, is no row's of "
    "`from`, or comes twice are differences. Keys may have other types and collations on both sides.",
)


class CompareAction(InBatches):
    """Each column of `into` must be what the expression over `source` gives, for every row, chunk by chunk."""

    kind: Literal["compare"] = "compare"
    source: str
    into: str = Field(description="the same as `source` where columns of one table are compared")
    columns: tuple[tuple[str, str], ...] = Field(description="column of `into` and SQL expression over `source`")
    watch: timedelta | None = Field(default=None, description="compare again and again for so long")

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`compare`."""
        return (Key("compare", Kind.OBJECT, "Prove that two sides are the same, in chunks by key.", of="compare"),)

    @classmethod
    def mapping(cls) -> Table:
        """Its mapping."""
        return KEYS

    @classmethod
    def read(cls, given: Given) -> "CompareAction":
        """What the mapping says."""
        values = given.value
        source = values.get("from", "-")
        return CompareAction(
            source=source,
            into=values.get("into", source),
            columns=values.get("columns", ()),
            watch=values.get("watch"),
            **read_in_batches(values),
        )

    def mistakes(self) -> Iterator[Mistake]:
        """None but those that the keys tell."""
        yield from ()

    def goes_without_saying(self, key: Key) -> bool:
        """`into`, where columns of one table are compared."""
        return key.name == "into" and self.into == self.source

    @property
    def execution(self) -> Batches:
        """In batches that only read."""
        return Batches(self.source, self.tuning, only_reads=True)

    @property
    def judged(self) -> Judged:
        """A query of both tables."""
        amounts_to = f"SELECT 1 FROM {self.source}, {self.into}"
        return Judged(amounts_to, split(amounts_to))

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """Both are read."""
        return (TableUse(self.source, Use.READ), TableUse(self.into, Use.READ))

    @property
    def expressions(self) -> tuple[str, ...]:
        """Over the source, and which rows of it."""
        return (*(expression for _, expression in self.columns), self.where or "")

    def confirm_text(self) -> str:
        """One chunk, in words."""
        columns = ",\n       ".join(f"{column} must be {expression}" for column, expression in self.columns)
        watched = "" if self.watch is None else f"\nagain and again for {format_duration(self.watch)}"
        where = f"{by_key_shown(self.key)}{and_where(self.where)}"
        return f"compare {self.into}: {columns}\n  FROM {self.source}\n WHERE {where}{watched}"

    def summary(self) -> Iterator[str]:
        """Both sides, each column, the batches."""
        yield f"compare {self.into} with {self.source} by {key_line(self.key)}{where_shown(self.where)}"
        yield from (f"- {column} = {short(expression)}" for column, expression in self.columns)
        yield tuning_line(self.tuning)

    def review(self) -> Iterator[str]:
        """Both sides, each column."""
        yield f"Every row of `{self.into}` is compared with `{self.source}`, in chunks by key:"
        yield ""
        yield from (f"- `{column}` must be `{expression}`" for column, expression in self.columns)
        yield ""

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """In which batches."""
        return f"only reads; {super().how(lock_timeout, statement_timeout)}"
