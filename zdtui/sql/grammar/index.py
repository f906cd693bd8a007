"""CREATE INDEX and REINDEX."""

from collections.abc import Iterable

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import is_on, name_of, options, when
from zdtui.sql.operation import Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source

REINDEXED: dict[int, str] = {
    pg.REINDEX_OBJECT_INDEX: "INDEX",
    pg.REINDEX_OBJECT_TABLE: "TABLE",
    pg.REINDEX_OBJECT_SCHEMA: "SCHEMA",
    pg.REINDEX_OBJECT_DATABASE: "DATABASE",
    pg.REINDEX_OBJECT_SYSTEM: "SYSTEM",
}


def create_index(tree: pg.IndexStmt, source: Source) -> tuple[Operation, ...]:
    """The new index is in its table's schema."""
    table = name_of(tree.relation)
    where = source.find("WHERE") if tree.HasField("where_clause") else None
    return (
        Operation(
            kind=f"CREATE INDEX{' CONCURRENTLY' if tree.concurrent else ''}",
            relation=table,
            object=Name(table.schema, tree.idxname) if tree.idxname else None,
            columns=_columns(tree.index_params),
            where=None if where is None else source.cut(where + 1, len(source.tokens)),
            parameters=options(tree.options),
            type=tree.access_method or None,
            words=when(
                UNIQUE=tree.unique,
                CONCURRENTLY=tree.concurrent,
                IF_NOT_EXISTS=tree.if_not_exists,
                ONLY=not tree.relation.inh,
                NULLS_NOT_DISTINCT=tree.nulls_not_distinct,
                EXPRESSION=any(node.index_elem.HasField("expr") for node in tree.index_params),
            ),
        ),
    )


def _columns(nodes: Iterable[pg.Node]) -> tuple[str, ...]:
    """The plain columns in their order; an expression is none."""
    return tuple(node.index_elem.name for node in nodes if node.index_elem.name)


def reindex(tree: pg.ReindexStmt, source: Source) -> tuple[Operation, ...]:
    """An index or a table, or everything in a schema or the database."""
    concurrently = is_on(tree.params, "concurrently") and tree.kind != pg.REINDEX_OBJECT_SYSTEM
    kind = f"REINDEX {REINDEXED[tree.kind]}{' CONCURRENTLY' if concurrently else ''}"
    return (
        Operation(
            kind=kind,
            relation=name_of(tree.relation) if tree.HasField("relation") else None,
            object=Name(None, tree.name) if tree.name else None,
            words=when(CONCURRENTLY=concurrently),
        ),
    )
