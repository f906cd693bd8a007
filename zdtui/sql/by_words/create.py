"""CREATE of tables, indexes and views, by their words."""

from dataclasses import replace

from zdtui.sql.by_words.alter_table import parameters
from zdtui.sql.by_words.calls import calls_the_unknown
from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.definition import column, constraint, is_constraint
from zdtui.sql.by_words.query import reads_of
from zdtui.sql.operation import Column, Constraint, Mention, Operation, Role
from zdtui.sql.text.bounds import partition_key
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import NOTHING


def create_index(at: Cursor, said: frozenset[str]) -> tuple[Operation, ...] | None:
    """After INDEX."""
    said |= at.take_all("CONCURRENTLY", "IF NOT EXISTS")
    index = None if at.says("ON") else at.simple_name()
    if not at.take("ON"):
        return None
    said |= at.take_all("ONLY")
    table = at.name()
    if table is None:
        return None
    method = at.simple_name() if at.take("USING") else None
    columns = [_indexed(part) for part in at.elements()] if at.token and at.token.text == "(" else []
    at.skip()
    where = at.source.find("WHERE", at.place, at.end)
    options = at.source.find("WITH", at.place, where)
    kind = "CREATE INDEX CONCURRENTLY" if "CONCURRENTLY" in said else "CREATE INDEX"
    words = said | ({"NULLS NOT DISTINCT"} if at.has("NULLS NOT DISTINCT") else NOTHING)
    return (
        Operation(
            kind=kind,
            relation=table,
            object=Name(table.schema, index) if index else None,
            columns=tuple(name for name in columns if name is not None),
            type=method or "btree",
            where=None if where is None else at.source.cut(where + 1, at.end),
            parameters=() if options is None else parameters(Cursor(at.source, options + 1)),
            words=words | ({"EXPRESSION"} if None in columns else NOTHING),
        ),
    )


def _indexed(at: Cursor) -> str | None:
    """The column of an element; None for an expression."""
    found = at.name()
    is_call = at.token is not None and at.token.text == "("
    return None if found is None or is_call else found.name


def create_table(at: Cursor, said: frozenset[str]) -> tuple[Operation, ...] | None:
    """After TABLE."""
    said |= at.take_all("IF NOT EXISTS")
    relation = at.name()
    if relation is None:
        return None
    plain = Operation(kind="CREATE TABLE", relation=relation, words=said)
    if _is_filled(at):
        return (_filled(at, plain),)
    parents: tuple[Mention, ...] = ()
    if at.take("PARTITION OF"):
        parent = at.name()
        parents = (Mention(Role.PARENT, parent),) if parent else ()
        plain = replace(plain, kind="CREATE TABLE PARTITION OF")
    elif at.take("OF"):
        plain = replace(plain, object=at.name(), words=plain.words | {"OF"})
    return (_with_options(at, _with_elements(at, plain), parents),)


def _is_filled(at: Cursor) -> bool:
    """CREATE TABLE name [(columns)] [...] AS query."""
    return not at.says("PARTITION OF") and not at.says("OF") and at.has("AS")


def _filled(at: Cursor, plain: Operation) -> Operation:
    words = plain.words | ({"WITH NO DATA"} if at.has("WITH NO DATA") else NOTHING)
    query = at.source.find("AS", at.place, at.end) or at.end
    is_opaque = at.has("AS EXECUTE") or calls_the_unknown(at.source, NOTHING, query)
    words |= {"OPAQUE"} if is_opaque else NOTHING
    options = at.source.find("WITH", at.place, at.source.find("AS", at.place, at.end))
    return replace(
        plain,
        kind="CREATE TABLE AS",
        mentions=reads_of(at.source),
        parameters=() if options is None else parameters(Cursor(at.source, options + 1)),
        words=words,
    )


def _with_elements(at: Cursor, plain: Operation) -> Operation:
    columns: list[Column] = []
    constraints: list[Constraint] = []
    mentions: list[Mention] = []
    if at.token is not None and at.token.text == "(":
        for part in at.elements():
            if part.take("LIKE"):
                mentions += [Mention(Role.LIKE, name) for name in (part.name(),) if name]
            elif is_constraint(part):
                constraints += [found for found in (constraint(part),) if found]
            elif (found := column(part)) is not None:
                columns.append(found)
        at.skip()
    return replace(plain, definitions=tuple(columns), constraints=tuple(constraints), mentions=tuple(mentions))


def _with_options(at: Cursor, plain: Operation, parents: tuple[Mention, ...]) -> Operation:
    words = plain.words
    inherits = at.source.find("INHERITS", at.place, at.end)
    if inherits is not None:
        named = (part.name() for part in Cursor(at.source, inherits + 1).elements())
        parents = tuple(Mention(Role.PARENT, name) for name in named if name)
        words |= {"INHERITS"}
    words |= {"PARTITION BY"} if at.has("PARTITION BY") else NOTHING
    words |= {"DEFAULT"} if at.says("DEFAULT") else NOTHING
    at.take("FOR VALUES WITH")
    options = at.source.find("WITH", at.place, at.end)
    keys = (*(each for column in plain.definitions for each in column.constraints), *plain.constraints)
    referenced = tuple(Mention(Role.REFERENCED, each.references) for each in keys if each.references)
    return replace(
        plain,
        mentions=parents + plain.mentions + referenced,
        parameters=() if options is None else parameters(Cursor(at.source, options + 1)),
        partitioned_by=partition_key(at.source) if "PARTITION BY" in words else None,
        words=words,
    )


def create_view(at: Cursor, said: frozenset[str], kind: str) -> tuple[Operation, ...] | None:
    """After VIEW: of any kind."""
    said |= at.take_all("IF NOT EXISTS")
    relation = at.name()
    if relation is None:
        return None
    words = said | ({"WITH NO DATA"} if at.has("WITH NO DATA") else NOTHING)
    query = at.source.find("AS", at.place, at.end) or at.end
    options = at.source.find("WITH", at.place, query)
    if kind == "CREATE MATERIALIZED VIEW" and calls_the_unknown(at.source, NOTHING, query):
        words |= {"OPAQUE"}
    return (
        Operation(
            kind=kind,
            relation=relation,
            mentions=reads_of(at.source),
            parameters=() if options is None else parameters(Cursor(at.source, options + 1)),
            words=words,
        ),
    )
