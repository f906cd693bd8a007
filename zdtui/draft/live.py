"""What a server's catalogs know of the tables: read in one read-only session, by its author's path, and not one row."""

import asyncio
from collections.abc import Collection

import psycopg
from psycopg.rows import dict_row

from zdtui.draft.known import Known, Size
from zdtui.errors import TargetError
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.commands import command
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import connect, identity
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.sql.text.name import Name

WATCHED_FOR = 1.0
"""Seconds between two looks at the counters of writes."""


async def known_of_server(target: Target, tables: Collection[Name]) -> Known:
    """What the target knows, with the sizes of these tables. Raises TargetError when it cannot be asked."""
    session = await connect(target, application_name="zdtui draft")
    try:
        async with session:
            await session.execute(command("read_only_session"))
            return await _known(session, tables)
    except psycopg.Error as error:
        raise TargetError(f"the catalogs could not be read: {sentence(error)}") from error


async def _known(session: Session, tables: Collection[Name]) -> Known:
    who = await identity(session)
    schema = await read_schema(session)
    defaults, filled, indexes = {}, set(), {}
    async with session.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(query("draft_columns")))
        for row in await cursor.fetchall():
            place = Name(row["schema"], row["name"]), str(row["column"])
            if row["filled"]:
                filled.add(place)
            elif row["expression"] is not None:
                defaults[place] = str(row["expression"])
        await cursor.execute(sql_bytes(query("draft_indexes")))
        for row in await cursor.fetchall():
            indexes[Name(row["schema"], row["name"])] = str(row["definition"])
    dependents: dict[tuple[Name, str], tuple[str, ...]] = {}
    functions: dict[Name, tuple[tuple[str, str], ...]] = {}
    async with session.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(query("draft_dependents")))
        for row in await cursor.fetchall():
            place = Name(row["schema"], row["name"]), str(row["column"])
            dependents[place] = (*dependents.get(place, ()), str(row["dependent"]))
        await cursor.execute(sql_bytes(query("draft_trigger_functions")))
        for row in await cursor.fetchall():
            table = Name(row["schema"], row["name"])
            functions[table] = (*functions.get(table, ()), (str(row["function"]), str(row["cost"])))
    return Known(
        schema=schema,
        version=who.version_number // 10000,
        defaults=defaults,
        generated=frozenset(filled),
        index_definitions=indexes,
        dependents=dependents,
        trigger_functions=functions,
        sizes=await _sizes(session, {schema.resolve(each) for each in tables}),
        where_from=f"{who.database} at {who.address}",
    )


async def _sizes(session: Session, tables: Collection[Name]) -> dict[Name, Size]:
    """Writes are what the server counted between two looks."""
    first = await _weights(session, tables)
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(WATCHED_FOR if first else 0)
    second = await _weights(session, tables)
    seconds = asyncio.get_running_loop().time() - began
    found = {}
    for name, (rows, size_bytes, writes) in second.items():
        before = first.get(name, (None, None, None))[2]
        counted = None if before is None or writes is None or writes < before else (writes - before) / seconds
        found[name] = Size(rows, size_bytes, counted)
    return found


async def _weights(session: Session, tables: Collection[Name]) -> dict[Name, tuple[int | None, int | None, int | None]]:
    names = {each.written: each for each in tables if each.schema is not None}
    async with psycopg.AsyncRawCursor(session, row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(query("relation_weights")), [sorted(names)])
        return {
            names[row["name"]]: (row["row_estimate"], row["size_bytes"], row["writes"])
            for row in await cursor.fetchall()
        }
