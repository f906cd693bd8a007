"""Proving that two tables, or two columns and what they are made from, say the same: chunk by chunk over the key.

Each chunk is one statement, so that both sides are seen in one snapshot: a row that is being written is either old on
both sides or new on both. Two tables are compared by a checksum of each side; only where these differ are rows
compared one by one. Rows whose hashes are equal by chance in 64 bits would go unseen.
"""

from dataclasses import dataclass

from zdtui.errors import TargetError
from zdtui.plan.model import CompareAction
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.keyset import Key, KeyValue, key_text, nth_key
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.quote import identifier_parts

LISTED = 100
"""Differing keys read from one chunk; more are counted."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of keys: above `after` (None: from below the first) up to `upto` (None: to beyond the last)."""

    after: KeyValue | None
    upto: KeyValue | None

    @property
    def parameters(self) -> list[str]:
        """The values in the order `condition` names them."""
        return [*(self.after or ()), *(self.upto or ())]

    def condition(self, row: str, key: Key) -> str:
        """The chunk as a condition on `row`, an SQL row of the key's columns."""
        parts = []
        if self.after is not None:
            parts.append(f"{row} > {key.parameters(1)}")
        if self.upto is not None:
            parts.append(f"{row} <= {key.parameters(1 + len(self.after or ()))}")
        return " AND ".join(parts) or "true"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same on both sides."""

    key: KeyValue
    how: str
    """'missing', 'extra' or 'different'."""

    def __str__(self) -> str:
        return f"{key_text(self.key)} {self.how}"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a chunk came to."""

    rows: int
    differing: int = 0
    differences: tuple[Difference, ...] = ()
    """The first LISTED of them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that should be the same, ready to be asked for chunk by chunk."""

    action: CompareAction
    key: Key
    into_key: tuple[str, ...]
    """The columns of `into` that hold the key."""
    types: tuple[str, ...]
    """Of the columns of `into` that are compared, in the order of the action."""

    @property
    def same_table(self) -> bool:
        """Whether columns of one table are compared with what they are made from."""
        return self.action.into == self.action.source

    def _expressions(self) -> str:
        pairs = zip(self.action.columns, self.types, strict=True)
        return ", ".join(f"({expression})::{kind}" for (_, expression), kind in pairs)

    def _columns(self) -> str:
        return ", ".join(column for column, _ in self.action.columns)

    def _row(self, columns: tuple[str, ...]) -> str:
        return columns[0] if len(columns) == 1 else f"({', '.join(columns)})"

    def _where(self) -> str:
        return f" AND ({self.action.where})" if self.action.where else ""

    def _sides(self, chunk: Chunk) -> str:
        """Both sides of the chunk as rows of key columns and a hash."""
        source = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(self.key.columns))
        target = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(self.into_key))
        return (
            f"WITH source AS (SELECT {source}, pg_catalog.hashtextextended(ROW({self._expressions()})::text, 0) AS hash"
            f" FROM {self.action.source} WHERE {chunk.condition(self.key.row, self.key)}{self._where()}),"
            f" target AS (SELECT {target}, pg_catalog.hashtextextended(ROW({self._columns()})::text, 0) AS hash"
            f" FROM {self.action.into} WHERE {chunk.condition(self._row(self.into_key), self.key)})"
        )

    def counts_sql(self, chunk: Chunk) -> str:
        """One row: rows of the source, and whether both sides are the same."""
        if self.same_table:
            return (
                f"SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE {self._distinct()}) = 0"
                f" FROM {self.action.source} WHERE {chunk.condition(self.key.row, self.key)}{self._where()}"
            )
        sums = "pg_catalog.count(*) AS rows, pg_catalog.sum(hash::numeric) AS hashes"
        return (
            f"{self._sides(chunk)} SELECT s.rows, s.rows = t.rows AND s.hashes IS NOT DISTINCT FROM t.hashes"
            f" FROM (SELECT {sums} FROM source) AS s, (SELECT {sums} FROM target) AS t"
        )

    def differences_sql(self, chunk: Chunk) -> str:
        """A row for each of the first LISTED differences: how, how many in all, and the key as text."""
        if self.same_table:
            return (
                f"SELECT 'different', pg_catalog.count(*) OVER (), {self.key.selected} FROM {self.action.source}"
                f" WHERE {chunk.condition(self.key.row, self.key)}{self._where()} AND ({self._distinct()})"
                f" ORDER BY {self.key.order()} LIMIT {LISTED}"
            )
        places = range(len(self.key.columns))
        texts = ", ".join(f"coalesce(s.key_{place}::text, t.key_{place}::text)" for place in places)
        joined = " AND ".join(f"s.key_{place} = t.key_{place}" for place in places)
        return (
            f"{self._sides(chunk)} SELECT CASE WHEN t.key_0 IS NULL THEN 'missing' WHEN s.key_0 IS NULL THEN 'extra'"
            f" ELSE 'different' END, pg_catalog.count(*) OVER (), {texts} FROM source AS s FULL JOIN target AS t"
            f" ON {joined} WHERE s.hash IS DISTINCT FROM t.hash LIMIT {LISTED}"
        )

    def _distinct(self) -> str:
        pairs = zip(self.action.columns, self.types, strict=True)
        return " OR ".join(f"{column} IS DISTINCT FROM ({expression})::{kind}" for (column, expression), kind in pairs)


async def prepare(connection: Connection, action: CompareAction, key: Key) -> Comparison:
    """The comparison, with the types of the columns looked up.

    Raises TargetError when a column is not there, or when the key's columns are not among those that are compared.
    """
    types = {
        str(name): str(kind) for name, kind in await ask(connection, sql_text(__name__, "column_types"), [action.into])
    }
    wanted = []
    for column, _ in action.columns:
        kind = types.get(identifier_parts(column)[-1])
        if kind is None:
            raise TargetError(f"{action.into} has no column {column} to compare")
        wanted.append(kind)
    into_key = key.columns if action.into == action.source else _into_key(action, key)
    return Comparison(action, key, into_key, tuple(wanted))


def _into_key(action: CompareAction, key: Key) -> tuple[str, ...]:
    by_expression = {identifier_parts(expression): column for column, expression in reversed(action.columns)}
    found = []
    for column in key.columns:
        into = by_expression.get(identifier_parts(column))
        if into is None:
            raise TargetError(
                f"{column}, the key of {action.source}, is not among `columns`: rows cannot be found in {action.into}"
            )
        found.append(into)
    return tuple(found)


async def chunk_end(
    connection: Connection, comparison: Comparison, after: KeyValue | None, rows: int
) -> KeyValue | None:
    """The key of the `rows`-th row above `after` in the source; None when fewer are left."""
    key, table = comparison.key, comparison.action.source
    chunk = Chunk(after, None)
    return await nth_key(connection, table, key, chunk.condition(key.row, key), chunk.parameters, rows)


async def compare(connection: Connection, comparison: Comparison, chunk: Chunk) -> Compared:
    """Compare one chunk. Reads only."""
    rows, same = (await ask(connection, comparison.counts_sql(chunk), chunk.parameters))[0]
    if same:
        return Compared(rows)
    found = await ask(connection, comparison.differences_sql(chunk), chunk.parameters)
    differences = tuple(Difference(tuple(row[2:]), row[0]) for row in found)
    return Compared(rows, found[0][1] if found else 0, differences)
