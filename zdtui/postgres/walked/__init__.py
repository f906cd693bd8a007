"""What the server knows of a table that is to be walked: its parts, its pages, and who keeps it from being pruned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import psycopg

from zdtui.amounts import age
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.text.quote import identifier_parts

NOT_FOR_US = (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)
"""What a managed service, or a careful administrator, keeps from this role."""
TID_RANGES_FROM = 140000
"""Before it, a range of ctid reads the whole table (PostgreSQL 14 release notes: TID Range Scan)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table that holds rows: the one of the plan, or a leaf partition of it."""

    schema: str
    name: str
    table: str
    """As SQL writes it."""
    pages: int | None
    """Of its heap, when it was looked at; None: its rows are somewhere else."""
    rows: float | None
    """The planner's count; None: never analyzed."""
    fillfactor: int
    is_heap: bool
    may_update: bool
    row_security: bool
    indexed: bool
    """An assigned column is part of an index: no update of it is HOT."""
    indexes: int = 0

    @property
    def rows_per_page(self) -> float | None:
        """By the planner's count."""
        return None if not self.rows or not self.pages else self.rows / self.pages


async def find_parts(connection: Connection, table: str, assigned: Sequence[str] = ()) -> tuple[Part, ...]:
    """The table itself, or its leaf partitions by name; `assigned`: bare names of the columns that are changed."""
    return tuple(Part(*row) for row in await ask(connection, sql_text(__name__, "parts"), [table, list(assigned)]))


async def is_partitioned(connection: Connection, table: str) -> bool:
    """Whether the table's rows are in partitions."""
    rows = await ask(
        connection, "SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = $1::text::regclass", [table]
    )
    return bool(rows and rows[0][0])


@dataclass(frozen=True, slots=True)
class Changed:
    """The columns that an UPDATE changes, by their bare names."""

    columns: frozenset[str]
    """Generated ones too that are made from those it assigns."""
    of_partition_key: tuple[str, ...]
    """Those that decide in which partition a row is."""


async def find_changed(connection: Connection, table: str, assigned: Sequence[str]) -> Changed:
    """What an UPDATE of these columns, as the author wrote them, changes besides."""
    names = [identifier_parts(column)[-1] for column in assigned]
    rows = await ask(connection, sql_text(__name__, "assigned"), [table, names])
    return Changed(frozenset([*names, *(name for name, _ in rows)]), tuple(name for name, decides in rows if decides))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    quoted: str
    name: str
    type: str


async def find_columns(connection: Connection, table: str) -> tuple[Column, ...]:
    """The table's columns, in their order."""
    return tuple(Column(*row) for row in await ask(connection, sql_text(__name__, "columns"), [table]))


async def has_row_security(connection: Connection, table: str) -> bool:
    """Whether policies stand over the table itself: they are those of the table a statement names."""
    rows = await ask(
        connection, "SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = $1::text::regclass", [table]
    )
    return bool(rows and rows[0][0])


def has_tid_ranges(connection: Connection) -> bool:
    """Whether the server reads a range of pages without reading the others."""
    return connection.info.server_version >= TID_RANGES_FROM


@dataclass(frozen=True, slots=True)
class SnapshotHolder:
    """Who keeps dead rows from being pruned."""

    what: str
    """'pid 4711 psql', 'replication slot s'. The server's and clients' own words."""
    seconds: float | None
    unseen: bool = False
    """Nobody knows whether somebody does: `what` is why."""

    def __str__(self) -> str:
        if self.unseen:
            return f"cannot see who holds old snapshots ({self.what})"
        since = "" if self.seconds is None else f" for {age(self.seconds)}"
        return f"{self.what} has held a snapshot{since}"


async def find_snapshot_holder(
    connection: Connection, since: str | None, own_pids: Collection[int]
) -> tuple[str, SnapshotHolder | None]:
    """The next transaction id now, and who has kept rows from being pruned since `since` was; nobody without it."""
    try:
        rows = await ask(
            connection, sql_text(__name__, "snapshot_holder"), [since or "18446744073709551615", sorted(own_pids)]
        )
    except NOT_FOR_US as error:
        said = " ".join((error.diag.message_primary or str(error)).split())
        rows = await ask(connection, "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text")
        return str(rows[0][0]), SnapshotHolder(said, None, unseen=True)
    now, what, seconds = rows[0]
    return str(now), None if since is None or what is None else SnapshotHolder(str(what), seconds)
