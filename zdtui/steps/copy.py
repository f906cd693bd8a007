"""Rows of one table put into another, in batches by key. Pure."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from zdtui.sql.split import split
from zdtui.steps.batches import (
    IN_SMALL_BATCHES,
    KEY_OF_SOURCE,
    REJECTED_ROWS,
    WORKING,
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
from zdtui.steps.wording import fence, short, where_shown

KEYS = Table(
    (
        Key("from", Kind.TEXT, "The table to read.", required=True, field="source", names_table=True),
        Key(
            "into",
            Kind.TEXT,
            "The table to fill; rows whose key is there already are left alone.",
            required=True,
            names_table=True,
        ),
        Key("columns", Kind.PAIRS, "Columns of `into` and expressions over `from`.", required=True),
        Key("where", Kind.SQL, "Which rows to copy."),
        KEY_OF_SOURCE,
        Key("valid", Kind.PAIRS, "Rules a row must satisfy; one that does not is recorded in zdtui.rejected."),
        Key(
            "overriding",
            Kind.CHOICE,
            "Say OVERRIDING SYSTEM VALUE; default: where a column of `into` is GENERATED ALWAYS AS IDENTITY.",
            choices=("system",),
        ),
        Key(
            "second_pass",
            Kind.COLUMNS,
            "Columns filled once all rows are there; default: those with a foreign key to `into` itself.",
        ),
        *WORKING,
    ),
    "`INSERT INTO into SELECT ... FROM from` in batches by key. A row whose key `into` has already is left as it "
    "is; one that meets any other constraint is rejected by its name. What refers to rows of `into` itself is "
    "filled in a second pass. At the end one snapshot of both tables proves that each row is in `into` or rejected.",
)


class CopyAction(InBatches):
    """INSERT INTO `into` SELECT ... FROM `source`, in batches by `key`, of rows whose key is not there already."""

    kind: Literal["copy"] = "copy"
    source: str
    into: str
    columns: tuple[tuple[str, str], ...] = Field(description="target column and SQL expression over the source")
    valid: tuple[tuple[str, str], ...] = Field(
        default=(), description="name of a rule and the predicate a row must satisfy to be copied"
    )
    overriding: Literal["system"] | None = Field(
        default=None, description="say OVERRIDING SYSTEM VALUE even where the catalog does not ask for it"
    )
    second_pass: tuple[str, ...] = Field(
        default=(), description="columns of `into` filled once all rows are there; empty: those that refer to `into`"
    )

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`copy`."""
        return (Key("copy", Kind.OBJECT, "INSERT from another table in batches by key.", of="copy"),)

    @classmethod
    def mapping(cls) -> Table:
        """Its mapping."""
        return KEYS

    @classmethod
    def read(cls, given: Given) -> "CopyAction":
        """What the mapping says."""
        values = given.value
        return CopyAction(
            source=values.get("from", "-"),
            into=values.get("into", "-"),
            columns=values.get("columns", ()),
            valid=values.get("valid", ()),
            overriding=values.get("overriding"),
            second_pass=values.get("second_pass", ()),
            **read_in_batches(values),
        )

    def mistakes(self) -> Iterator[Mistake]:
        """None but those that the keys tell."""
        yield from ()

    @property
    def execution(self) -> Batches:
        """In batches."""
        return Batches(self.source, self.tuning)

    @property
    def judged(self) -> Judged:
        """The INSERT of all rows; with the condition, and with identity columns of any kind, where it is traced."""
        amounts_to = f"INSERT INTO {self.into} ({self._columns}) SELECT {self._expressions} FROM {self.source}"
        where = f" WHERE {self.where}" if self.where else ""
        into = f"{self.into} ({self._columns}) OVERRIDING SYSTEM VALUE"
        traced = f"INSERT INTO {into} SELECT {self._expressions} FROM {self.source}{where}"
        return Judged(amounts_to, split(amounts_to), on_empty_tables=traced)

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """One is read, the other filled."""
        columns = tuple(column for column, _ in self.columns)
        return (TableUse(self.source, Use.READ), TableUse(self.into, Use.ADDED, columns))

    @property
    def expressions(self) -> tuple[str, ...]:
        """Over the source, the rules of a row, and which rows."""
        return (*(expression for _, expression in (*self.columns, *self.valid)), self.where or "")

    def confirm_text(self) -> str:
        """The INSERT of one batch."""
        return self._insert(by_key_shown(self.key))

    def retry_text(self) -> str:
        """The INSERT of one rejected row."""
        return self._insert(REJECTED_ROWS)

    def summary(self) -> Iterator[str]:
        """Both tables, each column, each rule, the batches."""
        yield f"copy {self.source} into {self.into} by {key_line(self.key)}{where_shown(self.where)}"
        yield from (f"- {column} = {short(expression)}" for column, expression in self.columns)
        yield from (f"- only if {name}: {short(predicate)}" for name, predicate in self.valid)
        yield from (f"- {column} once all rows are there" for column in self.second_pass)
        yield tuning_line(self.tuning)

    def review(self) -> Iterator[str]:
        """The INSERT of all rows, and the rules of a row."""
        where = f" WHERE {self.where}" if self.where else ""
        yield IN_SMALL_BATCHES
        yield ""
        overriding = "" if self.overriding is None else f" OVERRIDING {self.overriding.upper()} VALUE"
        into = f"INSERT INTO {self.into} ({self._columns}){overriding}"
        sql = f"{into}\nSELECT {self._expressions} FROM {self.source}{where}"
        yield from fence(f"{sql}\nON CONFLICT (the key of {self.into}) DO NOTHING")
        if self.second_pass:
            yield f"- {', '.join(f'`{column}`' for column in self.second_pass)} once all rows are there"
        yield from (f"- rows must satisfy *{name}*: `{predicate}`" for name, predicate in self.valid)
        yield ""

    @property
    def _columns(self) -> str:
        return ", ".join(column for column, _ in self.columns)

    @property
    def _expressions(self) -> str:
        return ", ".join(expression for _, expression in self.columns)

    def _insert(self, rows: str) -> str:
        expressions = ",\n       ".join(expression for _, expression in self.columns)
        valid = "".join(f"\n   AND ({predicate})  -- {name}" for name, predicate in self.valid)
        overriding = "" if self.overriding is None else f"\nOVERRIDING {self.overriding.upper()} VALUE"
        late = "" if not self.second_pass else f"\n-- {', '.join(self.second_pass)} once all rows are there"
        return (
            f"INSERT INTO {self.into} ({self._columns}){overriding}\nSELECT {expressions}\n  FROM {self.source}\n"
            f" WHERE {rows}{and_where(self.where)}{valid}\nON CONFLICT (the key of {self.into}) DO NOTHING{late}"
        )
