"""What the catalog says of an index: the way a CONCURRENTLY build that was cut off is settled."""

from enum import StrEnum

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.authors import as_written, qualified_name
from zdtui.postgres.queries import query
from zdtui.sql.quote import identifier_parts, quote_identifier
from zdtui.sql.statement import Statement


class IndexState(StrEnum):
    """Valid and in use, invalid and in the way, or not there."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"


async def find_index_state(connection: Connection, name: str) -> IndexState:
    """The state of the index of that name, found by the author's search_path unless it is qualified."""
    rows = await ask(connection, query("index_state"), [await qualified_name(connection, name)])
    if not rows:
        return IndexState.ABSENT
    return IndexState.VALID if rows[0][0] else IndexState.INVALID


async def invalid_indexes(connection: Connection, table: str) -> tuple[str, ...]:
    """The invalid indexes of a table, each as it would have to be written to drop it."""
    found = await ask(connection, query("invalid_indexes"), [await qualified_name(connection, table)])
    return tuple(as_written(connection, row[0]) for row in found)


async def invalid_leftover(connection: Connection, statement: Statement) -> str | None:
    """The invalid index a CONCURRENTLY statement left behind, as it would have to be written to drop it.

    CREATE INDEX is put in the schema of its table, whatever its own name is qualified with. REINDEX leaves
    `<index>_ccnew` (https://www.postgresql.org/docs/current/sql-reindex.html).
    """
    name = _where_it_is(statement)
    candidates = [] if name is None else [name]
    if statement.kind.startswith("REINDEX") and name is not None:
        *schema, index = identifier_parts(name)
        candidates = [".".join(quote_identifier(part) for part in (*schema, f"{index}_ccnew"))]
    for candidate in candidates:
        if await find_index_state(connection, candidate) is IndexState.INVALID:
            return candidate
    if name is None and statement.table_name is not None:
        found = await invalid_indexes(connection, statement.table_name)
        return found[0] if found else None
    return None


def _where_it_is(statement: Statement) -> str | None:
    name, table = statement.index_name, statement.table_name
    if name is None or not statement.kind.startswith("CREATE") or table is None:
        return name
    schema = identifier_parts(table)[:-1]
    return ".".join(quote_identifier(part) for part in (*schema, identifier_parts(name)[-1])) if schema else name
