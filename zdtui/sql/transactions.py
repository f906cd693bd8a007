"""Which operations PostgreSQL refuses inside a transaction block, by server version, as one table.

In the server's source these call PreventInTransactionBlock; the manual says so on each command's page. What a
statement's text does not show is taken to be the usual case: that a table to REINDEX or CLUSTER is not partitioned, and
that a procedure commits nothing whose body is not in the text.
"""

from collections.abc import Iterable
from typing import NamedTuple

from zdtui.sql.operation import Operation

OLDEST, NEWEST = 13, 18


class Refusal(NamedTuple):
    """One kind of operation that has to run alone."""

    kind: str
    page: str
    """Of https://www.postgresql.org/docs/current/."""
    only_with: frozenset[str] = frozenset()
    """Any of these words makes it so; none said here: always."""
    unless: frozenset[str] = frozenset()
    """Any of these words makes it harmless."""
    since: int = OLDEST
    """The first server version that refuses it."""

    def holds(self, operation: Operation, version: int) -> bool:
        """Whether this operation is refused by this server version."""
        if operation.kind != self.kind or version < self.since or operation.words & self.unless:
            return False
        return not self.only_with or bool(operation.words & self.only_with)


REFUSALS = (
    Refusal("CREATE DATABASE", "sql-createdatabase.html"),
    Refusal("DROP DATABASE", "sql-dropdatabase.html"),
    Refusal("ALTER DATABASE", "sql-alterdatabase.html", only_with=frozenset({"SET TABLESPACE"})),
    Refusal("CREATE TABLESPACE", "sql-createtablespace.html"),
    Refusal("DROP TABLESPACE", "sql-droptablespace.html"),
    Refusal("ALTER SYSTEM", "sql-altersystem.html"),
    Refusal("VACUUM", "sql-vacuum.html"),
    Refusal("VACUUM FULL", "sql-vacuum.html"),
    Refusal("CLUSTER", "sql-cluster.html", only_with=frozenset({"ALL"})),
    Refusal("REPACK", "sql-repack.html", only_with=frozenset({"ALL"})),
    Refusal("REPACK CONCURRENTLY", "sql-repack.html"),
    Refusal("CREATE INDEX CONCURRENTLY", "sql-createindex.html"),
    Refusal("DROP INDEX CONCURRENTLY", "sql-dropindex.html"),
    Refusal("REINDEX INDEX CONCURRENTLY", "sql-reindex.html"),
    Refusal("REINDEX TABLE CONCURRENTLY", "sql-reindex.html"),
    Refusal("REINDEX SCHEMA", "sql-reindex.html"),
    Refusal("REINDEX SCHEMA CONCURRENTLY", "sql-reindex.html"),
    Refusal("REINDEX DATABASE", "sql-reindex.html"),
    Refusal("REINDEX DATABASE CONCURRENTLY", "sql-reindex.html"),
    Refusal("REINDEX SYSTEM", "sql-reindex.html"),
    Refusal("ALTER TABLE DETACH PARTITION CONCURRENTLY", "sql-altertable.html"),
    Refusal("CREATE SUBSCRIPTION", "sql-createsubscription.html", unless=frozenset({"WITHOUT SLOT"})),
    Refusal("DROP SUBSCRIPTION", "sql-dropsubscription.html"),
    Refusal("ALTER SUBSCRIPTION", "sql-altersubscription.html", only_with=frozenset({"REFRESH"}), since=14),
    Refusal("ALTER SUBSCRIPTION", "sql-altersubscription.html", only_with=frozenset({"FAILOVER"}), since=17),
    Refusal("ALTER SUBSCRIPTION", "sql-altersubscription.html", only_with=frozenset({"TWO_PHASE"}), since=18),
    Refusal("COMMIT PREPARED", "sql-commit-prepared.html"),
    Refusal("ROLLBACK PREPARED", "sql-rollback-prepared.html"),
    Refusal("DO", "sql-do.html", only_with=frozenset({"COMMITS"})),
    Refusal("DISCARD", "sql-discard.html", only_with=frozenset({"ALL"})),
)
"""ALTER TYPE ADD VALUE is taken by all of these versions, though the value cannot be used before the commit."""


def transactional(operations: Iterable[Operation], version: int = NEWEST) -> bool:
    """Whether PostgreSQL of this major version takes the statement in a transaction block."""
    return refusal(operations, version) is None


def refusal(operations: Iterable[Operation], version: int = NEWEST) -> Refusal | None:
    """Why not, with the manual's page; None when it is taken."""
    for operation in operations:
        for each in _BY_KIND.get(operation.kind, ()):
            if each.holds(operation, version):
                return each
    return None


_BY_KIND: dict[str, list[Refusal]] = {}
for _refusal in REFUSALS:
    _BY_KIND.setdefault(_refusal.kind, []).append(_refusal)
