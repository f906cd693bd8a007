"""Finding the next batch by keyset: the ends of the table, the end of a batch, and how far a key is.

Nothing here uses OFFSET over what is done: each question begins at a key and reads forward from there.
"""

from collections.abc import Sequence
from dataclasses import replace

from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.keyset.key import Bounds, Key, KeyValue, Order
from zdtui.postgres.sql_text import sql_text


async def last_key(connection: Connection, table: str, key: Key) -> KeyValue | None:
    """The last key in the table now, in the order of the walk; None when it is empty."""
    return await _end(connection, table, key, from_the_end=True)


async def first_key(connection: Connection, table: str, key: Key) -> KeyValue | None:
    """The first key in the table now, in the order of the walk; None when it is empty."""
    return await _end(connection, table, key, from_the_end=False)


async def _end(connection: Connection, table: str, key: Key, from_the_end: bool) -> KeyValue | None:
    known = f" WHERE NOT {key.some_null()}" if key.nullable else ""
    order = key.order(descending=from_the_end)
    rows = await ask(connection, f"SELECT {key.selected} FROM {table}{known} ORDER BY {order} LIMIT 1")
    return tuple(rows[0]) if rows else None


async def last_of(connection: Connection, key: Key, values: Sequence[KeyValue]) -> KeyValue | None:
    """The last of some keys in the order of the walk; None of none."""
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(key.types, 1))
    rows = await ask(
        connection,
        f"SELECT {key.selected} FROM pg_catalog.unnest({arrays}) AS keys ({', '.join(key.columns)})"
        f" ORDER BY {key.order(descending=True)} LIMIT 1",
        [list(column) for column in zip(*values, strict=True)] if values else [[]] * len(key.types),
    )
    return tuple(rows[0]) if rows else None


async def proved_without_nulls(connection: Connection, table: str, key: Key) -> Key:
    """The key as one without nulls, when no row of the table has one in it. Raises TargetError when some row has."""
    if not key.nullable:
        return key
    if (await ask(connection, f"SELECT EXISTS (SELECT FROM {table} WHERE {key.some_null()})"))[0][0]:
        columns = ", ".join(key.nullable)
        raise TargetError(
            f"{columns} is null in some rows of {table}: they would be missed; name another key in `key:`"
        )
    return replace(key, nullable=())


async def correlation(connection: Connection, schema: str, name: str, column: str) -> float | None:
    """Of the column's order with that of the rows on disk, -1 to 1; None when it was never analyzed."""
    asked = "SELECT correlation FROM pg_catalog.pg_stats WHERE schemaname = $1 AND tablename = $2 AND attname = $3"
    rows = await ask(connection, f"{asked} AND NOT inherited", [schema, name, column])
    return None if not rows or rows[0][0] is None else float(rows[0][0])


async def batch_end(
    connection: Connection, table: str, key: Key, after: KeyValue | None, upto: KeyValue, rows: int
) -> tuple[KeyValue, bool]:
    """The key of the `rows`-th row after `after`, walking the index only; (`upto`, True) when fewer are left."""
    bounds = Bounds(after, upto)
    end = await nth_key(connection, table, key, bounds.condition(key), bounds.parameters, rows)
    return (upto, True) if end is None else (end, False)


async def nth_key(
    connection: Connection, table: str, key: Key, condition: str, parameters: Sequence[str], rows: int
) -> KeyValue | None:
    """The key of the `rows`-th row that meets the condition, in the order of the walk; None when there are fewer."""
    asked = f"SELECT {key.selected} FROM {table} WHERE {condition} ORDER BY {key.order()}"
    found = await ask(connection, f"{asked} OFFSET {int(rows) - 1} LIMIT 1", parameters)
    return tuple(found[0]) if found else None


async def share_before(
    connection: Connection, names: tuple[str, str], column: str, key: Key, value: str
) -> float | None:
    """The share of the table's rows that the walk has passed at a first key column of `value`, by statistics.

    `names`: the bare schema and table; `column`: the bare name of the key's first column. None: not known.
    """
    order = key.orders[0] if key.orders else Order()
    collation = f"COLLATE {order.collation}" if order.collation else ""
    text = sql_text(__package__, "places").replace("{type}", key.types[0]).replace("{collation}", collation)
    rows = await ask(connection, text, [*names, column, value])
    if not rows or rows[0][0] is None:
        return None
    share = float(rows[0][0])
    return 1.0 - share if order.descending else share
