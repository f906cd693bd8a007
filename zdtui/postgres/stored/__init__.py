"""Where a relation's rows are, and which of them this role sees: asked before anything is said of all its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sessions.authors import qualified_and_asked
from zdtui.postgres.sql_text import sql_text


@dataclass(frozen=True, slots=True)
class Stored:
    """A relation that was named, or one that inherits from it."""

    name: str
    """As it was named; of a partition or child, the name of the table it belongs to."""
    itself: bool
    """The named one, and not a partition or child of it."""
    relation: str
    """As SQL writes it, with its schema."""
    oid: int
    kind: str
    """pg_class.relkind; empty when pg_class does not show what the name stands for."""
    access_method: str
    foreign_server: str
    row_security: bool
    """Row security decides which of its rows this role sees."""
    has_children: bool
    instead: tuple[str, ...]
    """Rules that do something else: 'UPDATE r'."""
    before_triggers: tuple[str, ...]
    """BEFORE UPDATE triggers for each row."""
    subscriptions: tuple[str, ...]
    """That fill it from another server."""
    reads: tuple[str, ...]
    """What a view shows."""
    distributed: bool | None = False
    """Citus keeps its rows on other servers; None: that could not be seen."""


async def find_stored(connection: Connection, tables: Sequence[str]) -> tuple[Stored, ...]:
    """What the named tables are, and what inherits from each; nothing of one that is not there."""
    if not tables:
        return ()
    written, citus = await qualified_and_asked(connection, tables, sql_text(__name__, "citus"))
    named = {written[table]: table for table in reversed(tables)}
    rows = await ask(connection, sql_text(__name__, "stored"), [list(dict.fromkeys(written[each] for each in tables))])
    found = tuple(Stored(named[row[0]], *row[1:9], *(tuple(each) for each in row[9:])) for row in rows)
    if not citus or not found:
        return found
    elsewhere = await _distributed(connection, *citus[0])
    return tuple(replace(each, distributed=None if elsewhere is None else each.oid in elsewhere) for each in found)


async def _distributed(connection: Connection, partitions: str, shards: str) -> frozenset[int] | None:
    """Every relation that is distributed, or a shard; None where Citus is there and does not say."""
    if not partitions:
        return None
    try:
        text = sql_text(__name__, "distributed").replace("{partitions}", partitions)
        rows = await ask(connection, text)
        if shards:
            rows += await ask(connection, sql_text(__name__, "shards").replace("{shards}", shards))
    except psycopg.Error:
        if connection.closed or connection.broken:
            raise
        return None
    return frozenset(int(oid) for (oid,) in rows)
