"""The statements of a copy: which row of the target is whose, and what is sent for a stretch of the source. Pure.

A row is *there already* when the target has one with its key. Which columns those are is told by the target's unique
keys (`own_key`), and a conflict with any other constraint is an error of that row, never a reason to leave it out.

The statements run under the author's search_path: what is ours in them is named with its schema, and values are
compared by the operators of their types' own order. The author's expressions are worked out over the source alone, in a
LATERAL select of their own: no column of another relation in the statement can be taken for one of the source's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zdtui.plan.model import CopyAction
from zdtui.postgres.columns import Column
from zdtui.postgres.journal.place import journal_table
from zdtui.postgres.keyset.key import Key
from zdtui.sql.text.quote import column_of, identifier_parts, quote_identifier, read_name

FIRST_RULE = 4
"""The parameter of the first rule's name in `rules_sql`."""


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique index of the target on plain columns of all its rows."""

    name: str
    columns: tuple[str, ...]
    """Bare names."""
    immediate: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of the target, and what the source has for it."""

    column: Column
    expression: str

    @property
    def value(self) -> str:
        """What the column would hold."""
        return self.column.value(self.expression)


@dataclass(frozen=True, slots=True)
class Late:
    """A column that is filled in a second pass, because it refers to rows of the target itself."""

    pair: Pair
    refers: tuple[tuple[Column, str], ...] = ()
    """The columns of the row it refers to, each with the expression it must equal; empty: always in the second pass."""


@dataclass(frozen=True, slots=True)
class Copying:
    """A copy, with what the catalog says of both sides."""

    action: CopyAction
    key: tuple[Pair, ...]
    """What tells which row of the target is a source row's; empty when nothing does."""
    unique: Unique | None
    """The unique index on exactly those columns."""
    deferrable: bool
    """Some unique constraint on exactly those columns is DEFERRABLE: ON CONFLICT cannot use it."""
    injective: bool
    """Whether two source rows certainly have two keys in the target."""
    late: tuple[Late, ...] = ()
    lockable: bool = False
    """Whether rows of the source may be locked while they are read."""
    overriding: bool = False
    """A value is given for a column that is GENERATED ALWAYS AS IDENTITY."""
    keepers: tuple[str, ...] = ()
    """What may keep rows out or change them: rules and triggers, in words."""
    into: str = ""
    """The target with its schema; empty: as the author wrote it."""

    @property
    def target(self) -> str:
        """The target as a statement names it."""
        return self.into or self.action.into

    @property
    def is_watched(self) -> bool:
        """Whether each batch has to look at what became of its rows."""
        return bool(self.keepers) or (self.unique is not None and self.deferrable)

    def insert_sql(self, source: str, stretch: str, known_missing: bool = False) -> str:
        """The INSERT of a stretch: rows that satisfy every rule. `known_missing`: none of them is there."""
        late = {each.pair.column.name: number for number, each in enumerate(self.late)}
        columns = ", ".join(column for column, _ in self.action.columns)
        values = ", ".join(
            self._late_value(late[_bare(column)]) if _bare(column) in late else expression
            for column, expression in self.action.columns
        )
        row = self._late_row() if self.late else ""
        conflict = "" if known_missing or self.unique is None else f" ON CONFLICT ({self._key_columns()}) DO NOTHING"
        return (
            f"INSERT INTO {self.target} ({columns}){' OVERRIDING SYSTEM VALUE' if self.overriding else ''}"
            f" SELECT {values} FROM {source}{row} WHERE {stretch}{self._meant()}{conflict}"
        )

    def missing_sql(self, source: str, key: Key, stretch: str) -> str:
        """The keys, as an array of texts, of the rows of a stretch that are to be copied and are not in the target."""
        return (
            f"SELECT zdtui_row.zdtui_key FROM {self._named(source, key)}"
            f" WHERE {stretch}{self._meant()} AND NOT {self._there()}"
        )

    def left_out_sql(self, source: str, key: Key, stretch: str, rules: bool = False) -> str:
        """The same of rows whose key in the target is known, so that each would be found if it were there.

        `rules`: also of rows that fail a rule of the plan.
        """
        known = "".join(f" AND zdtui_row.{name} IS NOT NULL" for name in self._same())
        return (
            f"SELECT zdtui_row.zdtui_key FROM {self._named(source, key)}"
            f" WHERE {stretch}{self._where() if rules else self._meant()}{known} AND NOT {self._there()}"
        )

    def second_pass_sql(self, source: str, stretch: str) -> str:
        """The UPDATE that fills what refers to rows of the target itself, where it is still null."""
        late = range(len(self.late))
        values = ", ".join(
            f"{each.pair.column.quoted} = coalesce(zdtui_into.{each.pair.column.quoted}, zdtui_row.zdtui_late_{number})"
            for number, each in enumerate(self.late)
        )
        wanted = " OR ".join(f"zdtui_row.zdtui_late_{number} IS NOT NULL" for number in late)
        locked = f" FOR SHARE OF {_alias(source)}" if self.lockable else ""
        return (
            f"UPDATE {self.target} AS zdtui_into SET {values}"
            f" FROM (SELECT zdtui_row.* FROM {source}{self._row()}"
            f" WHERE {stretch}{self._meant()} AND ({wanted}){locked}) AS zdtui_row"
            f" WHERE {self._matches()} AND ({self._unfilled()})"
        )

    def unfilled_sql(self, source: str, key: Key, stretch: str) -> str:
        """The keys, as an array of texts, of the rows of a stretch whose second pass is not done."""
        return (
            f"SELECT zdtui_row.zdtui_key FROM {self._named(source, key)} WHERE {stretch}{self._meant()} AND EXISTS"
            f" (SELECT FROM {self.target} AS zdtui_into WHERE {self._matches()} AND ({self._unfilled()}))"
        )

    def doubled_sql(self, source: str, key: Key, stretch: str) -> str:
        """The keys, as an array of texts, of the rows of a stretch whose key in the target is an earlier row's too."""
        same = ", ".join(f"zdtui_row.{name}" for name in self._same())
        known = " AND ".join(f"zdtui_row.{name} IS NOT NULL" for name in self._same())
        return (
            f"SELECT zdtui_all.zdtui_key FROM (SELECT zdtui_row.zdtui_key, pg_catalog.row_number()"
            f" OVER (PARTITION BY {same} ORDER BY {key.order()}) AS zdtui_place FROM {self._named(source, key)}"
            f" WHERE {stretch}{self._meant()} AND {known}) AS zdtui_all"
            " WHERE zdtui_all.zdtui_place OPERATOR(pg_catalog.>) 1"
        )

    def count_sql(self, source: str, stretch: str) -> str:
        """How many rows of a stretch are to be copied."""
        return f"SELECT pg_catalog.count(*) FROM {source} WHERE {stretch}{self._meant()}"

    def rules_sql(self, source: str, key: Key, stretch: str) -> str:
        """The INSERT into zdtui.rejected of the rows of one batch that fail a rule.

        $1 run, $2 step, $3 part, then the names of the rules; the parameters of `stretch` come after them.
        """
        rules = enumerate(self.action.valid, FIRST_RULE)
        named = ((f"${place}::pg_catalog.text", predicate) for place, (_, predicate) in rules)
        reasons = " ".join(f"WHEN ({predicate}) IS NOT TRUE THEN {name}" for name, predicate in named)
        fails = " OR ".join(f"({predicate}) IS NOT TRUE" for _, predicate in self.action.valid)
        return (
            f"INSERT INTO {journal_table('rejected')} (run, step, part, key, reason) "
            "SELECT $1::pg_catalog.uuid, $2::pg_catalog.text, $3::pg_catalog.text,"
            f" pg_catalog.jsonb_build_array({key.texts}), CASE {reasons} END "
            f"FROM {source} WHERE {stretch}{self._where()} AND ({fails}) "
            "ON CONFLICT DO NOTHING"
        )

    def _where(self) -> str:
        return f" AND ({self.action.where})" if self.action.where else ""

    def _meant(self) -> str:
        return self._where() + "".join(f" AND ({predicate}) IS TRUE" for _, predicate in self.action.valid)

    def _same(self) -> list[str]:
        return [f"zdtui_same_{number}" for number in range(len(self.key))]

    def _key_columns(self) -> str:
        return ", ".join(each.column.quoted for each in self.key)

    def _matches(self) -> str:
        pairs = zip(self.key, self._same(), strict=True)
        same = (f"zdtui_into.{each.column.quoted} {each.column.equal} zdtui_row.{name}" for each, name in pairs)
        return " AND ".join(same) or "true"

    def _there(self) -> str:
        return f"EXISTS (SELECT FROM {self.target} AS zdtui_into WHERE {self._matches()})"

    def _unfilled(self) -> str:
        return " OR ".join(
            f"(zdtui_into.{each.pair.column.quoted} IS NULL AND zdtui_row.zdtui_late_{number} IS NOT NULL)"
            for number, each in enumerate(self.late)
        )

    def _row(self, *more: str) -> str:
        """The source row's key in the target, its late values, and more, as a relation beside the source."""
        same = [f"{each.value} AS {name}" for each, name in zip(self.key, self._same(), strict=True)]
        late = [f"{each.pair.value} AS zdtui_late_{number}" for number, each in enumerate(self.late)]
        return f" CROSS JOIN LATERAL (SELECT {', '.join((*same, *late, *more))}) AS zdtui_row"

    def _named(self, source: str, key: Key) -> str:
        return source + self._row(f"ARRAY[{key.texts}] AS zdtui_key")

    def _late_row(self) -> str:
        values = [
            f"{column.value(expression)} AS zdtui_refers_{number}_{place}"
            for number, late in enumerate(self.late)
            for place, (column, expression) in enumerate(late.refers)
        ]
        return self._row(*values)

    def _late_value(self, number: int) -> str:
        """The value at once where the row it refers to is there already; else null until the second pass."""
        late = self.late[number]
        if not late.refers:
            return f"NULL::{late.pair.column.assigned}"
        there = " AND ".join(
            f"zdtui_into.{column.quoted} {column.equal} zdtui_row.zdtui_refers_{number}_{place}"
            for place, (column, _) in enumerate(late.refers)
        )
        exists = f"EXISTS (SELECT FROM {self.target} AS zdtui_into WHERE {there})"
        return f"CASE WHEN {exists} THEN zdtui_row.zdtui_late_{number} END"


def own_key(action: CopyAction, source_key: Key, uniques: Sequence[Unique]) -> tuple[tuple[str, ...], Unique | None]:
    """The bare names of the target's columns that tell a source row's row, and the unique index on exactly them.

    The unique key that the source's key is copied to; else the smallest one that holds it and is filled whole; else the
    target's own primary or unique key, when it is filled whole; else the columns the source's key is copied to, which
    nothing makes unique; else none.
    """
    given = {_bare(column): expression for column, expression in action.columns}
    by_source = {column_of(expression, action.source): name for name, expression in reversed(list(given.items()))}
    copied = [by_source.get(_bare(column)) for column in source_key.columns]
    carried = tuple(column for column in copied if column is not None) if None not in copied else ()
    filled = [each for each in uniques if set(each.columns) <= given.keys()]
    exact = [each for each in filled if set(each.columns) == set(carried)]
    holding = [each for each in filled if carried and set(each.columns) > set(carried)]
    for each in (*exact, *sorted(holding, key=lambda unique: len(unique.columns)), *filled):
        return each.columns, each
    return carried, None


def _bare(column: str) -> str:
    return identifier_parts(column)[-1]


def _alias(source: str) -> str:
    """What a statement calls the source: its alias, else its own bare name."""
    name, _, alias = source.rpartition(" AS ")
    return alias if name and read_name(name) else quote_identifier(identifier_parts(source)[-1])
