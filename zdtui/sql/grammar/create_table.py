"""CREATE TABLE in its forms, and foreign tables."""

from collections.abc import Iterable
from dataclasses import replace

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.columns import column_of, constraint_of, referenced
from zdtui.sql.grammar.names import name_of, name_of_parts, options, when
from zdtui.sql.operation import Column, Constraint, Mention, Operation, Role
from zdtui.sql.text.bounds import partition_key
from zdtui.sql.text.pieces import Source


def create_table(tree: pg.CreateStmt, source: Source) -> tuple[Operation, ...]:
    """A plain table, a partitioned one, a partition, one with parents, one of a type."""
    is_partition = tree.HasField("partbound")
    columns = tuple(column_of(each, source) for each in _columns(tree.table_elts))
    constraints = tuple(
        constraint_of(node.constraint, source) for node in tree.table_elts if node.HasField("constraint")
    )
    return (
        Operation(
            kind="CREATE TABLE PARTITION OF" if is_partition else "CREATE TABLE",
            relation=name_of(tree.relation),
            object=name_of_parts(tree.of_typename.names) if tree.HasField("of_typename") else None,
            definitions=columns,
            constraints=constraints,
            mentions=_mentions(tree, columns, constraints),
            parameters=options(tree.options),
            partitioned_by=partition_key(source) if tree.HasField("partspec") else None,
            words=_words(tree, is_partition),
        ),
    )


def create_foreign_table(tree: pg.CreateForeignTableStmt, source: Source) -> tuple[Operation, ...]:
    """As CREATE TABLE; a foreign table may be a partition too."""
    (plain,) = create_table(tree.base_stmt, source)
    words = plain.words | when(PARTITION_OF=tree.base_stmt.HasField("partbound"))
    return (replace(plain, kind="CREATE FOREIGN TABLE", words=words),)


def persistence(relation: pg.RangeVar) -> frozenset[str]:
    """Whether what is made is temporary or unlogged."""
    return when(TEMPORARY=relation.relpersistence == "t", UNLOGGED=relation.relpersistence == "u")


def _words(tree: pg.CreateStmt, is_partition: bool) -> frozenset[str]:
    return persistence(tree.relation) | when(
        IF_NOT_EXISTS=tree.if_not_exists,
        PARTITION_BY=tree.HasField("partspec"),
        INHERITS=bool(tree.inh_relations) and not is_partition,
        DEFAULT=tree.partbound.is_default,
        OF=tree.HasField("of_typename"),
    )


def _columns(nodes: Iterable[pg.Node]) -> Iterable[pg.ColumnDef]:
    return (node.column_def for node in nodes if node.HasField("column_def"))


def _mentions(
    tree: pg.CreateStmt, columns: tuple[Column, ...], constraints: tuple[Constraint, ...]
) -> tuple[Mention, ...]:
    parents = tuple(Mention(Role.PARENT, name_of(node.range_var)) for node in tree.inh_relations)
    models = tuple(
        Mention(Role.LIKE, name_of(node.table_like_clause.relation))
        for node in tree.table_elts
        if node.HasField("table_like_clause")
    )
    of_columns = tuple(each for column in columns for each in column.constraints)
    return parents + models + referenced((*of_columns, *constraints))
