"""What one statement uses, by the server's own grammar. Never raises."""

from dataclasses import dataclass
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.text.identifiers import identifiers
from zdtui.sql.text.pieces import Source as Written
from zdtui.sql.text.quote import string_value
from zdtui.sql.text.tokens import TokenKind, tokens
from zdtui.usage.reader import change, expression, query
from zdtui.usage.reader.plpgsql import Body, body_of
from zdtui.usage.reader.scope import Found, Scope, Source
from zdtui.usage.reader.walk import Reader, Walk
from zdtui.usage.reader.watched import Watched

READERS: dict[str, Reader] = {**expression.READERS, **query.READERS, **change.READERS}
WITH_QUERY = frozenset({"prepare_stmt", "declare_cursor_stmt", "explain_stmt", "create_table_as_stmt"})
"""Statements around a query."""
USING_WORDS = frozenset(
    {"SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE", "LOCK"}
    | {"PREPARE", "DECLARE", "EXPLAIN", "CALL", "DO", "CREATE", "REFRESH"}
)
"""How a statement begins that may read or write rows."""
NOT_TAKEN = "the server's grammar, as it is known here, does not take it"
PUT_TOGETHER = "it runs SQL that it puts together"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was found to do."""

    uses: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Why something of it could not be read."""
    whole_rows: bool = False
    """It takes whole rows that it was given, such as NEW."""


def read_statement(text: str, watched: Watched) -> Reading:
    """What a statement that was sent uses, by whichever relations its names may mean."""
    first = next(tokens(text), None)
    if first is None:
        return Reading()
    if first.upper == "DO":
        return _do(text, watched)
    if not watched.names & identifiers((text,)):
        return Reading()
    found = Found()
    trees = trees_of(Written(text))
    if not trees:
        begins = first.upper in USING_WORDS or first.text == "("
        return Reading(unread=(NOT_TAKEN,) if begins else ())
    walk = Walk(watched, found, READERS)
    for tree in trees:
        _top(walk, tree)
    return reading_of(found)


def read_body(text: str, watched: Watched, given: tuple[Source, ...] = ()) -> Reading:
    """The same of a body in PL/pgSQL; `given` are rows that it was given."""
    body, found = body_of(text), Found()
    rows = (*given, *_declared(body, watched))
    walk, scope = Walk(watched, found, READERS), Scope((rows,))
    unread = [PUT_TOGETHER] if body.dynamic else []
    for each in body.queries:
        if watched.names.isdisjoint(names := identifiers((each,))) and not any(row.alias in names for row in rows):
            continue
        trees = trees_of(Written(each))
        for tree in trees:
            walk.into(tree, scope)
        if not trees:
            unread.append(f"a part of it cannot be read: {' '.join(each.split())[:80]}")
    for table, column in body.types:
        _typed(walk, table, column)
    for record, column in body.fields:
        for source in scope.rows_called(record):
            walk.add_all("writes", () if (use := source.use_of(column)) is None else (use,))
    read = reading_of(found)
    return Reading(read.uses, (*read.unread, *unread), read.whole_rows)


def read_queries(text: str, watched: Watched, given: tuple[Source, ...] = ()) -> Reading:
    """The same of a body in SQL."""
    found = Found()
    walk, trees = Walk(watched, found, READERS), trees_of(Written(text))
    for tree in trees:
        walk.into(
            tree.create_function_stmt.sql_body if tree.HasField("create_function_stmt") else tree, Scope((given,))
        )
    if not trees and watched.names & identifiers((text,)):
        return Reading(unread=(NOT_TAKEN,))
    return reading_of(found)


def reading_of(found: Found) -> Reading:
    """What was found, told apart by whether it could be read."""
    uses = tuple(said for said, readable in found.uses.items() if readable)
    return Reading(uses, tuple(said for said, readable in found.uses.items() if not readable), found.whole_rows)


def _top(walk: Walk, tree: pg.Node) -> None:
    kind = tree.WhichOneof("node")
    statement = getattr(tree, kind) if kind else None
    if kind in ("select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt", "copy_stmt", "call_stmt"):
        walk.into(tree, Scope())
    elif kind in WITH_QUERY and statement is not None:
        _top(walk, statement.query)
    elif kind in ("truncate_stmt", "lock_stmt") and statement is not None:
        _whole_tables(walk, statement.relations, "empties" if kind == "truncate_stmt" else "locks")
    elif kind == "refresh_mat_view_stmt" and statement is not None:
        source = walk.source(statement.relation, "refreshes")
        walk.add_all("refreshes", source.all_uses)


def _whole_tables(walk: Walk, relations: Any, how: str) -> None:
    """They name no column; who looks for the table finds them."""
    for each in relations:
        walk.source(each.range_var, how)
        if how == "empties":
            walk.changes(each.range_var)


def _do(text: str, watched: Watched) -> Reading:
    """The block of a DO in PL/pgSQL."""
    strings = [string_value(each.text) for each in tokens(text) if each.kind is TokenKind.STRING]
    read = read_body(max(strings, key=len, default=""), watched)
    return (
        read if "plpgsql" in text or "LANGUAGE" not in text.upper() else Reading(unread=("it is in another language",))
    )


def _declared(body: Body, watched: Watched) -> tuple[Source, ...]:
    return tuple(
        Source(variable, watched.columns.get(each), watched.relations[each], str(each), given=True)
        for variable, name in body.rows
        for each in watched.meant_by(name)
        if each in watched.relations
    )


def _typed(walk: Walk, table: Any, column: str) -> None:
    for each in walk.watched.meant_by(table):
        watch = walk.watched.relations.get(each)
        why = None if watch is None else watch.columns.get(column)
        if why is not None:
            walk.found.say(why.text or f"takes the type of {each}.{column}", why.readable)
