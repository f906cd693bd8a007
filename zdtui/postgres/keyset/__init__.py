"""Walking a table by keyset: which key, where a batch ends, and the statements of one batch.

Keys travel as text and are cast to the column's type by the server, so that every key type works alike, survives
JSON, and compares by the server's own rules (collation included). Statements are built from the author's own words
with $1-style parameters (psycopg's raw cursor): a `%` in an expression stays a `%`.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, CopyAction
from zdtui.postgres.ask import Connection, ask
from zdtui.sql.quote import identifier_parts

KeyValue = tuple[str, ...]


@cache
def _sql(name: str) -> str:
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Key:
    """The columns a table is walked by, quoted where needed, and their types."""

    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def is_integer(self) -> bool:
        """Whether the place in the key range tells the share that is done."""
        return len(self.types) == 1 and self.types[0] in ("smallint", "integer", "bigint")

    @property
    def row(self) -> str:
        """The key as an SQL row: 'id', or '(a, b)'."""
        return self.columns[0] if len(self.columns) == 1 else f"({', '.join(self.columns)})"

    @property
    def selected(self) -> str:
        """The key's columns as text, for a select list.

        Renamed, because ORDER BY prefers an output column of the same name, and '9' sorts after '10' as text.
        """
        return ", ".join(f"{column}::text AS key_{place}" for place, column in enumerate(self.columns))

    @property
    def texts(self) -> str:
        """The key's columns as text, for the arguments of a function."""
        return ", ".join(f"{column}::text" for column in self.columns)

    def parameters(self, first: int) -> str:
        """A row of parameters from $first on, cast to the key's types."""
        casts = [f"${first + place}::{kind}" for place, kind in enumerate(self.types)]
        return casts[0] if len(casts) == 1 else f"({', '.join(casts)})"

    def order(self, descending: bool = False) -> str:
        """For ORDER BY."""
        return ", ".join(f"{column} DESC" if descending else column for column in self.columns)


async def find_key(connection: Connection, table: str, wanted: tuple[str, ...]) -> Key:
    """The key to walk `table` by: the primary key, or the unique key the plan names.

    Raises TargetError when there is none, or when a column of it may be null (rows would be missed).
    """
    if wanted:
        names = [identifier_parts(column)[-1] for column in wanted]
        rows = await ask(connection, _sql("unique_key"), [table, names])
        if len(rows) != len(wanted):
            raise TargetError(f"no valid unique index of {table} is on exactly ({', '.join(wanted)}); name another key")
    else:
        rows = await ask(connection, _sql("primary_key"), [table])
        if not rows:
            raise TargetError(f"{table} has no primary key; name a unique key of NOT NULL columns in `key:`")
    nullable = [str(row[0]) for row in rows if not row[2]]
    if nullable:
        raise TargetError(f"{', '.join(nullable)} of {table} may be null: rows would be missed; name another key")
    return Key(columns=tuple(row[0] for row in rows), types=tuple(row[1] for row in rows))


async def last_key(connection: Connection, table: str, key: Key) -> KeyValue | None:
    """The greatest key in the table now; None when it is empty."""
    return await _end(connection, table, key, descending=True)


async def first_key(connection: Connection, table: str, key: Key) -> KeyValue | None:
    """The smallest key in the table now; None when it is empty."""
    return await _end(connection, table, key, descending=False)


async def _end(connection: Connection, table: str, key: Key, descending: bool) -> KeyValue | None:
    rows = await ask(connection, f"SELECT {key.selected} FROM {table} ORDER BY {key.order(descending)} LIMIT 1")
    return tuple(rows[0]) if rows else None


async def row_estimate(connection: Connection, table: str) -> int | None:
    """The planner's estimate of the table's rows; None when it was never analyzed."""
    rows = await ask(connection, _sql("row_estimate"), [table])
    return None if not rows or rows[0][0] is None else int(rows[0][0])


@dataclass(frozen=True, slots=True)
class Bounds:
    """A batch: keys above `after` (None: from the first) up to and including `upto`."""

    after: KeyValue | None
    upto: KeyValue

    @property
    def parameters(self) -> list[str]:
        """The values in the order `condition` names them."""
        return [*(self.after or ()), *self.upto]

    def condition(self, key: Key, first: int = 1) -> str:
        """The batch as a condition, with parameters from $first on."""
        below = f"{key.row} <= {key.parameters(first + len(self.after or ()))}"
        return below if self.after is None else f"{key.row} > {key.parameters(first)} AND {below}"


async def batch_end(
    connection: Connection, table: str, key: Key, after: KeyValue | None, upto: KeyValue, rows: int
) -> tuple[KeyValue, bool]:
    """The key of the `rows`-th row above `after`, walking the index only; (`upto`, True) when fewer are left."""
    bounds = Bounds(after, upto)
    sql = (
        f"SELECT {key.selected} FROM {table} WHERE {bounds.condition(key)} "
        f"ORDER BY {key.order()} OFFSET {int(rows) - 1} LIMIT 1"
    )
    found = await ask(connection, sql, bounds.parameters)
    return (tuple(found[0]), False) if found else (upto, True)


def backfill_sql(action: BackfillAction, key: Key, bounds: Bounds) -> str:
    """The UPDATE of one batch."""
    assignments = ", ".join(f"{column} = {expression}" for column, expression in action.assignments)
    where = f" AND ({action.where})" if action.where else ""
    return f"UPDATE {action.table} SET {assignments} WHERE {bounds.condition(key)}{where}"


def copy_sql(action: CopyAction, key: Key, bounds: Bounds) -> str:
    """The INSERT of one batch: rows that satisfy every rule, and are not there yet."""
    columns = ", ".join(column for column, _ in action.columns)
    expressions = ", ".join(expression for _, expression in action.columns)
    valid = "".join(f" AND ({predicate}) IS TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO {action.into} ({columns}) SELECT {expressions} FROM {action.source} "
        f"WHERE {bounds.condition(key)}{_where(action)}{valid} ON CONFLICT DO NOTHING"
    )


def reject_sql(action: CopyAction, key: Key, bounds: Bounds) -> str:
    """The INSERT into zdtui.rejected of one batch: $1 run, $2 step, then the names of the rules, then the bounds."""
    first = 3
    rules = enumerate(action.valid, first)
    reasons = " ".join(f"WHEN ({predicate}) IS NOT TRUE THEN ${place}::text" for place, (_, predicate) in rules)
    fails = " OR ".join(f"({predicate}) IS NOT TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO zdtui.rejected (run, step, key, reason) "
        f"SELECT $1::uuid, $2::text, pg_catalog.jsonb_build_array({key.texts}), CASE {reasons} END "
        f"FROM {action.source} WHERE {bounds.condition(key, first + len(action.valid))}{_where(action)} AND ({fails}) "
        "ON CONFLICT DO NOTHING"
    )


def _where(action: CopyAction) -> str:
    return f" AND ({action.where})" if action.where else ""
