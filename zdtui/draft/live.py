"""What a server's catalogs know of the tables: read in one read-only session, by its author's path, and not one row."""

import asyncio
from collections.abc import Collection

import psycopg

from zdtui.draft.definitions import adding
from zdtui.draft.known import Dependent, Known, Size
from zdtui.errors import TargetError
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.commands import command
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import connect, identity
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.postgres.usage import ask_usage
from zdtui.sql.text.name import Name

WATCHED_FOR = 1.0
"""Seconds between two looks at the counters of writes."""


async def known_of_server(target: Target, tables: Collection[Name]) -> Known:
    """What the target knows, with the sizes of these tables. Raises TargetError when it cannot be asked."""
    session = await connect(target, application_name="zdtui draft", only_asks=True)
    try:
        async with session:
            await session.execute(command("read_only_session"))
            return await known_on(session, tables)
    except psycopg.Error as error:
        raise TargetError(f"the catalogs could not be read: {sentence(error)}") from error


async def known_on(session: Session, tables: Collection[Name], *, watched_for: float = WATCHED_FOR) -> Known:
    """The same on a session that is there already; 0 seconds: no rate of writes. Raises psycopg.Error."""
    who = await identity(session)
    schema = await read_schema(session)
    defaults, filled, indexes = {}, set(), {}
    identity_of: dict[tuple[Name, str], str] = {}
    for row in await ask_by_name(session, query("draft_columns")):
        place = Name(row["schema"], row["name"]), str(row["column"])
        if row["filled"]:
            filled.add(place)
            if row["identity"] is not None:
                identity_of[place] = str(row["identity"])
        elif row["expression"] is not None:
            defaults[place] = str(row["expression"])
    for row in await ask_by_name(session, query("draft_indexes")):
        indexes[Name(row["schema"], row["name"])] = str(row["definition"])
    functions: dict[Name, tuple[tuple[str, str], ...]] = {}
    for row in await ask_by_name(session, query("draft_trigger_functions")):
        table = Name(row["schema"], row["name"])
        functions[table] = (*functions.get(table, ()), (str(row["function"]), str(row["cost"])))
    constraints = {
        (Name(row["schema"], row["name"]), str(row["constraint"])): adding(
            Name(row["schema"], row["name"]), str(row["constraint"]), str(row["definition"])
        )
        for row in await ask_by_name(session, query("draft_constraints"))
    }
    sequences = {
        Name(row["schema"], row["name"]): str(row["type"])
        for row in await ask_by_name(session, query("draft_sequences"))
    }
    return Known(
        schema=schema,
        version=who.version_number // 10000,
        defaults=defaults,
        generated=frozenset(filled),
        index_definitions=indexes,
        identity=identity_of,
        constraints=constraints,
        sequence_types=sequences,
        grants=await _grants(session),
        extensions=frozenset(str(row["name"]) for row in await ask_by_name(session, query("draft_extensions"))),
        dependents=await _dependents(session),
        trigger_functions=functions,
        sizes=await _sizes(session, {schema.resolve(each) for each in tables}, watched_for),
        counts_statements=await _counts_statements(session),
        where_from=f"{who.database} at {who.address}",
    )


async def _counts_statements(session: Session) -> bool:
    """Whether pg_stat_statements is loaded, and its extension in this database."""
    (standing,) = await ask_usage(session, "standing")
    return standing["schema"] is not None and standing["most"] is not None


async def _grants(session: Session) -> dict[Name, tuple[str, ...]]:
    found: dict[Name, tuple[str, ...]] = {}
    for row in await ask_by_name(session, query("draft_grants")):
        name = Name(row["schema"], row["name"])
        if name not in found:
            found[name] = (f"ALTER TABLE {{}} OWNER TO {row['owner']}",)
        if row["privileges"] is not None:
            found[name] = (*found[name], f"GRANT {row['privileges']} ON {{}} TO {row['role']}")
    return found


async def _dependents(session: Session) -> dict[tuple[Name, str], tuple[Dependent, ...]]:
    found: dict[tuple[Name, str], tuple[Dependent, ...]] = {}
    for row in await ask_by_name(session, query("draft_dependents")):
        place = Name(row["schema"], row["name"]), str(row["column"])
        named = row["thing"] is not None
        thing = (Name(row["thing_schema"], row["thing"]), str(row["thing_part"] or "")) if named else None
        found[place] = (*found.get(place, ()), Dependent(str(row["dependent"]), thing))
    return found


async def _sizes(session: Session, tables: Collection[Name], watched_for: float) -> dict[Name, Size]:
    """Writes are what the server counted between two looks."""
    first = await _weights(session, tables) if watched_for else {}
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(watched_for if first else 0)
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
    rows = await ask_by_name(session, query("relation_weights"), [sorted(names)])
    return {names[row["name"]]: (row["row_estimate"], row["size_bytes"], row["writes"]) for row in rows}
