"""What the catalog says of indexes: how a CONCURRENTLY statement is looked after, and settled where it was cut off."""

import re
from dataclasses import dataclass
from enum import StrEnum

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.authors import as_written, qualified_name
from zdtui.sql.operation import Role
from zdtui.sql.statement import Statement
from zdtui.sql.text.quote import identifier_parts, quote_identifier

REBUILT = re.compile(r"_cc(new|old)[0-9]*\Z")
"""How REINDEX CONCURRENTLY names what it builds and what it replaces; with a number where that name is taken
(https://www.postgresql.org/docs/current/sql-reindex.html)."""
DETACHES = "ALTER TABLE DETACH PARTITION CONCURRENTLY"


class IndexState(StrEnum):
    """Valid and in use, invalid and in the way, or not there."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"


class PartitionState(StrEnum):
    """Of a DETACH PARTITION CONCURRENTLY."""

    ATTACHED = "attached"
    HALF_DETACHED = "half detached"
    DETACHED = "detached"


@dataclass(frozen=True, slots=True)
class IndexFound:
    """What has the name of an index that is to be made."""

    oid: int
    written: str
    """As it would have to be written to drop it."""
    is_index: bool
    valid: bool
    of_the_table: bool
    table: str | None
    definition: str | None


async def find_index_state(connection: Connection, name: str) -> IndexState:
    """The state of the index of that name, found by the author's search_path unless it is qualified."""
    rows = await ask(connection, query("index_state"), [await qualified_name(connection, name)])
    if not rows:
        return IndexState.ABSENT
    return IndexState.VALID if rows[0][0] else IndexState.INVALID


async def find_made_index(connection: Connection, statement: Statement) -> IndexFound | None:
    """What has the name that a CREATE INDEX gives, in the schema of its table; None for nothing, or without a name."""
    name, table = statement.index_name, statement.table_name
    if name is None or table is None or not statement.kind.startswith("CREATE INDEX"):
        return None
    table = await qualified_name(connection, table)
    rows = await ask(connection, query("index_found"), [table, identifier_parts(name)[-1]])
    if not rows:
        return None
    oid, written, *rest = rows[0]
    return IndexFound(oid, as_written(connection, written), *rest)


async def leftovers(
    connection: Connection, statement: Statement, before: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Every invalid index a CONCURRENTLY statement left or passed over, each as it would have to be written to drop it.

    `before`: those that were invalid before it. They count all the same where the statement was to make them valid.
    """
    bare = None if statement.index_name is None else identifier_parts(statement.index_name)[-1]
    found = await _invalid_in_reach(connection, statement)
    if statement.kind.startswith("REINDEX INDEX"):
        return tuple(written for written, name in found if name == bare or REBUILT.search(name))
    if statement.kind.startswith("REINDEX"):
        return tuple(written for written, _ in found)
    if bare is not None:
        return tuple(written for written, name in found if name == bare)
    return tuple(written for written, _ in found if written not in before)


async def find_index_after(connection: Connection, statement: Statement) -> IndexState | None:
    """The state of the one index a CREATE or DROP INDEX names; None where it names none."""
    if statement.index_name is None or statement.kind.startswith("REINDEX"):
        return None
    return await find_index_state(connection, await _where_it_is(connection, statement))


async def find_partition_state(connection: Connection, statement: Statement) -> PartitionState | None:
    """Of a DETACH PARTITION CONCURRENTLY; None for anything else."""
    for each in statement.operations:
        partitions = each.mentioned(Role.PARTITION)
        if each.kind == DETACHES and each.relation is not None and partitions:
            names = [await qualified_name(connection, name.written) for name in (each.relation, partitions[0])]
            rows = await ask(connection, query("partition_state"), names)
            if not rows:
                return PartitionState.DETACHED
            return PartitionState.HALF_DETACHED if rows[0][0] else PartitionState.ATTACHED
    return None


async def _invalid_in_reach(connection: Connection, statement: Statement) -> list[tuple[str, str]]:
    table = statement.table_name
    index, schema, everywhere = None, None, False
    if statement.index_name is not None:
        table, index = None, await _where_it_is(connection, statement)
    elif statement.kind.startswith("REINDEX SCHEMA"):
        schema = next((each.object.name for each in statement.operations if each.object is not None), None)
    elif statement.kind.startswith(("REINDEX DATABASE", "REINDEX SYSTEM")):
        everywhere = True
    names = [None if name is None else await qualified_name(connection, name) for name in (table, index)]
    rows = await ask(connection, query("invalid_indexes"), [*names, schema, everywhere])
    return [(as_written(connection, written), name) for written, name in rows]


async def _where_it_is(connection: Connection, statement: Statement) -> str:
    """The index's name; of one that is made, in the schema of its table, whatever else has that name."""
    assert statement.index_name is not None
    found = await find_made_index(connection, statement)
    if found is not None:
        return found.written
    table = statement.table_name
    schema = identifier_parts(table)[:-1] if table is not None else ()
    if not schema or not statement.kind.startswith("CREATE"):
        return statement.index_name
    return ".".join(quote_identifier(part) for part in (*schema, identifier_parts(statement.index_name)[-1]))
