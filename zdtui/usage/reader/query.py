"""SELECT: what its FROM means, its WITH, its columns, and what it reads beside them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import strings
from zdtui.usage.reader.expression import rows_of_call, star
from zdtui.usage.reader.scope import Columns, Found, Level, Scope, Source
from zdtui.usage.reader.walk import Walk

OWN_PARTS = frozenset({"with_clause", "from_clause", "target_list", "sort_clause", "distinct_clause"})
NO_PARTS = frozenset({"into_clause", "locking_clause"})
"""The table that is made, and names of sources that are locked."""
CHANGES = frozenset({"insert_stmt", "update_stmt", "delete_stmt", "merge_stmt"})


def select(walk: Walk, node: pg.SelectStmt, scope: Scope, stars: bool = True) -> Columns:
    """Read a query; the names of the columns it gives. `stars` false: its * asks for no column, as in EXISTS."""
    return _select(walk, node, scope, stars, None)


def select_apart(walk: Walk, node: pg.SelectStmt, scope: Scope) -> list[Found]:
    """The same of a view's query: what each of its columns uses, apart from what every row of it uses."""
    apart: list[Found] = []
    _select(walk, node, scope, True, apart)
    return apart


def _select(walk: Walk, node: pg.SelectStmt, scope: Scope, stars: bool, apart: list[Found] | None) -> Columns:
    scope = with_clause(walk, node.with_clause, scope)
    if node.HasField("larg"):
        return _both(walk, node, scope, stars, apart)
    level = from_clause(walk, node.from_clause, scope)
    inside = scope.inside(level)
    if node.values_lists:
        walk.each(node.values_lists, inside)
        return tuple(f"column{place}" for place, _ in enumerate(node.values_lists[0].list.items, 1))
    columns = targets(walk, node.target_list, inside, stars, apart)
    walk.below(node, inside, without=OWN_PARTS | NO_PARTS)
    _by_output(walk, (*node.sort_clause, *node.distinct_clause), inside, columns)
    return columns


def _both(walk: Walk, node: pg.SelectStmt, scope: Scope, stars: bool, apart: list[Found] | None) -> Columns:
    """UNION, INTERSECT, EXCEPT: the names are the first one's; the order is by them."""
    sides: tuple[list[Found] | None, list[Found] | None] = (None, None) if apart is None else ([], [])
    columns = _select(walk, node.larg, scope, stars, sides[0])
    _select(walk, node.rarg, scope, stars, sides[1])
    if apart is not None and sides[0] is not None and sides[1] is not None:
        for one, other in zip(sides[0], sides[1], strict=False):
            apart.append(Found({**one.uses, **other.uses}, one.whole_rows or other.whole_rows))
    walk.each((node.limit_offset, node.limit_count), scope)
    return columns


def _by_output(walk: Walk, nodes: Iterable[Any], scope: Scope, columns: Columns) -> None:
    """ORDER BY and DISTINCT ON: a bare name that the query gives is that column of it, and no other."""
    for node in nodes:
        expression = node.sort_by.node if node.HasField("sort_by") else node
        names = strings(expression.column_ref.fields) if expression.HasField("column_ref") else ()
        if len(names) != 1 or columns is None or names[0] not in columns:
            walk.into(expression, scope)


def targets(
    walk: Walk, nodes: Iterable[Any], scope: Scope, stars: bool = True, apart: list[Found] | None = None
) -> Columns:
    """The list of columns of a query or a RETURNING; their names."""
    names: list[str] | None = []
    for node in nodes:
        target = node.res_target
        is_star = _is_star(target.val)
        found = walk.found if apart is None else Found()
        if stars or not is_star:
            replace(walk, found=found).into(target.val, scope)
        if apart is not None:
            apart.append(found)
        given = _all_names(target.val, scope) if is_star else (target.name or _name_of(target.val),)
        names = None if names is None or given is None else [*names, *given]
    return None if names is None else tuple(names)


def _is_star(node: pg.Node) -> bool:
    fields = node.column_ref.fields
    return bool(fields) and fields[-1].HasField("a_star")


def _all_names(node: pg.Node, scope: Scope) -> Columns:
    before = strings(node.column_ref.fields)
    sources = scope.rows_called(before[-1]) if before else scope.innermost
    known = [each.columns for each in sources]
    return None if not known or None in known else tuple(name for each in known for name in each or ())


def _name_of(node: pg.Node) -> str:
    """As the server names a column that was given no name."""
    match node.WhichOneof("node"):
        case "column_ref":
            return (strings(node.column_ref.fields) or ("?",))[-1]
        case "func_call":
            return (strings(node.func_call.funcname) or ("?",))[-1]
        case "type_cast":
            return _name_of(node.type_cast.arg)
        case "a_indirection":
            return (strings(node.a_indirection.indirection) or (_name_of(node.a_indirection.arg),))[-1]
        case "coalesce_expr":
            return "coalesce"
        case "case_expr":
            return "case"
        case _:
            return "?column?"


def with_clause(walk: Walk, node: pg.WithClause, scope: Scope) -> Scope:
    """The queries of WITH, each of which knows those before it, and all of them where it is RECURSIVE."""
    expressions = [each.common_table_expr for each in node.ctes]
    if node.recursive:
        for each in expressions:
            scope = scope.knowing(each.ctename, strings(each.aliascolnames) or None)
    for each in expressions:
        columns = read_query(walk, each.ctequery, Scope(scope.levels, scope.made))
        scope = scope.knowing(each.ctename, _renamed(columns, each.aliascolnames))
    return scope


def read_query(walk: Walk, node: pg.Node, scope: Scope) -> Columns:
    """A query or a change with RETURNING; the names of the columns it gives."""
    if node.HasField("select_stmt"):
        return select(walk, node.select_stmt, scope)
    kind = node.WhichOneof("node")
    if kind not in CHANGES:
        walk.into(node, scope)
        return None
    change = getattr(node, kind)
    given = walk.readers[change.DESCRIPTOR.name](walk, change, scope)
    return given if isinstance(given, tuple) else None


def _renamed(columns: Columns, aliases: Iterable[Any]) -> Columns:
    names = strings(aliases)
    return columns if not names else (*names, *(columns or ())[len(names) :])


def from_clause(walk: Walk, nodes: Iterable[Any], scope: Scope) -> Level:
    """The sources that a FROM or USING names, in order: one that is LATERAL knows those before it."""
    level: Level = ()
    for node in nodes:
        level = (*level, *_from_item(walk, node, scope, level))
    return level


def _from_item(walk: Walk, node: pg.Node, scope: Scope, before: Level) -> Level:
    match node.WhichOneof("node"):
        case "range_var":
            return (_relation(walk, node.range_var, scope),)
        case "join_expr":
            return _join(walk, node.join_expr, scope, before)
        case "range_subselect":
            subquery = node.range_subselect
            columns = read_query(walk, subquery.subquery, scope.inside(before) if subquery.lateral else scope)
            return (Source(subquery.alias.aliasname, _renamed(columns, subquery.alias.colnames)),)
        case "range_function":
            return _function(walk, node.range_function, scope.inside(before))
        case "range_table_sample":
            walk.below(node.range_table_sample, scope.inside(before), without=frozenset({"relation"}))
            return _from_item(walk, node.range_table_sample.relation, scope, before)
        case "range_table_func" | "json_table" as kind:
            walk.below(getattr(node, kind), scope.inside(before))
            return (Source(getattr(node, kind).alias.aliasname),)
        case _:
            walk.into(node, scope.inside(before))
            return ()


def _relation(walk: Walk, node: pg.RangeVar, scope: Scope) -> Source:
    if not node.schemaname and node.relname in scope.made:
        columns = _renamed(scope.made[node.relname], node.alias.colnames)
        return Source(node.alias.aliasname or node.relname, columns)
    source = walk.source(node, "reads")
    if node.alias.colnames:
        walk.add_all("gives names to the columns by place of", source.all_uses)
        return replace(source, columns=_renamed(source.columns, node.alias.colnames))
    return source


def _join(walk: Walk, node: pg.JoinExpr, scope: Scope, before: Level) -> Level:
    left = _from_item(walk, node.larg, scope, before)
    right = _from_item(walk, node.rarg, scope, (*before, *left))
    both, named = (*left, *right), strings(node.using_clause)
    for source in both:
        walk.add_all("joins by", (use for column in named if (use := source.use_of(column)) is not None))
    if node.is_natural:
        _natural(walk, left, right)
        _natural(walk, right, left)
    walk.into(node.quals, scope.inside((*before, *both)))
    if node.HasField("join_using_alias"):
        both = (*both, Source(node.join_using_alias.aliasname, named))
    if not node.HasField("alias"):
        return both
    if node.alias.colnames:
        star(walk, both)
    return tuple(replace(each, alias=node.alias.aliasname) for each in both)


def _natural(walk: Walk, one: Level, other: Level) -> None:
    """Columns that both sides have, or may have, are compared."""
    for source in one:
        for column in source.watch.columns:
            if any(each.columns is None or each.has(column) for each in other):
                use = source.use_of(column)
                walk.add_all("joins by", () if use is None else (use,))


def _function(walk: Walk, node: pg.RangeFunction, scope: Scope) -> Level:
    """A function in FROM: rows of a relation where it returns those, else columns of which only the names are known."""
    calls = [item.list.items[0].func_call for item in node.functions if item.list.items]
    walk.each((item for each in node.functions for item in each.list.items[:1]), scope)
    rows = tuple(source for call in calls for source in rows_of_call(walk, call))
    alias = node.alias.aliasname or (strings(calls[0].funcname) or ("",))[-1] if calls else node.alias.aliasname
    if rows:
        return tuple(replace(each, alias=alias) for each in rows)
    defined = tuple(each.column_def.colname for each in node.coldeflist)
    return (Source(alias, defined or None),)


def sub_link(walk: Walk, node: pg.SubLink, scope: Scope) -> None:
    """A subquery in an expression."""
    walk.into(node.testexpr, scope)
    is_exists = node.sub_link_type == pg.EXISTS_SUBLINK
    if node.subselect.HasField("select_stmt"):
        select(walk, node.subselect.select_stmt, scope, stars=not is_exists)


READERS: dict[str, Any] = {"SelectStmt": select, "SubLink": sub_link}
