"""Proving that two tables, or two columns and what they are made from, say the same: chunk by chunk over the key.

Each chunk is one statement, so that both sides are seen in one snapshot: a row that is being written is either old on
both sides or new on both. Two tables are compared by a checksum of each side; only where these differ are rows
compared one by one. Rows whose hashes are equal by chance in 64 bits would go unseen.
"""

from dataclasses import dataclass, replace

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import CompareAction
from zdtui.postgres import keyset
from zdtui.postgres.ask import Connection
from zdtui.postgres.columns import INT2, INT4, INT8, Column, find_columns
from zdtui.postgres.compare import values
from zdtui.postgres.compare.comparison import Chunk, Comparison
from zdtui.postgres.keyset import Key, KeyValue, Order, key_text, nth_key
from zdtui.postgres.sessions.authors import ask_as_author, qualified
from zdtui.sql.text.quote import column_of, identifier_parts

__all__ = [
    "Chunk",
    "Compared",
    "Comparison",
    "Difference",
    "chunk_end",
    "compare",
    "find_extras",
    "prepare",
    "prove_keys",
]
CANNOT_CAST = "42846"
INTEGERS = (INT2, INT4, INT8)


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


async def prepare(connection: Connection, action: CompareAction) -> Comparison:
    """The comparison, with the key and the columns of both sides looked up.

    Raises TargetError when a column is not there, or when the key's columns are not among those that are compared.
    """
    names = await qualified(connection, [action.source, action.into])
    from_table, to_table = names[action.source], names[action.into]
    key, nullable = await _find_key(connection, action, from_table)
    source, into = await find_columns(connection, from_table), await find_columns(connection, to_table)
    if not into:
        raise TargetError(f"there is no table {action.into} to compare")
    columns = []
    for name, expression in action.columns:
        column = into.get(identifier_parts(name)[-1])
        if column is None:
            raise TargetError(f"{action.into} has no column {name} to compare")
        columns.append(await _castable(connection, from_table, values.Compared(column, expression)))
    own = tuple(source[identifier_parts(column)[-1]] for column in key.columns)
    into_key = own if to_table == from_table else _into_key(action, key, into)
    by_range = not any(order.collation for order in key.orders) and all(map(_same_order, own, into_key))
    if by_range:
        key = replace(key, orders=tuple(Order(operators=order.operators) for order in key.orders))
    return Comparison(
        action,
        key,
        into_key,
        tuple(columns),
        by_range,
        null_keys=nullable,
        source=from_table,
        into=to_table,
    )


async def _find_key(connection: Connection, action: CompareAction, source: str) -> tuple[Key, bool]:
    key = await keyset.find_walk(connection, source, action.key)
    if key is None:
        raise TargetError(f"{action.source} has no primary key; name a unique index in `key:`")
    return await keyset.proved_without_nulls(connection, source, key), bool(key.nullable)


async def prove_keys(connection: Connection, comparison: Comparison) -> None:
    """At the end: no row of the source has come whose key is null. Raises TargetError when one has."""
    if comparison.null_keys:
        await _find_key(connection, comparison.action, comparison.from_table)


async def _castable(connection: Connection, source: str, column: values.Compared) -> values.Compared:
    """The column compared as its own type, or by text where the expression's type cannot be cast to it."""
    try:
        await ask_as_author(connection, f"SELECT {column.cast} FROM {source} WHERE false")
    except psycopg.Error as error:
        if error.sqlstate != CANNOT_CAST:
            raise
        return replace(column, by_text=True)
    return column


def _same_order(source: Column, into: Column) -> bool:
    """Whether keys come in the same order on both sides, and are equal there in the same way."""
    alike = source.type == into.type or (source.type in INTEGERS and into.type in INTEGERS)
    return alike and source.collation == into.collation


def _into_key(action: CompareAction, key: Key, into: dict[str, Column]) -> tuple[Column, ...]:
    by_source = {column_of(expression, action.source): column for column, expression in reversed(action.columns)}
    found = []
    for column in key.columns:
        name = by_source.get(identifier_parts(column)[-1])
        if name is None:
            raise TargetError(
                f"{column}, the key of {action.source}, is not among `columns`: rows cannot be found in {action.into}"
            )
        found.append(into[identifier_parts(name)[-1]])
    return tuple(found)


async def chunk_end(
    connection: Connection, comparison: Comparison, after: KeyValue | None, rows: int
) -> KeyValue | None:
    """The key of the `rows`-th row above `after` in the source; None when fewer are left."""
    chunk = Chunk(after, None)
    return await nth_key(
        connection, comparison.from_table, comparison.key, chunk.condition(comparison.key), chunk.parameters, rows
    )


async def compare(connection: Connection, comparison: Comparison, chunk: Chunk) -> Compared:
    """Compare one chunk. Reads only."""
    rows, same = (await ask_as_author(connection, comparison.counts_sql(chunk), chunk.parameters))[0]
    if same:
        return Compared(rows)
    found = await ask_as_author(connection, comparison.differences_sql(chunk), chunk.parameters)
    return _compared(rows, found)


async def find_extras(connection: Connection, comparison: Comparison) -> Compared:
    """The rows of the target that the source has not, where chunks are not the same stretch on both sides."""
    return _compared(0, await ask_as_author(connection, comparison.extras_sql()))


def _compared(rows: int, found: list[tuple[object, ...]]) -> Compared:
    differences = tuple(Difference(tuple(str(each) for each in row[2:]), str(row[0])) for row in found)
    return Compared(rows, int(str(found[0][1])) if found else 0, differences)
