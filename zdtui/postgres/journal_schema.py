"""What the catalogs say of the schema zdtui: whose it is, what in it could run code, what this role may do with it."""

from dataclasses import dataclass
from typing import Any

import psycopg

from zdtui.postgres.journal import journal_sql
from zdtui.postgres.sessions.session import one_statement_a_message

Connection = psycopg.AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    """As pg_type names it: 'int8'."""
    default: str | None
    required: bool
    computed: bool
    """Generated or an identity."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One of the journal's tables, or what stands in its place."""

    name: str
    kind: str
    """relkind and relpersistence: 'rp' is an ordinary, permanent table."""
    owner: str
    ours: bool
    """Its owner is this role, one whose rights it has, the database's owner, or a superuser."""
    columns: tuple[Column, ...]
    runs_code: tuple[str, ...]
    """What of it could run code when it is read or written, as 'trigger t'."""
    may: frozenset[str]
    """Of SELECT, INSERT, UPDATE, DELETE."""


@dataclass(frozen=True, slots=True)
class JournalSchema:
    """The schema as it is."""

    owner: str
    ours: bool
    usable: bool
    """This role has USAGE."""
    comment: str
    relations: dict[str, Relation]


@dataclass(frozen=True, slots=True)
class Standing:
    """What this server lets anybody write."""

    role: str
    in_recovery: bool
    read_only: bool
    """Transactions of this session begin read-only."""
    primary: str | None
    """'db1:5432' for a standby that says so to this role."""


async def journal_schema(connection: Connection) -> JournalSchema | None:
    """The schema zdtui; None when there is none. Reads the catalogs only: nothing of the schema is touched."""
    rows = await (await connection.execute(journal_sql("schema"))).fetchall()
    whole = next((row for row in rows if row[1] == "schema"), None)
    if whole is None:
        return None
    relations = {row[0]: _relation(row) for row in rows if row[1] != "schema"}
    return JournalSchema(whole[2], whole[3], "USAGE" in whole[6], whole[7] or "", relations)


def _relation(row: tuple[Any, ...]) -> Relation:
    name, kind, owner, ours, columns, runs_code, may, _ = row
    return Relation(
        name=name,
        kind=kind,
        owner=owner,
        ours=ours,
        columns=tuple(Column(each[0], each[1], each[2], each[3], bool(each[4])) for each in columns or ()),
        runs_code=tuple(runs_code),
        may=frozenset(may),
    )


async def standing(connection: Connection) -> Standing:
    """Whether this server takes writes at all."""
    row = await (await connection.execute(journal_sql("standing"))).fetchone()
    assert row is not None
    return Standing(*row)


async def standing_and_layout(connection: Connection) -> tuple[Standing, int | None]:
    """The same, and the number in zdtui.layout, which has to be there, in one journey; None when it holds no row."""
    if one_statement_a_message(connection):
        found = await (await connection.execute(journal_sql("layout"))).fetchone()
        return await standing(connection), None if found is None else int(found[0])
    cursor = await connection.execute(journal_sql("standing") + b"\n;" + journal_sql("layout"))
    row = await cursor.fetchone()
    assert row is not None
    cursor.nextset()
    layout = await cursor.fetchone()
    return Standing(*row), None if layout is None else int(layout[0])
