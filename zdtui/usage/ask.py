"""Asking a server who uses a column: its catalogs and its counters, in one transaction that changes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from zdtui.counted import counted
from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection
from zdtui.postgres.commands import command
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.target.target import Target
from zdtui.postgres.usage import Row, ask_extension, ask_usage, find_subject
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name
from zdtui.usage.catalog import Catalog, Function, Trigger, View
from zdtui.usage.counters import Counter, Standing, since_reset, standing_of
from zdtui.usage.find import usage_of
from zdtui.usage.usage import Dependent, Subject, Usage

TABLES = frozenset({"r", "p", "f", "v", "m"})
"""Of a view too: it is what keeps an old name alive."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a server said at one moment."""

    subject: Subject
    standing: Standing
    counters: tuple[Counter, ...]
    catalog: Catalog
    notes: tuple[str, ...]


async def usage_now(target: Target, written: str) -> Usage:
    """Who uses 'users.name' or 'public.users', as far as it was counted since the last reset of the counters.

    Raises TargetError: it cannot be reached or asked, or there is no such column or table.
    """
    session = await connect(target, application_name="zdtui usage", only_asks=True)
    try:
        async with session:
            await session.execute(command("read_only_session"))
            found = await look_at(session, subjects(written))
    except psycopg.Error as error:
        raise TargetError(f"who uses {written} could not be asked: {sentence(error)}") from error
    called, not_seen = since_reset(found.standing, found.counters)
    return usage_of(
        found.catalog, called, found.subject, since=found.standing.reset, not_seen=not_seen, notes=found.notes
    )


def subjects(written: str) -> tuple[Subject, ...]:
    """What 'users.name' may mean, in the order in which it is looked for: a column, then a table of a schema.

    Raises TargetError when it is no name.
    """
    match read_name(written):
        case (table,):
            return (Subject(Name(None, table)),)
        case (first, second):
            return Subject(Name(None, first), second), Subject(Name(first, second))
        case (schema, table, column):
            return (Subject(Name(schema, table), column),)
        case _:
            raise TargetError(
                f"`{written}` names no column and no table; write it like users.name or public.users.name"
            )


async def look_at(connection: Connection, wanted: Iterable[Subject]) -> Look:
    """What the server says of the first of these that is there. Raises psycopg.Error, TargetError when none is."""
    async with connection.transaction():
        await connection.execute(command("usage_limits"))
        return await look_within(connection, wanted)


async def look_within(connection: Connection, wanted: Iterable[Subject]) -> Look:
    """The same in a transaction that is open already, within its limits. Raises as `look_at`."""
    subject, oid = await _find(connection, tuple(wanted))
    standing = await _standing(connection)
    counters = await _counters(connection, standing)
    catalog = await _catalog(connection, subject, oid)
    notes = await _notes(connection, subject, standing)
    return Look(subject, standing, counters, catalog, notes)


async def _find(connection: Connection, wanted: Collection[Subject]) -> tuple[Subject, int]:
    why = ""
    for each in wanted:
        row = await find_subject(connection, each.table.written, each.column)
        if row is None:
            why = why or f"there is no table {each.table}"
        elif row["kind"] not in TABLES:
            why = f"{each.table} is no table and no view"
        elif row["column_there"] is False:
            why = f"{each.table} has no column {each.column}"
        else:
            return Subject(Name(row["schema"], row["name"]), each.column), int(row["oid"])
    raise TargetError(why)


async def _standing(connection: Connection) -> Standing:
    (row,) = await ask_usage(connection, "standing")
    standing = standing_of(row)
    if standing.schema is None or not standing.counts or not standing.tells_evictions:
        return standing
    (info,) = await ask_extension(connection, "info", standing.schema)
    return replace(standing, reset=info["stats_reset"], dropped=info["dealloc"])


async def _counters(connection: Connection, standing: Standing) -> tuple[Counter, ...]:
    if standing.schema is None or not standing.counts:
        return ()
    return tuple(
        Counter(
            user_id=row["user_id"],
            role=row["role"],
            query_id=row["query_id"],
            top_level=row["top_level"],
            calls=row["calls"],
            text=row["query"],
            since=row["since"],
        )
        for row in await ask_extension(connection, "counters", standing.schema)
    )


async def _catalog(connection: Connection, subject: Subject, oid: int) -> Catalog:
    relations = await ask_usage(connection, "columns")
    children: dict[Name, tuple[Name, ...]] = {}
    for row in relations:
        for parent in row["parents"]:
            children[Name(*parent)] = (*children.get(Name(*parent), ()), Name(row["schema"], row["name"]))
    told = await ask_usage(connection, "constraints")
    triggers = [
        Trigger(
            name=row["name"],
            table=Name(row["schema"], row["table"]),
            function=Name(row["function_schema"], row["function"]),
            transition_tables=tuple(row["transition_tables"]),
        )
        for row in await ask_usage(connection, "triggers")
    ]
    return Catalog(
        columns={Name(row["schema"], row["name"]): tuple(row["columns"]) for row in relations},
        children=children,
        views=tuple(
            View(name=Name(row["schema"], row["name"]), query=row["query"], materialized=row["materialized"])
            for row in await ask_usage(connection, "views")
        ),
        functions=tuple(map(_function, await ask_usage(connection, "functions"))),
        triggers=tuple(triggers),
        constraints={_place(row): tuple(row["columns"]) for row in told if row["kind"] == "constraint"},
        generated={_place(row): row["expression"] for row in told if row["kind"] == "generated"},
        dependents=tuple(
            Dependent(what=row["what"], name=row["name"], in_the_way=row["in_the_way"])
            for row in await ask_usage(connection, "dependents", [oid, subject.column])
        ),
    )


def _place(row: Row) -> tuple[Name, str]:
    return Name(row["schema"], row["table"]), str(row["name"])


def _function(row: Row) -> Function:
    arguments: dict[str, Name] = {}
    for name, place, schema, relation in row["arguments"]:
        arguments |= {alias: Name(schema, relation) for alias in (name, f"${place}") if alias}
    return Function(
        name=Name(row["schema"], row["name"]),
        language=row["language"],
        body=row["body"],
        definition=row["definition"],
        row_arguments=arguments,
        returns=None if row["returns"] is None else Name(*row["returns"]),
        signature=row["signature"],
    )


async def _notes(connection: Connection, subject: Subject, standing: Standing) -> tuple[str, ...]:
    """Who reads elsewhere, and is not counted here."""
    notes: list[str] = []
    if standing.standbys:
        said = counted(standing.standbys, "standby streams", "standbys stream")
        notes.append(f"{said} from here: what is read there is counted there (zdtui usage {subject} --dsn ...)")
    published: list[Any] = await ask_usage(connection, "publications", list(subject.table))
    if published:
        names = ", ".join(row["name"] for row in published)
        notes.append(f"the publication {names} sends {subject.table} elsewhere: who reads it there is not seen here")
    return tuple(notes)
