"""TRUNCATE, LOCK, VACUUM, ANALYZE, CLUSTER and REFRESH MATERIALIZED VIEW."""

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.drop import also
from zdtui.sql.grammar.names import is_cascade, is_on, name_of, options, when
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source

MODES = (
    "",
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""By the number of src/include/storage/lockdefs.h."""


def truncate(tree: pg.TruncateStmt, source: Source) -> tuple[Operation, ...]:
    """All tables in one statement."""
    names = [name_of(node.range_var) for node in tree.relations]
    only = [not node.range_var.inh for node in tree.relations]
    words = when(
        CASCADE=is_cascade(tree.behavior),
        RESTART_IDENTITY=tree.restart_seqs,
        ONLY=only[0],
    )
    return (Operation(kind="TRUNCATE", relation=names[0], mentions=also(names[1:], only[1:]), words=words),)


def lock_table(tree: pg.LockStmt, source: Source) -> tuple[Operation, ...]:
    """ACCESS EXCLUSIVE when no mode is said."""
    names = [name_of(node.range_var) for node in tree.relations]
    only = [not node.range_var.inh for node in tree.relations]
    words = when(NOWAIT=tree.nowait, ONLY=only[0])
    return (
        Operation(
            kind="LOCK TABLE",
            relation=names[0],
            mentions=also(names[1:], only[1:]),
            lock_mode=MODES[tree.mode] if 0 < tree.mode < len(MODES) else MODES[-1],
            words=words,
        ),
    )


def vacuum(tree: pg.VacuumStmt, source: Source) -> tuple[Operation, ...]:
    """VACUUM and ANALYZE, of tables or of the whole database."""
    names = [name_of(node.vacuum_relation.relation) for node in tree.rels]
    only = [not node.vacuum_relation.relation.inh for node in tree.rels]
    full = is_on(tree.options, "full")
    kind = "ANALYZE" if not tree.is_vacuumcmd else "VACUUM FULL" if full else "VACUUM"
    said = frozenset(name.upper() for name in options(tree.options) if is_on(tree.options, name))
    return (
        Operation(
            kind=kind,
            relation=names[0] if names else None,
            mentions=also(names[1:], only[1:]),
            words=said | when(ONLY=any(only[:1])),
        ),
    )


def cluster(tree: pg.ClusterStmt, source: Source) -> tuple[Operation, ...]:
    """One table, or all that were clustered before."""
    table = name_of(tree.relation) if tree.HasField("relation") else None
    index = Name(table.schema if table else None, tree.indexname) if tree.indexname else None
    mentions = () if index is None else (Mention(Role.INDEX, index),)
    return (Operation(kind="CLUSTER", relation=table, mentions=mentions, words=when(ALL=table is None)),)


def refresh(tree: pg.RefreshMatViewStmt, source: Source) -> tuple[Operation, ...]:
    """The text does not say which tables are read."""
    kind = f"REFRESH MATERIALIZED VIEW{' CONCURRENTLY' if tree.concurrent else ''}"
    words = when(WITH_NO_DATA=tree.skip_data, CONCURRENTLY=tree.concurrent)
    return (Operation(kind=kind, relation=name_of(tree.relation), words=words),)
