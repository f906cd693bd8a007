"""A table as the catalog has it: its shape, its size and how much is written to it. Not one row is read."""

import asyncio
from typing import Any

from pydantic import Field

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, ShortText, Tool
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.session import Session
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name

WATCHED_FOR = 0.5
"""Seconds between two looks at the counters of writes."""
MOST_PARTS = 2
PARTS = ("columns", "indexes", "constraints", "triggers")


class DescribeTable(Arguments):
    """See DESCRIBE_TABLE."""

    table: ShortText = Field(description="schema.table, as SQL writes it")


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


DESCRIBE_TABLE = Tool(
    "describe_table",
    Kind.READS,
    "Columns, indexes, constraints, triggers, size and write rate of a table, from the catalog; never a row.",
    DescribeTable,
    describe_table,
)
TOOLS = (DESCRIBE_TABLE,)
