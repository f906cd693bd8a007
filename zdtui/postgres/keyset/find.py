"""Which key a table is walked by: the one the plan names, else the primary key, else a unique key without nulls."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.keyset.key import Key, Operators, Order
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.text.quote import identifier_parts


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unique index that a table could be walked by."""

    primary: bool
    names: tuple[str, ...]
    """Its columns as the catalog holds them."""
    index: str
    """Its name as the catalog holds it."""
    key: Key


async def find_walk(
    connection: Connection, table: str, wanted: tuple[str, ...], changed: Collection[str] = ()
) -> Key | None:
    """The key to walk `table` by, in the order of its index; None when it has none and the plan names none.

    `changed`: bare names of columns whose values change on the way. A key that holds one is no key to walk by: rows
    would be met again or passed over. Raises TargetError when there is no other, or the plan names one that is not
    there.
    """
    candidates = _candidates(await ask(connection, sql_text(__package__, "keys"), [table]))
    if wanted:
        names = tuple(identifier_parts(column)[-1] for column in wanted)
        for each in candidates:
            if sorted(each.names) == sorted(names) or names == (each.index,):
                return _steady(table, [each], changed)
        raise TargetError(f"no valid unique index of {table} is on exactly ({', '.join(wanted)}); name another key")
    return _steady(table, [each for each in candidates if each.primary or not each.key.nullable], changed)


async def why_no_key(connection: Connection, table: str) -> str:
    """Why a table for which `find_walk` found no key has none to walk by."""
    rows = await ask(connection, sql_text(__package__, "primary"), [table])
    if not rows or not rows[0][1]:
        return "has no primary key"
    return f"has no key to walk by: {rows[0][0]} {rows[0][1]}"


def _steady(table: str, candidates: list[Candidate], changed: Collection[str]) -> Key | None:
    """The first that holds no column of `changed`; None of none."""
    for each in candidates:
        if not set(each.names) & set(changed):
            return each.key
    if not candidates:
        return None
    first = candidates[0]
    moved = ", ".join(name for name in first.names if name in changed)
    raise TargetError(
        f"`set` changes {moved}, a column of the key that {table} is walked by {first.key.named}: rows would be met "
        "again or passed over; name in `key:` a unique key of NOT NULL columns that `set` leaves alone"
    )


def _candidates(rows: Iterable[tuple[Any, ...]]) -> list[Candidate]:
    return [_candidate(list(columns)) for _, columns in groupby(rows, key=lambda row: row[0])]


def _candidate(columns: list[tuple[Any, ...]]) -> Candidate:
    return Candidate(
        primary=columns[0][1],
        names=tuple(column[3] for column in columns),
        index=columns[0][9],
        key=Key(
            columns=tuple(column[2] for column in columns),
            types=tuple(column[4] for column in columns),
            orders=tuple(Order(column[6], column[7], column[8], Operators(*column[10])) for column in columns),
            nullable=tuple(column[2] for column in columns if not column[5]),
        ),
    )
