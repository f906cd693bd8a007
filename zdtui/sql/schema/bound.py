"""What names a column once and then follows it by its number, whatever it is called later. Pure.

PostgreSQL keeps views, policies, the column list of an UPDATE OF trigger and that of a publication by the numbers of
columns: a name that goes from one column to another does not take them along.
"""

from collections.abc import Iterator

from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import Schema
from zdtui.sql.text.name import Name
from zdtui.sql.text.tokens import TokenKind, tokens

TABLES_IN = {
    "CREATE VIEW": Role.READ,
    "CREATE MATERIALIZED VIEW": Role.READ,
    "CREATE PUBLICATION": Role.PUBLISHED,
}
WHAT = {"CREATE VIEW": "view", "CREATE MATERIALIZED VIEW": "materialized view", "CREATE PUBLICATION": "publication"}
FREES = {**{f"DROP {what.upper()}": what for what in ("view", "materialized view", "publication", "trigger", "policy")}}
EVERY = "*"


def bind(schema: Schema, operation: Operation, text: str) -> None:
    """Note the columns that the statement binds, as far as its words name columns that are known; or what it frees."""
    if operation.kind in FREES:
        gone = f"{FREES[operation.kind]} {operation.object or operation.relation}"
        schema.bound = {each for each in schema.bound if each[0] != gone}
    if operation.kind == "ALTER TABLE RENAME COLUMN" and operation.relation is not None:
        _rename(schema, schema.resolve(operation.relation), operation)
    for table, what, words in _binds(operation, text):
        known = schema.find(table)
        columns = () if known is None else known.columns
        schema.bound |= {
            (what, known.name, column.name)
            for column in columns
            if known is not None and (column.name in words or EVERY in words)
        }


def _rename(schema: Schema, table: Name, operation: Operation) -> None:
    old, new = operation.column, operation.new_name or ""
    schema.bound = {(what, on, new if (on, column) == (table, old) else column) for what, on, column in schema.bound}


def bound_to(schema: Schema, table: Name, column: str) -> tuple[str, ...]:
    """Those that follow the column, in words, in the order of the alphabet."""
    name = schema.resolve(table)
    known = {what for what, on, one in schema.bound if (on, one) == (name, column)}
    views = {f"view {each.name}" for each in schema.views_on(name) if (name, column) in each.reads_columns}
    return tuple(sorted(known | views))


def _binds(operation: Operation, text: str) -> Iterator[tuple[Name, str, frozenset[str]]]:
    name = operation.object or operation.relation
    if operation.kind in TABLES_IN:
        words = _names(text)
        for table in operation.mentioned(TABLES_IN[operation.kind]):
            yield table, f"{WHAT[operation.kind]} {name}", words
    elif operation.kind == "CREATE POLICY" and operation.relation is not None:
        yield operation.relation, f"policy {name}", _names(text)
    elif operation.kind == "CREATE TRIGGER" and operation.relation is not None:
        yield operation.relation, f"trigger {name}", _names(_update_of(text))


def _update_of(text: str) -> str:
    """What stands between UPDATE OF and ON; nothing where there is no such list."""
    found = list(tokens(text))
    words = [token.upper for token in found]
    at = next((place for place in range(len(words) - 1) if words[place : place + 2] == ["UPDATE", "OF"]), None)
    if at is None:
        return ""
    end = next((place for place in range(at, len(words)) if words[place] in ("ON", "OR")), len(words) - 1)
    return text[found[at + 1].end : found[end].start]


def _names(text: str) -> frozenset[str]:
    names = set()
    for token in tokens(text):
        if token.kind is TokenKind.WORD:
            names.add(token.text.lower())
        elif token.kind is TokenKind.QUOTED:
            names.add(token.text.strip('"').replace('""', '"'))
        elif token.text == EVERY:
            names.add(EVERY)
    return frozenset(names)
