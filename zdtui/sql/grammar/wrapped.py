"""Statements around a query: COPY, EXPLAIN, PREPARE, EXECUTE, DECLARE, DO and CALL."""

from dataclasses import replace

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import is_on, name_of, name_of_parts, options, strings, when
from zdtui.sql.grammar.query import as_mentions, change, create_table_as, select
from zdtui.sql.operation import Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import AFTER_WHERE, Source

OPAQUE = frozenset({"OPAQUE"})


def inner(node: pg.Node, source: Source, first: int = 0) -> tuple[Operation, ...]:
    """What the statement inside does; EXECUTE and the like show nothing."""
    match node.WhichOneof("node"):
        case "select_stmt":
            return select(node.select_stmt, source, first)
        case "insert_stmt" | "update_stmt" | "delete_stmt" | "merge_stmt" as kind:
            return change(getattr(node, kind), source)
        case "create_table_as_stmt":
            return create_table_as(node.create_table_as_stmt, source)
        case "declare_cursor_stmt":
            return declare(node.declare_cursor_stmt, source)
        case "refresh_mat_view_stmt" as kind:
            return (Operation(kind="REFRESH MATERIALIZED VIEW", relation=name_of(getattr(node, kind).relation)),)
        case _:
            return (Operation(kind="EXECUTE", words=OPAQUE),)


def copy(tree: pg.CopyStmt, source: Source) -> tuple[Operation, ...]:
    """Rows into a table, or out of a table or a query; a query that changes rows is that change."""
    kind = "COPY FROM" if tree.is_from else "COPY TO"
    words = when(PROGRAM=tree.is_program, STDIN=tree.is_from and not tree.filename) | frozenset(
        name.upper() for name in options(tree.options) if name in ("freeze", "on_error") and is_on(tree.options, name)
    )
    if tree.HasField("relation"):
        where = source.find("WHERE") if tree.HasField("where_clause") else None
        return (
            Operation(
                kind=kind,
                relation=name_of(tree.relation),
                columns=strings(tree.attlist),
                where=None if where is None else source.cut(where + 1, source.end_of(where + 1, AFTER_WHERE)),
                words=words,
            ),
        )
    opening = next(place for place, token in enumerate(source.tokens) if token.text == "(")
    found = inner(tree.query, source, opening + 1)
    if found[0].kind != "SELECT":
        return found
    return (replace(found[0], kind=kind, words=found[0].words | words),)


def explain(tree: pg.ExplainStmt, source: Source) -> tuple[Operation, ...]:
    """ANALYZE does what it explains; without, the locks of planning are taken and nothing is done."""
    found = inner(tree.query, source)
    if is_on(tree.options, "analyze"):
        return tuple(replace(each, words=each.words | {"EXPLAIN ANALYZE"}) for each in found)
    return (Operation(kind="EXPLAIN", mentions=as_mentions(found)),)


def prepare(tree: pg.PrepareStmt, source: Source) -> tuple[Operation, ...]:
    """Locks as EXPLAIN; what it does is done by EXECUTE."""
    mentions = as_mentions(inner(tree.query, source))
    return (Operation(kind="PREPARE", object=Name(None, tree.name), mentions=mentions),)


def execute(tree: pg.ExecuteStmt, source: Source) -> tuple[Operation, ...]:
    """Does what PREPARE said elsewhere."""
    return (Operation(kind="EXECUTE", object=Name(None, tree.name), words=OPAQUE),)


def declare(tree: pg.DeclareCursorStmt, source: Source) -> tuple[Operation, ...]:
    """A cursor over a query."""
    found = inner(tree.query, source)
    return (Operation(kind="DECLARE", object=Name(None, tree.portalname), mentions=as_mentions(found)),)


def do(tree: pg.DoStmt, source: Source) -> tuple[Operation, ...]:
    """A body in another language, of which nothing is known."""
    bodies = [node.def_elem.arg.string.sval for node in tree.args if node.def_elem.defname == "as"]
    return (Operation(kind="DO", expression=bodies[0] if bodies else None, words=OPAQUE),)


def call(tree: pg.CallStmt, source: Source) -> tuple[Operation, ...]:
    """A procedure, of which nothing is known."""
    return (Operation(kind="CALL", object=name_of_parts(tree.funccall.funcname), words=OPAQUE),)
