"""Which version of PostgreSQL a statement needs: what each release added to the grammar and to the functions.

After the release notes (https://www.postgresql.org/docs/release/), tried on servers of 15, 16 and 18.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import options
from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import TokenKind


class Needs(NamedTuple):
    """What the statement says, and the first version that knows it."""

    version: int
    what: str


def needs(source: Source) -> Needs | None:
    """The newest thing the statement says; None when every supported version knows all of it, or nobody can tell."""
    trees = trees_of(source)
    found = [each for tree in trees for each in _under(tree)]
    if trees:
        found += _numbers(source)
    return max(found, key=lambda each: each.version, default=None)


def _numbers(source: Source) -> Iterator[Needs]:
    for token in source.tokens:
        if token.kind is TokenKind.NUMBER and ("_" in token.text or token.text[:2].lower() in ("0x", "0o", "0b")):
            yield Needs(16, f"the number {token.text[:30]}")


def _under(tree: Any) -> Iterator[Needs]:
    """Of this node and all below it; walked without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if (look := LOOKERS.get(node.DESCRIPTOR.name)) is not None:
            yield from look(node)
        for described, value in node.ListFields():
            if described.message_type is not None:
                waiting.extend(value if described.is_repeated else (value,))


def _constraint(tree: pg.Constraint) -> Iterator[Needs]:
    enforced = tree.contype in (pg.CONSTR_CHECK, pg.CONSTR_FOREIGN)
    if tree.contype == pg.CONSTR_GENERATED and tree.generated_kind == "v":
        yield Needs(18, "VIRTUAL")
    if tree.contype == pg.CONSTR_NOTNULL and tree.keys:
        yield Needs(18, "NOT NULL as a constraint of the table")
    if (enforced and not tree.is_enforced) or tree.contype == pg.CONSTR_ATTR_NOT_ENFORCED:
        yield Needs(18, "NOT ENFORCED")
    if tree.without_overlaps or tree.fk_with_period:
        yield Needs(18, "WITHOUT OVERLAPS" if tree.without_overlaps else "PERIOD")
    if tree.nulls_not_distinct:
        yield Needs(15, "NULLS NOT DISTINCT")
    if tree.fk_del_set_cols:
        yield Needs(15, "ON DELETE SET of some columns")


def _altered_constraint(tree: pg.ATAlterConstraint) -> Iterator[Needs]:
    if tree.alter_enforceability or tree.alter_inheritability:
        yield Needs(
            18, "ALTER CONSTRAINT ... ENFORCED" if tree.alter_enforceability else "ALTER CONSTRAINT ... INHERIT"
        )


def _alter_table(tree: pg.AlterTableCmd) -> Iterator[Needs]:
    match tree.subtype:
        case pg.AT_SetExpression:
            yield Needs(17, "SET EXPRESSION")
        case pg.AT_SetAccessMethod:
            yield Needs(15 if tree.name else 17, f"SET ACCESS METHOD{'' if tree.name else ' DEFAULT'}")
        case pg.AT_SetCompression:
            yield Needs(14, "SET COMPRESSION")
        case pg.AT_DetachPartition if getattr(tree, "def").partition_cmd.concurrent:
            yield Needs(14, "DETACH PARTITION CONCURRENTLY")
        case pg.AT_DetachPartitionFinalize:
            yield Needs(14, "DETACH PARTITION FINALIZE")
        case _:
            pass


def _sequence_logged(tree: pg.AlterTableStmt) -> Iterator[Needs]:
    kinds = {node.alter_table_cmd.subtype for node in tree.cmds}
    if tree.objtype == pg.OBJECT_SEQUENCE and kinds & {pg.AT_SetLogged, pg.AT_SetUnLogged}:
        yield Needs(15, "ALTER SEQUENCE SET LOGGED or UNLOGGED")


def _column(tree: pg.ColumnDef) -> Iterator[Needs]:
    if tree.storage_name:
        yield Needs(16, "STORAGE of a new column")
    if tree.compression:
        yield Needs(14, "COMPRESSION")


def _merge(tree: pg.MergeStmt) -> Iterator[Needs]:
    yield Needs(15, "MERGE")
    if tree.HasField("returning_clause"):
        yield Needs(17, "MERGE ... RETURNING")
    if any(
        node.merge_when_clause.match_kind == pg.MERGE_WHEN_NOT_MATCHED_BY_SOURCE for node in tree.merge_when_clauses
    ):
        yield Needs(17, "WHEN NOT MATCHED BY SOURCE")


def _returning(tree: pg.ReturningClause) -> Iterator[Needs]:
    """`old.a` alone may be a table called old."""
    if tree.options:
        yield Needs(18, "RETURNING WITH (OLD ...)")


def _index(tree: pg.IndexStmt) -> Iterator[Needs]:
    if tree.nulls_not_distinct:
        yield Needs(15, "NULLS NOT DISTINCT")


def _trigger(tree: pg.CreateTrigStmt) -> Iterator[Needs]:
    if tree.replace:
        yield Needs(14, "CREATE OR REPLACE TRIGGER")


def _function(tree: pg.CreateFunctionStmt) -> Iterator[Needs]:
    if tree.HasField("sql_body"):
        yield Needs(14, "a body that is no string (BEGIN ATOMIC, RETURN)")


def _with(tree: pg.CommonTableExpr) -> Iterator[Needs]:
    if tree.HasField("search_clause") or tree.HasField("cycle_clause"):
        yield Needs(14, "SEARCH or CYCLE")


def _subselect(tree: pg.RangeSubselect) -> Iterator[Needs]:
    if not tree.alias.aliasname:
        yield Needs(16, "a subquery in FROM without a name")


def _select(tree: pg.SelectStmt) -> Iterator[Needs]:
    if tree.group_distinct:
        yield Needs(14, "GROUP BY DISTINCT")


def _copy(tree: pg.CopyStmt) -> Iterator[Needs]:
    said = {each.lower() for each in options(tree.options)}
    if said & {"on_error", "log_verbosity"}:
        yield Needs(17, "COPY with ON_ERROR")
    if "reject_limit" in said:
        yield Needs(18, "COPY with REJECT_LIMIT")
    if tree.is_from and "default" in said:
        yield Needs(16, "COPY with DEFAULT")


def _view(tree: pg.ViewStmt) -> Iterator[Needs]:
    if "security_invoker" in options(tree.options):
        yield Needs(15, "security_invoker")


def _published(tree: pg.PublicationTable) -> Iterator[Needs]:
    if tree.columns or tree.HasField("where_clause"):
        yield Needs(15, "columns or rows of a published table")


def _published_schema(tree: pg.PublicationObjSpec) -> Iterator[Needs]:
    if tree.pubobjtype in (pg.PUBLICATIONOBJ_TABLES_IN_SCHEMA, pg.PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA):
        yield Needs(15, "TABLES IN SCHEMA")


def _grant(tree: pg.GrantStmt) -> Iterator[Needs]:
    if any(node.access_priv.priv_name == "maintain" for node in tree.privileges):
        yield Needs(17, "the privilege MAINTAIN")


def _reindex(tree: pg.ReindexStmt) -> Iterator[Needs]:
    if "tablespace" in options(tree.params):
        yield Needs(14, "REINDEX to another tablespace")


def _vacuum(tree: pg.VacuumStmt) -> Iterator[Needs]:
    if any(not node.vacuum_relation.relation.inh for node in tree.rels if node.vacuum_relation.HasField("relation")):
        yield Needs(18, "VACUUM or ANALYZE ONLY")


def _set(tree: pg.VariableSetStmt) -> Iterator[Needs]:
    if (since := SETTINGS.get(tree.name)) is not None:
        yield Needs(since, f"the parameter {tree.name}")


def _call(tree: pg.FuncCall) -> Iterator[Needs]:
    parts = [node.string.sval for node in tree.funcname]
    if parts[:-1] in ([], ["pg_catalog"]) and (since := FUNCTIONS.get(parts[-1])) is not None:
        yield Needs(since, f"the function {parts[-1]}()")


def _always(version: int, what: str) -> Callable[[Any], Iterator[Needs]]:
    return lambda tree: iter((Needs(version, what),))


SETTINGS = {"transaction_timeout": 17, "idle_session_timeout": 14, "vacuum_buffer_usage_limit": 16}
FUNCTIONS = (
    dict.fromkeys(["uuidv4", "uuidv7", "array_sort", "array_reverse", "casefold", "crc32", "crc32c", "gamma"], 18)
    | dict.fromkeys(["lgamma"], 18)
    | dict.fromkeys(["uuid_extract_timestamp", "uuid_extract_version", "to_bin", "to_oct", "unicode_assigned"], 17)
    | dict.fromkeys(["xmltext", "pg_basetype", "jsonb_populate_record_valid"], 17)
    | dict.fromkeys(["any_value", "array_sample", "array_shuffle", "date_add", "date_subtract", "erf", "erfc"], 16)
    | dict.fromkeys(["random_normal", "pg_input_is_valid", "pg_input_error_info"], 16)
    | dict.fromkeys(["regexp_count", "regexp_instr", "regexp_like", "regexp_substr"], 15)
    | dict.fromkeys(["date_bin", "bit_count", "string_to_table", "trim_array", "unistr"], 14)
)
"""Functions by the release that brought them."""
LOOKERS: dict[str, Callable[[Any], Iterator[Needs]]] = {
    "Constraint": _constraint,
    "ATAlterConstraint": _altered_constraint,
    "AlterTableCmd": _alter_table,
    "AlterTableStmt": _sequence_logged,
    "ColumnDef": _column,
    "MergeStmt": _merge,
    "ReturningClause": _returning,
    "IndexStmt": _index,
    "CreateTrigStmt": _trigger,
    "CreateFunctionStmt": _function,
    "CommonTableExpr": _with,
    "RangeSubselect": _subselect,
    "SelectStmt": _select,
    "CopyStmt": _copy,
    "ViewStmt": _view,
    "PublicationTable": _published,
    "PublicationObjSpec": _published_schema,
    "GrantStmt": _grant,
    "ReindexStmt": _reindex,
    "VacuumStmt": _vacuum,
    "VariableSetStmt": _set,
    "FuncCall": _call,
    "JsonTable": _always(17, "JSON_TABLE"),
    "JsonFuncExpr": _always(17, "JSON_VALUE, JSON_QUERY or JSON_EXISTS"),
    "JsonParseExpr": _always(17, "JSON()"),
    "JsonScalarExpr": _always(17, "JSON_SCALAR"),
    "JsonSerializeExpr": _always(17, "JSON_SERIALIZE"),
    "JsonObjectConstructor": _always(16, "JSON_OBJECT with keys and values"),
    "JsonArrayConstructor": _always(16, "JSON_ARRAY"),
    "JsonArrayQueryConstructor": _always(16, "JSON_ARRAY"),
    "JsonObjectAgg": _always(16, "JSON_OBJECTAGG"),
    "JsonArrayAgg": _always(16, "JSON_ARRAYAGG"),
    "JsonIsPredicate": _always(16, "IS JSON"),
}
"""By the name of the node."""
