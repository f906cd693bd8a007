"""Triggers, policies and rules, by their words."""

from dataclasses import replace

from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.query import mentions_of, reads_of
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import NOTHING

ON_A_TABLE = frozenset({"TRIGGER", "POLICY", "RULE"})
MOMENTS = ("BEFORE", "AFTER", "INSTEAD OF")
EVENTS = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE"})


def create_on_a_table(at: Cursor, plain: Operation) -> tuple[Operation, ...] | None:
    """After CREATE TRIGGER, POLICY or RULE."""
    plain = replace(plain, object=Name(None, at.simple_name() or ""))
    table = at.source.find("TO" if plain.kind == "CREATE RULE" else "ON", at.place, at.end)
    if table is None:
        return None
    on = Cursor(at.source, table + 1)
    plain = replace(plain, relation=on.name())
    match plain.kind:
        case "CREATE TRIGGER":
            return (_trigger(Cursor(at.source, at.place, table), on, plain),)
        case "CREATE RULE":
            return (_rule(on, plain),)
        case _:
            return (replace(plain, mentions=reads_of(at.source)),)


def alter_on_a_table(at: Cursor, what: str) -> tuple[Operation, ...] | None:
    """After ALTER TRIGGER, POLICY or RULE."""
    words = frozenset({"TABLE IF EXISTS"}) if at.take("IF EXISTS") else NOTHING
    name = at.simple_name()
    if name is None or not at.take("ON"):
        return None
    plain = Operation(kind=f"ALTER {what}", relation=at.name(), object=Name(None, name), words=words)
    if at.take("RENAME TO"):
        plain = replace(plain, new_name=at.simple_name(), words=words | {"RENAME"})
    elif at.has("DEPENDS ON EXTENSION"):
        plain = replace(plain, words=words | {"DEPENDS"})
    elif what == "POLICY":
        plain = replace(plain, mentions=reads_of(at.source))
    return (plain,)


def _trigger(said: Cursor, on: Cursor, plain: Operation) -> Operation:
    moment = said.take(*MOMENTS) or "AFTER"
    events = {token.upper for token in said.source.tokens[said.place : said.end]} & EVENTS
    each_row = {"FOR EACH ROW"} if on.has("FOR EACH ROW") or on.has("FOR ROW") else NOTHING
    other = on.name() if on.take("FROM") else None
    called = on.source.find("EXECUTE", on.place, on.end)
    function = Cursor(on.source, on.end if called is None else called + 2).name()
    return replace(
        plain,
        mentions=(Mention(Role.REFERENCED, other),) if other else (),
        expression=function.written if function else None,
        words=plain.words | {moment} | events | each_row,
    )


def _rule(on: Cursor, plain: Operation) -> Operation:
    done = on.source.find("DO", on.place, on.end)
    if done is None:
        return plain
    at = Cursor(on.source, done + 1)
    words = plain.words | at.take_all("INSTEAD", "ALSO") - {"ALSO"}
    at.take_symbol("(")
    return replace(plain, mentions=mentions_of(at), words=words)
