"""INSERT, UPDATE, DELETE, MERGE and COPY: the columns they write, and what they read on the way."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import name_of, strings
from zdtui.usage.reader.query import from_clause, targets, with_clause
from zdtui.usage.reader.scope import Columns, Level, Scope, Source
from zdtui.usage.reader.walk import Walk

ALL = "writes every column, by place, of"


def insert(walk: Walk, node: pg.InsertStmt, scope: Scope) -> Columns:
    """Without a list of columns it writes by place, so every column counts; DEFAULT VALUES names none."""
    scope = with_clause(walk, node.with_clause, scope)
    target = _target(walk, node.relation)
    if node.cols:
        _written(walk, target, (each.res_target.name for each in node.cols))
        walk.each((part for each in node.cols for part in each.res_target.indirection), scope)
    elif node.HasField("select_stmt"):
        walk.add_all(ALL, target.all_uses)
    walk.into(node.select_stmt, scope)
    if node.HasField("on_conflict_clause"):
        _on_conflict(walk, node, target, scope)
    return _returning(walk, node, (target,), scope)


def _on_conflict(walk: Walk, node: pg.InsertStmt, target: Source, scope: Scope) -> None:
    clause = node.on_conflict_clause
    inside = scope.inside((target, replace(target, alias="excluded")))
    elements = [each.index_elem for each in clause.infer.index_elems]
    _read(walk, target, (each.name for each in elements if each.name))
    walk.each((each.expr for each in elements), scope.inside((target,)))
    walk.into(clause.infer.where_clause, scope.inside((target,)))
    if clause.infer.conname:
        for table in walk.watched.meant_by(name_of(node.relation)):
            _read(walk, target, walk.watched.constraints.get((table, clause.infer.conname), ()))
    _set(walk, target, clause.target_list, inside)
    walk.into(clause.where_clause, inside)


def update(walk: Walk, node: pg.UpdateStmt, scope: Scope) -> Columns:
    """The columns of SET, and what its expressions and its WHERE read."""
    scope = with_clause(walk, node.with_clause, scope)
    target = _target(walk, node.relation)
    level = (target, *from_clause(walk, node.from_clause, scope))
    inside = scope.inside(level)
    _set(walk, target, node.target_list, inside)
    walk.into(node.where_clause, inside)
    return _returning(walk, node, level, scope)


def delete(walk: Walk, node: pg.DeleteStmt, scope: Scope) -> Columns:
    """It writes no column; what its WHERE reads counts."""
    scope = with_clause(walk, node.with_clause, scope)
    level = (_target(walk, node.relation), *from_clause(walk, node.using_clause, scope))
    walk.into(node.where_clause, scope.inside(level))
    return _returning(walk, node, level, scope)


def merge(walk: Walk, node: pg.MergeStmt, scope: Scope) -> Columns:
    """What is done when rows match, and when not."""
    scope = with_clause(walk, node.with_clause, scope)
    target = _target(walk, node.relation)
    level = (target, *from_clause(walk, (node.source_relation,), scope))
    inside = scope.inside(level)
    walk.into(node.join_condition, inside)
    for each in node.merge_when_clauses:
        clause = each.merge_when_clause
        walk.into(clause.condition, inside)
        _set(walk, target, clause.target_list, inside)
        walk.each(clause.values, inside)
        if clause.command_type == pg.CMD_INSERT and clause.values and not clause.target_list:
            walk.add_all(ALL, target.all_uses)
    return _returning(walk, node, level, scope)


def copy(walk: Walk, node: pg.CopyStmt, scope: Scope) -> None:
    """Without a list of columns it is all of them."""
    walk.into(node.query, scope)
    if not node.HasField("relation"):
        return
    source = walk.source(node.relation, "writes" if node.is_from else "reads")
    if node.is_from:
        walk.changes(node.relation)
    columns = strings(node.attlist)
    if columns:
        (_written if node.is_from else _read)(walk, source, columns)
    else:
        walk.add_all(ALL if node.is_from else "reads every column of", source.all_uses)
    walk.into(node.where_clause, scope.inside((source,)))


def _target(walk: Walk, relation: pg.RangeVar) -> Source:
    walk.changes(relation)
    return walk.source(relation, "writes")


def _set(walk: Walk, target: Source, nodes: Iterable[Any], scope: Scope) -> None:
    """A list of assignments, or the columns of a MERGE's INSERT."""
    for node in nodes:
        _written(walk, target, (node.res_target.name,))
        walk.each(node.res_target.indirection, scope)
        walk.into(node.res_target.val, scope)


def _written(walk: Walk, target: Source, columns: Iterable[str]) -> None:
    walk.add_all("writes", (use for each in columns if (use := target.use_of(each)) is not None))


def _read(walk: Walk, target: Source, columns: Iterable[str]) -> None:
    walk.add_all("reads", (use for each in columns if (use := target.use_of(each)) is not None))


def _returning(walk: Walk, node: Any, level: Level, scope: Scope) -> Columns:
    """From PostgreSQL 18 on `old` and `new` are rows of the target too, by these names or by others."""
    clause = node.returning_clause
    given = {each.returning_option.value for each in clause.options}
    rows = tuple(replace(level[0], alias=alias) for alias in ("old", "new", *given))
    named = {each.alias for each in level}
    inside = Scope((level, tuple(each for each in rows if each.alias not in named), *scope.levels), scope.made)
    return targets(walk, clause.exprs, inside)


READERS: dict[str, Any] = {
    "InsertStmt": insert,
    "UpdateStmt": update,
    "DeleteStmt": delete,
    "MergeStmt": merge,
    "CopyStmt": copy,
}
