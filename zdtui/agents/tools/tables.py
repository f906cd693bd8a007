"""A table as the catalog has it, and who uses a column of it. No row is read, and no constant of a statement told."""

import asyncio
from typing import Any

from pydantic import Field

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.apart import Given
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, ShortText, Tool
from zdtui.agents.tools.checks import told
from zdtui.errors import TargetError
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.session import Session
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name
from zdtui.sql.text.tokens import TokenKind, tokens
from zdtui.usage.ask import Look, look_within
from zdtui.usage.counters import since_reset
from zdtui.usage.find import usage_of
from zdtui.usage.usage import Dependent, StatementUse, Subject

WATCHED_FOR = 0.5
"""Seconds between two looks at the counters of writes."""
MOST_PARTS = 2
PARTS = ("columns", "indexes", "constraints", "triggers")


class DescribeTable(Arguments):
    """See DESCRIBE_TABLE."""

    table: ShortText = Field(description="schema.table, as SQL writes it")


class WhoUses(Arguments):
    """See WHO_USES."""

    table: ShortText = Field(description="schema.table, as SQL writes it")
    column: ShortText | None = Field(default=None, description="as the catalog has it; else the whole table")


async def describe_table(asked: Asked, arguments: DescribeTable) -> Answer:
    """The table. The name travels as a parameter and is compared with those of the catalog."""
    database = asked.place.asked_database()
    async with database.asked() as session:
        found = await table_named(session, arguments.table)
        name = Name(found["schema"], found["name"])
        data: dict[str, Any] = {key: found[key] for key in found if key != "oid"}
        for part in PARTS:
            data[part] = await ask_by_name(session, query(f"described_{part}"), [found["oid"]])
        first, began = await _weight(session, name), asyncio.get_running_loop().time()
    await asyncio.sleep(WATCHED_FOR)
    async with database.asked() as session:
        second, ended = await _weight(session, name), asyncio.get_running_loop().time()
    data["size"] = _size(first, second, ended - began)
    return Answer((Says.TABLE,), data)


async def table_named(session: Session, given: str) -> dict[str, Any]:
    """The one relation of that name. Raises RefusedError when it is none or several."""
    parts = read_name(given)
    if parts is None or len(parts) > MOST_PARTS or "\x00" in given:
        raise RefusedError(Says.NO_SUCH_TABLE)
    schema = parts[0] if len(parts) == MOST_PARTS else None
    found = await ask_by_name(session, query("described_found"), [schema, parts[-1]])
    if len(found) > 1:
        raise RefusedError(Says.SEVERAL_TABLES, schemas=[each["schema"] for each in found])
    if not found:
        raise RefusedError(Says.NO_SUCH_TABLE)
    return found[0]


def _size(first: dict[str, Any] | None, second: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
    """How big it is, and how many rows are written a second, so far as the server has counted."""
    if first is None or second is None:
        return {}
    kept = ("row_estimate", "size_bytes", "partitions", "referenced_by", "replica_identity", "publications")
    before, after = first["writes"], second["writes"]
    written = None if before is None or after is None or after < before else round((after - before) / seconds, 1)
    return {**{key: second[key] for key in kept}, "writes_per_second": written}


async def _weight(session: Session, name: Name) -> dict[str, Any] | None:
    rows = await ask_by_name(session, query("relation_weights"), [[name.written]])
    return rows[0] if rows else None


async def who_uses(asked: Asked, arguments: WhoUses) -> Answer:
    """The statements that were called and the objects that depend on it, as far as the server has seen."""
    database = asked.place.asked_database()
    async with database.one_moment() as session:
        found = await table_named(session, arguments.table)
        name = Name(found["schema"], found["name"])
        try:
            look = await look_within(session, [Subject(name, arguments.column)])
        except TargetError:
            raise RefusedError(Says.NO_SUCH_COLUMN) from None
    return Answer((Says.USERS,), await asyncio.to_thread(_used, look))


def _used(look: Look) -> dict[str, Any]:
    called, not_seen = since_reset(look.standing, look.counters)
    since, notes = look.standing.reset, look.notes
    usage = usage_of(look.catalog, called, look.subject, since=since, not_seen=not_seen, notes=notes)
    texts = [each.text for each in look.counters if each.text is not None]
    ways = [each.why for each in (*usage.statements, *usage.unread)] + [each.why for each in usage.dependents]
    given = Given.of(prose=texts, things=[look.catalog, look.standing]).among([*ways, *usage.not_seen, *usage.notes])
    return {
        "verdict": str(usage.verdict),
        "counted_since": usage.since,
        "statements": [_statement(each, given) for each in usage.statements],
        "could_not_be_read": [_statement(each, given) for each in usage.unread],
        "dependents": [_dependent(each, given) for each in usage.dependents],
        "not_everything_seen": [told(each, given) for each in usage.not_seen],
        "notes": [told(each, given) for each in usage.notes],
    }


def _statement(use: StatementUse, given: Given) -> dict[str, Any]:
    return {"role": use.role, "calls": use.calls, "text": without_constants(use.text), "how": told(use.why, given)}


def _dependent(each: Dependent, given: Given) -> dict[str, Any]:
    return {"what": each.what, "in_the_way": each.in_the_way, "how": told(each.why, given)}


def without_constants(text: str) -> str:
    """The statement without strings, numbers and comments: the server strikes out those of queries alone."""
    struck = {TokenKind.STRING, TokenKind.NUMBER}
    return " ".join("?" if each.kind in struck else each.text for each in tokens(text))


DESCRIBE_TABLE = Tool(
    "describe_table",
    Kind.READS,
    "Columns, indexes, constraints, triggers, size and write rate of a table, from the catalog; never a row.",
    DescribeTable,
    describe_table,
)
WHO_USES = Tool(
    "who_uses",
    Kind.READS,
    "Which statements (pg_stat_statements) and objects use a column, as far as the server has seen.",
    WhoUses,
    who_uses,
)
TOOLS = (DESCRIBE_TABLE, WHO_USES)
