"""Copying rows into another table: what the catalog says of it, and the statements that follow from that."""

from collections.abc import Iterable, Sequence

from zdtui.errors import TargetError
from zdtui.plan.model import CopyAction
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.columns import Column, find_columns
from zdtui.postgres.copied.copying import FIRST_RULE, Copying, Late, Pair, Unique, own_key
from zdtui.postgres.keyset.key import Key
from zdtui.postgres.sessions.authors import qualified
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.text.quote import column_of, identifier_parts

__all__ = ["FIRST_RULE", "Copying", "Late", "Pair", "Unique", "own_key", "prepare"]

Reference = tuple[tuple[str, ...], tuple[str, ...], bool]
"""A foreign key of a table to itself: its columns, those they refer to, and whether it is MATCH FULL."""


async def prepare(connection: Connection, action: CopyAction, source_key: Key) -> Copying:
    """The copy, with what the catalog says of both sides. `source_key`: what the source is walked by.

    Raises TargetError when the target, or a column that is to be filled, is not there.
    """
    known = await qualified(connection, [action.source, action.into])
    from_table, into = known[action.source], known[action.into]
    columns = await find_columns(connection, into)
    pairs = _pairs(action, columns)
    uniques = [
        Unique(name, tuple(names), immediate)
        for name, names, immediate in await ask(connection, sql_text(__name__, "uniques"), [into])
    ]
    names, unique = own_key(action, source_key, uniques)
    source = await find_columns(connection, from_table)
    rules, may_update, relkind = await _target(connection, into)
    late = await _late(connection, action, into, pairs, names if unique is not None else None)
    if late and not may_update:
        which = ", ".join(each.pair.column.quoted for each in late)
        raise TargetError(
            f"{which} of {action.into} is filled in a second pass: this role needs UPDATE on {action.into}"
        )
    locks = await ask(connection, sql_text(__name__, "source"), [from_table]) if late else []
    return Copying(
        action=action,
        key=tuple(pairs[name] for name in names),
        unique=unique,
        deferrable=any(set(each.columns) == set(names) and not each.immediate for each in uniques),
        injective=unique is None or _is_injective(action.source, [pairs[name] for name in names], source_key, source),
        late=late,
        lockable=bool(locks and locks[0][0]),
        overriding=action.overriding is not None or any(each.column.always_identity for each in pairs.values()),
        keepers=((f"{action.into} is a view",) if relkind == "v" else ()) + rules,
        into=into,
    )


def _pairs(action: CopyAction, columns: dict[str, Column]) -> dict[str, Pair]:
    if not columns:
        raise TargetError(f"there is no table {action.into} to copy into")
    found = {}
    for name, expression in action.columns:
        column = columns.get(identifier_parts(name)[-1])
        if column is None:
            raise TargetError(f"{action.into} has no column {name} to fill")
        found[column.name] = Pair(column, expression)
    return found


async def _target(connection: Connection, into: str) -> tuple[tuple[str, ...], bool, str]:
    rows = await ask(connection, sql_text(__name__, "target"), [into])
    relkind, rules, triggers, may_update = rows[0]
    keepers = (*(f"rule {name}" for name in rules), *(f"trigger {name}" for name in triggers))
    return keepers, may_update, relkind


def _is_injective(table: str, key: Sequence[Pair], source_key: Key, source: dict[str, Column]) -> bool:
    """Whether the target's key holds the source's whole key, each column in a type that keeps its values apart."""
    carried = set()
    for pair in key:
        name = column_of(pair.expression, table)
        given = None if name is None else source.get(name)
        if given is not None and pair.column.keeps_apart(given):
            carried.add(given.name)
    return {identifier_parts(column)[-1] for column in source_key.columns} <= carried


async def _late(
    connection: Connection, action: CopyAction, into: str, pairs: dict[str, Pair], key: tuple[str, ...] | None
) -> tuple[Late, ...]:
    """What is filled in a second pass. `key`: the columns that find a row of the target again; None: nothing does."""
    references: list[Reference] = [
        (tuple(own), tuple(theirs), full)
        for own, theirs, full in await ask(connection, sql_text(__name__, "self_references"), [into])
    ]
    if action.second_pass:
        return _asked_for(action, pairs, key)
    if key is None:
        return ()
    columns = await find_columns(connection, into)
    found: dict[str, Late] = {}
    for own, theirs, full in references:
        for name in _may_wait(own, pairs, key, full):
            found.setdefault(name, Late(pairs[name], _refers(columns, own, theirs, pairs)))
    return tuple(found.values())


def _may_wait(own: tuple[str, ...], pairs: dict[str, Pair], key: Iterable[str], full: bool) -> list[str]:
    """The columns of a foreign key that are null until the second pass: as few as keep it from being looked at."""
    if not all(name in pairs for name in own):
        return []
    free = [name for name in own if not pairs[name].column.not_null and name not in key]
    if full:
        return free if len(free) == len(own) else []
    return free[-1:]


def _asked_for(action: CopyAction, pairs: dict[str, Pair], key: tuple[str, ...] | None) -> tuple[Late, ...]:
    if key is None:
        raise TargetError(
            f"`second_pass`: no unique key of {action.into} is among `columns`, so that a row could be found again"
        )
    found = []
    for written in action.second_pass:
        pair = pairs.get(identifier_parts(written)[-1])
        if pair is None:
            raise TargetError(f"`second_pass`: {written} is not among `columns`")
        if pair.column.not_null or pair.column.name in key:
            raise TargetError(f"`second_pass`: {written} of {action.into} cannot be null until then")
        found.append(Late(pair))
    return tuple(found)


def _refers(
    columns: dict[str, Column], own: tuple[str, ...], theirs: tuple[str, ...], pairs: dict[str, Pair]
) -> tuple[tuple[Column, str], ...]:
    return tuple((columns[name], pairs[mine].expression) for mine, name in zip(own, theirs, strict=True))
