"""Columns, whole rows, functions and subqueries inside an expression."""

from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import name_of_parts, strings
from zdtui.usage.reader.scope import Level, Scope, Source
from zdtui.usage.reader.walk import Walk

SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})


def column_ref(walk: Walk, node: pg.ColumnRef, scope: Scope) -> None:
    """`name`, `u.name`, `public.users.name`, `u.*`, `*`, and `u` for the whole row."""
    parts = strings(node.fields)
    if node.fields and node.fields[-1].HasField("a_star"):
        star(walk, scope.rows_called(parts[-1]) if parts else scope.innermost)
    elif len(parts) == 1:
        _bare(walk, parts[0], scope)
    elif parts:
        field(walk, scope.rows_called(parts[-2]), parts[-1])


def star(walk: Walk, sources: Level) -> None:
    """All columns of these sources."""
    for source in sources:
        if source.given:
            walk.found.whole_rows |= bool(source.watch.columns)
        else:
            walk.add_all("reads every column of", source.all_uses)


def field(walk: Walk, sources: Level, column: str) -> None:
    """One column of a row. What is no column may be a function of the whole row."""
    for source in sources:
        if (use := source.use_of(column)) is not None:
            walk.found.add("reads", use)
        elif _may_be_a_function(source, column):
            walk.add_all(f"calls {column}() with whole rows of", source.all_uses)


def _may_be_a_function(source: Source, name: str) -> bool:
    """Whether a name that is asked of a row is none of its columns."""
    known = source.columns is not None and not source.given
    return known and not source.has(name) and name not in SYSTEM_COLUMNS


def _bare(walk: Walk, name: str, scope: Scope) -> None:
    uses = scope.uses_of_bare(name)
    if uses is not None:
        walk.add_all("reads", uses)
        return
    for source in scope.rows_called(name):
        if source.given:
            walk.found.whole_rows |= bool(source.watch.columns)
        else:
            walk.add_all("reads whole rows of", source.all_uses)


def indirection(walk: Walk, node: pg.A_Indirection, scope: Scope) -> None:
    """`(u).name`, `($1).name`, `(u).*`, `(f(1)).name`, `a[1]`."""
    names, arg = strings(node.indirection), node.arg
    is_star = any(each.HasField("a_star") for each in node.indirection)
    sources = _rows(walk, arg, scope)
    if sources and (names or is_star):
        if is_star:
            star(walk, sources)
        else:
            field(walk, sources, names[0])
        if arg.HasField("func_call"):
            walk.into(arg, scope)
    else:
        walk.into(arg, scope)
    walk.each(node.indirection, scope)


def _rows(walk: Walk, arg: pg.Node, scope: Scope) -> Level:
    """The sources whose whole row the expression is."""
    match arg.WhichOneof("node"):
        case "column_ref":
            parts = strings(arg.column_ref.fields)
            is_column = len(parts) == 1 and scope.uses_of_bare(parts[0]) is not None
            return () if is_column or not parts else scope.rows_called(parts[-1])
        case "param_ref":
            return scope.rows_called(f"${arg.param_ref.number}")
        case "func_call":
            return rows_of_call(walk, arg.func_call)
        case _:
            return ()


def rows_of_call(walk: Walk, node: pg.FuncCall) -> Level:
    """What a function that returns rows of a relation gives."""
    name = name_of_parts(node.funcname)
    return tuple(replace(walk.row_of(each), alias=name.name) for each in walk.watched.rows_of(name))


def function_call(walk: Walk, node: pg.FuncCall, scope: Scope) -> None:
    """A call, and what it is given. Of count(*) the star is no column."""
    for why in walk.watched.of_functions(name_of_parts(node.funcname)):
        walk.say(why)
    walk.below(node, scope, without=frozenset({"funcname"}))


READERS: dict[str, Any] = {
    "ColumnRef": column_ref,
    "A_Indirection": indirection,
    "FuncCall": function_call,
}
