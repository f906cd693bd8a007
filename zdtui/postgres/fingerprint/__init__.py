"""What pg_dump leaves out of a database, asked of the catalog: one question a file, each a row an object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sql_text import sql_text

Key = tuple[str, str]
SINCE_14 = 140000
QUICK = {"{body}": "pg_catalog.pg_get_function_sqlbody(p.oid)", "{compression}": "a.attcompression"}
"""What the quick look asks for where the server has it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the files here."""

    file: str
    about: str
    """What stays unknown where it may not be asked."""
    since: int = 0
    """The first major version that has what it asks for."""
    of_superusers: bool = False
    """Who has no privilege to ask it may not change it either: nothing is unknown then."""


OBJECTS = (
    Question("database", "properties of the database"),
    Question("detaching", "partitions that are being detached", 14),
    Question("extensions", "versions and owners of extensions"),
    Question("extension_members", "what extensions have made"),
    Question("in_system_schemas", "objects in the system's schemas"),
    Question("internal_triggers", "triggers of foreign keys that are switched off"),
    Question("invalid_indexes", "invalid indexes"),
    Question("languages", "languages"),
    Question("large_objects", "large objects"),
    Question("origins_and_slots", "replication origins and slots"),
    Question("parameters", "privileges on parameters", 15),
    Question("places", "tablespaces and access methods of relations"),
    Question("roles", "roles"),
    Question("server_settings", "settings of the server", of_superusers=True),
    Question("settings", "settings of roles and of the database"),
    Question("shared_comments", "comments and labels of roles, tablespaces and the database"),
    Question("subscriptions", "state of subscriptions"),
    Question("subscribed", "tables of subscriptions"),
    Question("system_objects", "the system's own objects"),
    Question("tablespaces", "tablespaces"),
    Question("unpopulated", "materialized views without rows"),
    Question("versions", "versions of collations"),
)
"""Each gives kind, name and text of every object it knows of: all of it has to be the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the catalog showed."""

    facts: Mapping[Key, str]
    positions: Mapping[str, str]
    holes: Mapping[str, int]
    unread: tuple[str, ...]


async def look(session: Connection) -> Seen:
    """Ask all of it. What may not be asked is unread; raises psycopg.Error only where the session is gone."""
    facts: dict[Key, str] = {}
    unread: list[str] = []
    major = session.info.server_version // 10000
    for each in OBJECTS:
        if major < each.since:
            continue
        rows = await _rows(session, sql_text(__name__, each.file), each.about, unread, each.of_superusers)
        facts.update({(kind, name): text for kind, name, text in rows})
    unread += [row[0] for row in await _rows(session, sql_text(__name__, "hidden"), "what is hidden", unread)]
    holes = await _rows(session, sql_text(__name__, "holes"), "gaps of dropped columns", unread)
    return Seen(facts, await _positions(session, unread), dict(holes), tuple(unread))


async def quick_look(session: Connection) -> Sequence[tuple[str, str]]:
    """Each part of the catalog with a hash over what people have made in it. Raises psycopg.Error."""
    since_14 = session.info.server_version >= SINCE_14
    text = sql_text(__name__, "quick")
    for place, expression in QUICK.items():
        text = text.replace(place, expression if since_14 else "NULL")
    return [(part, seen) for part, seen in await ask(session, text)]


async def _positions(session: Connection, unread: list[str]) -> dict[str, str]:
    """Where each sequence stands, asked of all of them at once."""
    asked = await _rows(session, sql_text(__name__, "sequences"), "sequences", unread)
    unread += [f"the position of {name}: no privilege to read it" for name, readable in asked if not readable]
    names = [name for name, readable in asked if readable]
    if not names:
        return {}
    one = sql_text(__name__, "position")
    asked_of = (one.replace("{number}", str(each)).replace("{sequence}", names[each]) for each in range(len(names)))
    rows = await _rows(session, "\nUNION ALL\n".join(asked_of), "positions of sequences", unread)
    return {names[int(number)]: position for number, position in rows}


async def _rows(
    session: Connection, text: str, about: str, unread: list[str], of_superusers: bool = False
) -> list[tuple[Any, ...]]:
    try:
        return await ask(session, text)
    except psycopg.Error as error:
        if session.closed or session.broken:
            raise
        if of_superusers and isinstance(error, psycopg.errors.InsufficientPrivilege):
            return []
        unread.append(f"{about}: {error.diag.message_primary or error}")
        return []
