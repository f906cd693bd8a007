"""The INSERT that fills a table with made-up rows. Pure.

Row `i` of a table is the same whenever it is asked for, so that a foreign key can name what row `j` of another table
holds without reading it. What a CHECK asks beyond a list of texts is not known here: the server refuses such a row, and
the table is left empty and named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from zdtui.rehearse.rows.shape import Column, Part, Reference, Shape
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

LONGEST_TEXT = 4000
"""Characters that are made up of one text at most."""
UNKNOWN_DISTINCT = 100
"""Different values where the planner knows nothing."""
WITHIN_CHECK = 9
"""Different numbers where a CHECK says which may stand there."""
PRIME = 7919


def _text(number: str, column: Column) -> str:
    """Texts of the lengths that are most common, or as long as they are on average; numbered, so that they differ."""
    lengths = [min(each, column.most or LONGEST_TEXT, LONGEST_TEXT) for each in column.statistics.lengths]
    average = min(max(column.statistics.width - 1, 8), column.most or LONGEST_TEXT, LONGEST_TEXT)
    every = ", ".join(map(str, lengths or [average]))
    length = f"(ARRAY[{every}])[1 + ({number}) % {len(lengths or [average])}]"
    least = f"greatest({length}, length(({number})::text))"
    text = f"left(({number})::text || repeat(md5(({number})::text), {LONGEST_TEXT // 32}), {least})"
    return text if column.most is None else f"left({text}, {column.most})"


def _whole(bound: int) -> Callable[[str, Column], str]:
    return lambda number, column: f"(({number}) % {bound})"


def _numeric(number: str, column: Column) -> str:
    return f"(({number}) % {10 ** min(column.most, 15)})" if column.most is not None else f"({number})"


BY_TYPE: Mapping[str, Callable[[str, Column], str]] = {
    "smallint": _whole(32_000),
    "integer": _whole(2_000_000_000),
    "bigint": lambda number, column: f"({number})",
    "numeric": _numeric,
    "real": lambda number, column: f"({number})",
    "double precision": lambda number, column: f"({number})",
    "money": lambda number, column: f"(({number}) % 1000000)::numeric",
    "boolean": lambda number, column: f"(({number}) % 2 = 0)",
    "text": _text,
    "character varying": _text,
    "character": _text,
    "citext": _text,
    "name": lambda number, column: f"('n' || ({number}))",
    '"char"': lambda number, column: "'x'",
    "uuid": lambda number, column: f"md5(({number})::text)",
    "bytea": lambda number, column: f"decode(md5(({number})::text), 'hex')",
    "date": lambda number, column: f"(date '2020-01-01' + (({number}) % 3650)::integer)",
    "timestamp without time zone": lambda number, column: (
        f"(timestamp '2020-01-01' + ({number}) * interval '1 minute')"
    ),
    "timestamp with time zone": lambda number, column: f"(timestamptz '2020-01-01' + ({number}) * interval '1 minute')",
    "time without time zone": lambda number, column: f"(time '00:00' + (({number}) % 86400) * interval '1 second')",
    "time with time zone": lambda number, column: f"(timetz '00:00+00' + (({number}) % 86400) * interval '1 second')",
    "interval": lambda number, column: f"(({number}) * interval '1 second')",
    "json": lambda number, column: f"jsonb_build_object('made_up', {number})",
    "jsonb": lambda number, column: f"jsonb_build_object('made_up', {number})",
    "inet": lambda number, column: f"(inet '10.0.0.0' + ({number}) % 16000000)",
    "cidr": lambda number, column: f"(inet '10.0.0.0' + ({number}) % 16000000)",
    "macaddr": lambda number, column: f"left(md5(({number})::text), 12)",
    "tsvector": lambda number, column: f"('made up ' || ({number}))",
    "xml": lambda number, column: f"('<made_up>' || ({number}) || '</made_up>')",
    "point": lambda number, column: f"point({number}, 0)",
    "oid": _whole(2_000_000_000),
}
"""By the type's name: the value of that number, as SQL."""
WIDE = frozenset(BY_TYPE) - {"boolean", '"char"', "smallint"}
"""Types of which there are as many values as rows are made up."""


@dataclass(frozen=True)
class MakesUp:
    """Knows every table that is filled, and how many rows each gets."""

    shapes: Mapping[Name, Shape]
    rows: Mapping[Name, int]

    def insert(self, table: Name, part: Part | None = None, first: int = 1, last: int | None = None) -> str:
        """The statement for the rows `first` to `last` of the table, or of one of its parts."""
        shape = self.shapes[table]
        filled = [each for each in shape.columns if not each.computed]
        names = ", ".join(quote_identifier(each.name) for each in filled)
        values = ", ".join(self._in_part(shape, each, part) for each in filled)
        into = table.written if part is None else part.table
        upto = self.rows[table] if last is None else last
        return (
            f"INSERT INTO {into} ({names}) OVERRIDING SYSTEM VALUE SELECT {values}"
            f" FROM generate_series({first}::bigint, {upto}::bigint) AS made (i)"
        )

    def _in_part(self, shape: Shape, column: Column, part: Part | None) -> str:
        if part is not None and part.value is not None and column.name == shape.partitioned_by:
            return f"{part.value}::{column.type}"
        return self.value(shape.table, column, "made.i", frozenset())

    def value(self, table: Name, column: Column, at: str, seen: frozenset[Name]) -> str:
        """What stands in that column of row `at`."""
        share = 0 if column.required or column.name in self._unique[table] else column.statistics.null_fraction
        made = self._value(table, column, at, seen)
        if not 0 < share <= 1:
            return made
        return f"CASE WHEN (({at}) * {PRIME} + {len(column.name)}) % 1000 >= {round(share * 1000)} THEN {made} END"

    def _value(self, table: Name, column: Column, at: str, seen: frozenset[Name]) -> str:
        reference = next((each for each in self.shapes[table].references if column.name in each.columns), None)
        if reference is not None:
            return self._referring(table, column, reference, at, seen)
        return f"{self._by_type(column, self._number(table, column, at))}::{column.type}"

    def _referring(self, table: Name, column: Column, reference: Reference, at: str, seen: frozenset[Name]) -> str:
        other = self.shapes.get(reference.table)
        named = None if other is None else other.column(reference.other[reference.columns.index(column.name)])
        count = self.rows.get(reference.table, 0)
        if named is None or not count:
            return f"NULL::{column.type}"
        if reference.table == table or reference.table in seen:
            if not column.required:
                return f"NULL::{column.type}"
            return f"{self._by_type(named, at)}::{column.type}"
        row = f"(1 + (({at}) - 1) / {self._stride(table, column)} % {count})"
        return f"{self.value(reference.table, named, row, seen | {table})}::{column.type}"

    def _stride(self, table: Name, column: Column) -> int:
        """How many rows share what they refer to, so that no two rows of a key over several references are alike."""
        stride = 1
        key = next((each for each in self.shapes[table].unique if column.name in each and len(each) > 1), ())
        for name in key[: key.index(column.name)] if key else ():
            of = next((each for each in self.shapes[table].references if name in each.columns), None)
            stride *= max(1, self.rows.get(of.table, 1)) if of is not None else 1
        return stride

    def _number(self, table: Name, column: Column, at: str) -> str:
        """Which of the column's values row `at` has."""
        if column.name in self._unique[table]:
            return at
        distinct = self._distinct(column, self.rows[table])
        return at if distinct >= self.rows[table] else f"(1 + (({at}) * {PRIME}) % {distinct})"

    def _distinct(self, column: Column, rows: int) -> int:
        if column.has_check:
            return WITHIN_CHECK
        known = column.statistics.n_distinct
        return max(1, round(known if known > 0 else -known * rows if known < 0 else UNKNOWN_DISTINCT))

    def _by_type(self, column: Column, number: str) -> str:
        if column.labels or column.checked:
            texts = column.labels or column.checked
            every = ", ".join("'" + each.replace("'", "''") + "'" for each in texts)
            return f"(ARRAY[{every}])[1 + ({number}) % {len(texts)}]"
        if column.element is not None and column.element in BY_TYPE:
            return f"ARRAY[{BY_TYPE[column.element](number, column)}]"
        make = BY_TYPE.get(column.base)
        return "NULL" if make is None else make(number, column)

    @cached_property
    def _unique(self) -> Mapping[Name, frozenset[str]]:
        """Of each table the columns in which every row has a value of its own."""
        return {table: frozenset(_carriers(shape)) for table, shape in self.shapes.items()}


def _carriers(shape: Shape) -> list[str]:
    """Of each key the column that makes its rows differ: one that refers to nothing and has values enough."""
    refers = {name for each in shape.references for name in each.columns}
    found = []
    for key in shape.unique:
        wide = [
            each.name
            for name in key
            if name not in refers and (each := shape.column(name)) is not None and _is_wide(each)
        ]
        found += wide[:1] if len(key) > 1 else list(key)
    return found


def _is_wide(column: Column) -> bool:
    return column.base in WIDE and not column.labels and not column.checked


def rows_of(shapes: Mapping[Name, Shape], most: int) -> dict[Name, int]:
    """How many rows each table gets: as many as it has, at most so many; where that is not known, so many.

    One whose row is found by what it refers to alone cannot have more rows than that.
    """
    rows = {table: most if shape.rows is None else min(most, shape.rows) for table, shape in shapes.items()}
    for table, shape in shapes.items():
        if shape.parts:
            rows[table] = max(1, rows[table] // len(shape.parts)) * len(shape.parts)
    for _ in shapes:
        for table, shape in shapes.items():
            for reference in shape.references:
                alone = any(set(key) <= set(reference.columns) for key in shape.unique)
                if alone and reference.table != table:
                    rows[table] = min(rows[table], rows.get(reference.table, 0))
                needed = any((each := shape.column(name)) is not None and each.required for name in reference.columns)
                if needed and not rows.get(reference.table, 0):
                    rows[table] = 0
    return rows
