"""What a relation is and which columns it has: compared with what CREATE TABLE IF NOT EXISTS would have made."""

from dataclasses import dataclass

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.authors import as_written, qualified_name

KINDS = {"r": "table", "p": "partitioned table", "f": "foreign table", "v": "view", "m": "materialized view"}
KINDS |= {"i": "index", "I": "index", "S": "sequence", "c": "composite type", "t": "TOAST table"}


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column as the catalog tells it."""

    name: str
    type: str
    """As format_type() says it."""
    not_null: bool
    has_default: bool
    """A value comes by itself: a default, an identity, an expression."""

    def __str__(self) -> str:
        return f"{self.name} {self.type}{' NOT NULL' if self.not_null else ''}"


@dataclass(frozen=True, slots=True)
class RelationShape:
    """A relation as the catalog tells it."""

    kind: str
    """'table', 'view' ..."""
    written: str
    """Its name as the author would write it."""
    columns: tuple[ColumnShape, ...]

    @property
    def is_table(self) -> bool:
        """Whether it holds rows of its own, or its partitions do."""
        return self.kind in ("table", "partitioned table", "foreign table")


async def find_shape(connection: Connection, name: str) -> RelationShape | None:
    """The relation of that name, found by the author's search_path unless it is qualified. Raises psycopg.Error."""
    rows = await ask(connection, query("relation_shape"), [await qualified_name(connection, name)])
    if not rows:
        return None
    kind, written = rows[0][:2]
    columns = tuple(ColumnShape(*row[2:]) for row in rows if row[2] is not None)
    return RelationShape(KINDS.get(kind, "relation"), as_written(connection, written), columns)
