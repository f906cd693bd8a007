"""SELECT, INSERT, UPDATE, DELETE, MERGE, and what is made from a query."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.create_table import persistence
from zdtui.sql.grammar.names import name_of, options, when
from zdtui.sql.grammar.reading import CHANGES, Reading, read_all, read_change
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.pieces import AFTER_WHERE, Source

AFTER_SET = frozenset({"FROM", "WHERE", "RETURNING"})
DONE_BY_MERGE = {pg.CMD_INSERT: "INSERT", pg.CMD_UPDATE: "UPDATE", pg.CMD_DELETE: "DELETE"}


def select(tree: pg.SelectStmt, source: Source, first: int = 0) -> tuple[Operation, ...]:
    """A query that begins at a token, or the changes its WITH makes, or the table INTO makes."""
    found = read_all(tree)
    into = _into(tree)
    if into is None and found.changes:
        return _with_reads([_change(each, source) for each in found.changes], found)
    mentions, words = tuple(found.mentions), found.words
    if into is None:
        where = _where(tree.HasField("where_clause"), source, first)
        return (Operation(kind="SELECT", mentions=mentions, where=where, words=words | _limits(tree)),)
    made = Operation(
        kind="SELECT INTO", relation=name_of(into.rel), mentions=mentions, words=words | persistence(into.rel)
    )
    return (made,)


def change(tree: Any, source: Source) -> tuple[Operation, ...]:
    """An INSERT, UPDATE, DELETE or MERGE, then the changes in its WITH."""
    found = read_change(tree)
    first = replace(_change(tree, source), mentions=tuple(found.mentions))
    return (
        replace(first, words=first.words | found.words),
        *(_change(each, source) for each in found.changes),
    )


def create_table_as(tree: pg.CreateTableAsStmt, source: Source) -> tuple[Operation, ...]:
    """A table or a materialized view filled from a query."""
    found = read_all(tree.query)
    is_prepared = tree.query.HasField("execute_stmt")
    words = persistence(tree.into.rel) | when(
        WITH_NO_DATA=tree.into.skip_data, IF_NOT_EXISTS=tree.if_not_exists, OPAQUE=is_prepared or bool(found.calls)
    )
    kind = "CREATE MATERIALIZED VIEW" if tree.objtype == pg.OBJECT_MATVIEW else "CREATE TABLE AS"
    return (
        Operation(
            kind=kind,
            relation=name_of(tree.into.rel),
            mentions=tuple(found.mentions),
            parameters=options(tree.into.options),
            words=words,
        ),
    )


def as_mentions(found: Iterable[Operation]) -> tuple[Mention, ...]:
    """What operations touch, for a statement that only names them: PREPARE, EXPLAIN, CREATE RULE."""
    mentions: dict[Mention, None] = {}
    for operation in found:
        if operation.relation is not None and operation.kind in CHANGES.values():
            mentions[Mention(Role.WRITTEN, operation.relation, "ONLY" in operation.words)] = None
        mentions.update(dict.fromkeys(operation.mentions))
    return tuple(mentions)


def _with_reads(changes: list[Operation], found: Reading) -> tuple[Operation, ...]:
    """The first change answers for what the query around it reads."""
    own = (Role.WRITTEN, changes[0].relation)
    mentions = tuple(each for each in found.mentions if (each.role, each.name) != own)
    first = replace(changes[0], mentions=mentions, words=changes[0].words | found.words)
    return (first, *changes[1:])


def _into(tree: pg.SelectStmt) -> pg.IntoClause | None:
    """Of a UNION it stands in the first SELECT."""
    while not tree.HasField("into_clause") and tree.HasField("larg"):
        tree = tree.larg
    return tree.into_clause if tree.HasField("into_clause") else None


def _limits(tree: pg.SelectStmt) -> frozenset[str]:
    return when(LIMIT=tree.HasField("limit_count"))


def _change(tree: Any, source: Source) -> Operation:
    match tree.DESCRIPTOR.name:
        case "InsertStmt":
            return _insert(tree)
        case "UpdateStmt":
            return _update(tree, source)
        case "DeleteStmt":
            where = _where(tree.HasField("where_clause"), source, source.at(tree.relation.location))
            return Operation(kind="DELETE", relation=name_of(tree.relation), where=where, words=_only(tree))
        case _:
            done = {DONE_BY_MERGE.get(node.merge_when_clause.command_type, "") for node in tree.merge_when_clauses}
            words = frozenset(done - {""}) | _only(tree)
            return Operation(kind="MERGE", relation=name_of(tree.relation), words=words)


def _insert(tree: pg.InsertStmt) -> Operation:
    conflict = tree.on_conflict_clause
    return Operation(
        kind="INSERT",
        relation=name_of(tree.relation),
        columns=tuple(node.res_target.name for node in tree.cols),
        words=when(
            VALUES=bool(tree.select_stmt.select_stmt.values_lists),
            SELECT=tree.HasField("select_stmt") and not tree.select_stmt.select_stmt.values_lists,
            ON_CONFLICT_DO_NOTHING=conflict.action == pg.ONCONFLICT_NOTHING,
            ON_CONFLICT_DO_UPDATE=conflict.action == pg.ONCONFLICT_UPDATE,
        ),
    )


def _update(tree: pg.UpdateStmt, source: Source) -> Operation:
    here = source.at(tree.relation.location)
    set_word = source.find("SET", here)
    assigned = None if set_word is None else _list_until(source, set_word + 1)
    return Operation(
        kind="UPDATE",
        relation=name_of(tree.relation),
        columns=tuple(node.res_target.name for node in tree.target_list),
        expression=assigned,
        where=_where(tree.HasField("where_clause"), source, here),
        words=_only(tree),
    )


def _only(tree: Any) -> frozenset[str]:
    return when(ONLY=not tree.relation.inh)


def _list_until(source: Source, first: int) -> str | None:
    """The assignments of SET, commas and all."""
    end = source.end_of(first, AFTER_SET)
    while end < len(source.tokens) and source.tokens[end].text == ",":
        end = source.end_of(end + 1, AFTER_SET)
    return source.cut(first, end)


def _where(is_said: bool, source: Source, first: int) -> str | None:
    word = source.find("WHERE", first) if is_said else None
    return None if word is None else source.cut(word + 1, source.end_of(word + 1, AFTER_WHERE))
