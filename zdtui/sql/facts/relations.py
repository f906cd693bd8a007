"""Indexes, tables, views, materialized views and sequences that come, change and go."""

from zdtui.sql.facts import cascade, children, reach, reading, scans, unnamed
from zdtui.sql.facts import conditions as when
from zdtui.sql.facts.alter_table import ACTIONS, AS, AX, INDEX_OF_TABLE, PARTITION, REFERENCED, SRX, SUX, S
from zdtui.sql.facts.fact import Also, Fact
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Role

X = LockMode.EXCLUSIVE
READS = Also(reading.read_relations, AS, "read by it")
TABLE_OF_IT = "the index's table"
DROPPED = (
    Also(reach.children, AX, PARTITION),
    Also(reach.indexes, AX, INDEX_OF_TABLE),
    Also(reach.owned_sequences, AX, "its sequence"),
    Also(reach.referenced_by_tables, AX, REFERENCED),
    Also(reach.referencing_tables, AX, "it references the table"),
    Also(reach.parents_of_partition, AX, "what it is a partition of, or the default partition beside it"),
    Also(cascade.falls_with_relation, AX, "it depends on the table"),
)
NEW_PARTITION = (
    Also(reach.mentioned(Role.PARENT), AX, "the parent"),
    Also(reach.default_partition, AX, "the default partition"),
    Also(reach.parents_indexes, SUX, "an index of the parent"),
    Also(reach.referencing_parent_from_15, SRX, "it references the parent"),
    Also(reach.referencing_parent_before_15, AS, "it references the parent"),
    Also(reach.referenced_by_parent, SRX, REFERENCED),
)

FACTS: dict[str, Fact] = {
    "CREATE INDEX": Fact(
        mode=S,
        also=(Also(reach.partitions, S, PARTITION),),
        scans=scans.index_scans,
        wal_heavy=True,
        page="sql-createindex.html",
        inverse=lambda case: f"DROP INDEX {case.operation.object}" if case.operation.object else None,
    ),
    "CREATE INDEX CONCURRENTLY": Fact(
        mode=SUX,
        scans=scans.index_scans,
        wal_heavy=True,
        page="sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        inverse=lambda case: f"DROP INDEX CONCURRENTLY {case.operation.object}" if case.operation.object else None,
    ),
    "DROP INDEX": Fact(
        mode=AX,
        children=True,
        also=(
            Also(reach.table_of_index, AX, TABLE_OF_IT),
            Also(cascade.falls_with_relation, AX, "a foreign key needs the index"),
        ),
        unnamed=unnamed.table_of_index(AX),
        page="sql-dropindex.html",
    ),
    "DROP INDEX CONCURRENTLY": Fact(
        mode=SUX,
        also=(Also(reach.table_of_index, SUX, TABLE_OF_IT),),
        unnamed=unnamed.table_of_index(SUX),
        page="sql-dropindex.html",
    ),
    "REINDEX INDEX": Fact(
        mode=AX,
        also=(Also(reach.table_of_index, S, TABLE_OF_IT),),
        unnamed=unnamed.table_of_index(S),
        rebuilds=reach.itself,
        scans=scans.reindex_scans,
        wal_heavy=True,
        page="sql-reindex.html",
    ),
    "REINDEX TABLE": Fact(
        mode=S,
        also=(Also(reach.own_indexes, AX, INDEX_OF_TABLE),),
        rebuilds=reach.itself,
        scans=scans.reindex_scans,
        wal_heavy=True,
        page="sql-reindex.html",
    ),
    "REINDEX INDEX CONCURRENTLY": Fact(
        mode=SUX,
        also=(Also(reach.table_of_index, SUX, TABLE_OF_IT),),
        unnamed=unnamed.table_of_index(SUX),
        rebuilds=reach.itself,
        scans=scans.reindex_scans,
        wal_heavy=True,
        page="sql-reindex.html",
    ),
    "REINDEX TABLE CONCURRENTLY": Fact(
        mode=SUX,
        also=(Also(reach.own_indexes, SUX, INDEX_OF_TABLE),),
        rebuilds=reach.itself,
        scans=scans.reindex_scans,
        wal_heavy=True,
        page="sql-reindex.html",
    ),
    "ALTER INDEX RENAME": Fact(mode=SUX, page="sql-alterindex.html"),
    "ALTER INDEX SET PARAMETERS": Fact(mode=SUX, page="sql-alterindex.html"),
    "ALTER INDEX RESET PARAMETERS": Fact(mode=SUX, page="sql-alterindex.html"),
    "ALTER INDEX SET TABLESPACE": Fact(
        mode=AX, rebuilds=reach.moved_indexes, wal_heavy=True, page="sql-alterindex.html"
    ),
    "ALTER INDEX ALTER COLUMN SET STATISTICS": Fact(mode=SUX, page="sql-alterindex.html"),
    "ALTER INDEX DEPENDS ON EXTENSION": Fact(mode=SUX, page="sql-alterindex.html"),
    "ALTER INDEX ALL IN TABLESPACE": Fact(
        unnamed=unnamed.all_in_tablespace("every index there"), wal_heavy=True, page="sql-alterindex.html"
    ),
    "ALTER INDEX ATTACH PARTITION": Fact(
        mode=SUX,
        also=(
            Also(reach.mentioned(Role.PARTITION), AX, "the index that is attached"),
            Also(reach.tables_of_both_indexes, AS, TABLE_OF_IT),
        ),
        page="sql-alterindex.html",
    ),
    "CLUSTER": Fact(
        mode=AX,
        also=(Also(reach.indexes, AX, INDEX_OF_TABLE),),
        rewrites=when.always,
        wal_heavy=True,
        page="sql-cluster.html",
    ),
    "REPACK": Fact(
        mode=AX,
        also=(Also(reach.indexes, AX, INDEX_OF_TABLE),),
        rewrites=when.always,
        wal_heavy=True,
        page="sql-repack.html",
    ),
    "REPACK CONCURRENTLY": Fact(
        also=(
            Also(reach.family, AX, "the table itself, when its copy takes its place at the end", late=True),
            Also(reach.indexes, AX, INDEX_OF_TABLE, late=True),
        ),
        rewrites=when.always,
        wal_heavy=True,
        page="sql-repack.html",
    ),
    "WAIT FOR LSN": Fact(page="sql-wait-for.html"),
    "CREATE TABLE": Fact(
        also=(
            Also(reach.referenced, SRX, REFERENCED),
            Also(reach.mentioned(Role.LIKE), AS, "it is like that"),
            Also(reach.mentioned(Role.PARENT), SUX, "the parent"),
        ),
        page="sql-createtable.html",
        inverse=lambda case: f"DROP TABLE {case.operation.relation}",
    ),
    "CREATE TABLE PARTITION OF": Fact(also=NEW_PARTITION, scans=scans.new_partition_scans, page="sql-createtable.html"),
    "CREATE TABLE AS": Fact(also=(READS,), page="sql-createtableas.html"),
    "SELECT INTO": Fact(also=(READS,), page="sql-selectinto.html"),
    "CREATE FOREIGN TABLE": Fact(also=NEW_PARTITION, page="sql-createforeigntable.html"),
    "DROP TABLE": Fact(mode=AX, also=DROPPED, unnamed=unnamed.dependents_of_relation, page="sql-droptable.html"),
    "DROP FOREIGN TABLE": Fact(
        mode=AX, also=DROPPED, unnamed=unnamed.dependents_of_relation, page="sql-dropforeigntable.html"
    ),
    "TRUNCATE": Fact(
        mode=AX,
        children=True,
        also=(
            Also(reach.indexes_with_rows, AX, INDEX_OF_TABLE),
            Also(reach.cascaded_tables, AX, "it references the table"),
            Also(reach.indexes_of_cascaded, AX, "an index of such a table"),
            Also(reach.restarted_sequences, AX, "its sequence"),
        ),
        rewrites=when.always,
        page="sql-truncate.html",
    ),
    "LOCK TABLE": Fact(
        mode_of=when.said_mode,
        children=True,
        also=(Also(reading.locked_through_view, AS, "read by the view", mode_of=when.said_mode),),
        page="sql-lock.html",
    ),
    "CREATE VIEW": Fact(mode_of=when.replaces_view, also=(READS,), page="sql-createview.html"),
    "CREATE MATERIALIZED VIEW": Fact(also=(READS,), page="sql-creatematerializedview.html"),
    "REFRESH MATERIALIZED VIEW": Fact(
        mode=AX,
        also=(
            Also(reach.own_indexes, AX, "an index of it"),
            Also(reading.read_by, AS, "read by it", late=True),
        ),
        rewrites=when.always,
        wal_heavy=True,
        page="sql-refreshmaterializedview.html",
    ),
    "REFRESH MATERIALIZED VIEW CONCURRENTLY": Fact(
        mode=X,
        also=(Also(reading.read_by, AS, "read by it"),),
        scans=reach.with_rows,
        wal_heavy=True,
        page="sql-refreshmaterializedview.html",
    ),
    "DROP VIEW": Fact(
        mode=AX,
        also=(Also(cascade.falls_with_relation, AX, "it depends on the view"),),
        unnamed=unnamed.dependents_of_relation,
        page="sql-dropview.html",
    ),
    "DROP MATERIALIZED VIEW": Fact(
        mode=AX,
        also=(
            Also(reach.own_indexes, AX, "an index of it"),
            Also(cascade.falls_with_relation, AX, "it depends on the view"),
        ),
        unnamed=unnamed.dependents_of_relation,
        page="sql-dropmaterializedview.html",
    ),
    "CREATE SEQUENCE": Fact(
        also=(Also(reach.mentioned(Role.OWNED_BY), AS, "the table that owns it"),), page="sql-createsequence.html"
    ),
    "ALTER SEQUENCE OPTIONS": Fact(
        mode=SRX,
        also=(Also(reach.mentioned(Role.OWNED_BY), AS, "the table that owns it"),),
        page="sql-altersequence.html",
    ),
    "ALTER SEQUENCE RENAME": Fact(mode=AX, page="sql-altersequence.html"),
    "ALTER SEQUENCE OWNER TO": Fact(mode=AX, page="sql-altersequence.html"),
    "ALTER SEQUENCE SET SCHEMA": Fact(mode=AX, page="sql-altersequence.html"),
    "ALTER SEQUENCE SET LOGGED": Fact(mode=AX, page="sql-altersequence.html"),
    "ALTER SEQUENCE SET UNLOGGED": Fact(mode=AX, page="sql-altersequence.html"),
    "DROP SEQUENCE": Fact(
        mode=AX,
        also=(Also(cascade.falls_with_relation, AX, "it depends on the sequence"),),
        unnamed=unnamed.dependents_of_relation,
        page="sql-dropsequence.html",
    ),
    "VACUUM": Fact(mode=SUX, children=True, page="sql-vacuum.html"),
    "VACUUM FULL": Fact(
        mode=AX,
        children=True,
        also=(Also(reach.indexes, AX, INDEX_OF_TABLE),),
        rewrites=when.always,
        wal_heavy=True,
        page="sql-vacuum.html",
    ),
    "ANALYZE": Fact(
        mode=SUX,
        also=(Also(children.children_analyzed, SUX, PARTITION), Also(children.children_sampled, AS, "a child of it")),
        page="sql-analyze.html",
    ),
}
FACTS |= {
    f"ALTER VIEW {action}": Fact(mode=AX, page="sql-alterview.html")
    for action in (
        *("ALTER COLUMN SET DEFAULT", "ALTER COLUMN DROP DEFAULT", "OWNER TO", "RENAME", "RENAME COLUMN"),
        *("SET SCHEMA", "SET PARAMETERS", "RESET PARAMETERS"),
    )
}
FACTS |= {
    f"ALTER MATERIALIZED VIEW {action}": ACTIONS[action]
    for action in (
        *("ALTER COLUMN SET STATISTICS", "ALTER COLUMN SET OPTIONS", "ALTER COLUMN RESET OPTIONS"),
        *("ALTER COLUMN SET STORAGE", "ALTER COLUMN SET COMPRESSION", "CLUSTER ON", "SET WITHOUT CLUSTER"),
        *("SET ACCESS METHOD", "SET TABLESPACE", "SET PARAMETERS", "RESET PARAMETERS", "OWNER TO", "RENAME"),
        *("RENAME COLUMN", "SET SCHEMA"),
    )
}
FACTS["ALTER MATERIALIZED VIEW ALL IN TABLESPACE"] = Fact(
    unnamed=unnamed.all_in_tablespace("every materialized view there"),
    wal_heavy=True,
    page="sql-altermaterializedview.html",
)
FACTS["ALTER MATERIALIZED VIEW DEPENDS ON EXTENSION"] = Fact(mode=AX, page="sql-altermaterializedview.html")
