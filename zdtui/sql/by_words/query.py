"""SELECT, INSERT, UPDATE, DELETE, MERGE and COPY by their words: the kind and the table are sure, what is read is what
stands after FROM, JOIN and USING."""

from collections.abc import Iterator
from dataclasses import replace

from zdtui.sql.by_words.calls import calls_the_unknown
from zdtui.sql.by_words.cursor import NAMES, Cursor
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import AFTER_WHERE, NOTHING, Source
from zdtui.sql.text.tokens import TokenKind

FUNCTIONS_WITH_FROM = frozenset({"EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"})
SET_OPERATIONS = ("UNION", "INTERSECT", "EXCEPT")
AFTER_SET = frozenset({"FROM", "WHERE", "RETURNING"})
CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE")
QUERIES = ("SELECT", "VALUES", "TABLE", *CHANGES)


def query(at: Cursor) -> tuple[Operation, ...] | None:
    """What a query or a change does, with what its WITH changes; the cursor stands at its first word."""
    found = _query(at)
    if not found or not calls_the_unknown(at.source, _made_names(at.source)):
        return found
    return (replace(found[0], words=found[0].words | {"OPAQUE"}), *found[1:])


def _query(at: Cursor) -> tuple[Operation, ...] | None:
    changes = list(_inner_changes(at.source, at.place))
    at = _past_with(at)
    read = _reads(at.source)
    match at.take(*QUERIES):
        case "INSERT" | "UPDATE" | "DELETE" | "MERGE" as kind:
            own = _change(at, kind)
            if own is None:
                return None
            written = tuple(_written(each.relation, each) for each in changes if each.relation)
            return (replace(own, mentions=tuple(dict.fromkeys((*written, *read)))), *changes)
        case "SELECT" | "VALUES" | "TABLE" as kind:
            return _select(at, kind, read, changes)
        case _:
            return None


def copy(at: Cursor) -> tuple[Operation, ...] | None:
    """Rows into a table, or out of a table or a query."""
    at.take("BINARY")
    if at.token is not None and at.token.text == "(":
        found = query(Cursor(at.source, at.place + 1, at.source.closing(at.place)))
        if not found or found[0].kind != "SELECT":
            return found
        return (replace(found[0], kind="COPY TO"),)
    relation, columns = at.name(), at.column_list()
    kind = at.take("FROM", "TO")
    if relation is None or kind is None:
        return None
    words = at.take_all("STDIN", "PROGRAM") if kind == "FROM" else at.take_all("PROGRAM")
    words |= {"FREEZE"} if any(token.upper == "FREEZE" for token in at.source.tokens) else NOTHING
    where = _where(at)
    return (Operation(kind=f"COPY {kind}", relation=relation, columns=columns, where=where, words=words),)


def reads_of(source: Source) -> tuple[Mention, ...]:
    """The relations that stand after FROM, JOIN and USING."""
    return _reads(source)


def mentions_of(at: Cursor) -> tuple[Mention, ...]:
    """What is read and written by the statements from here on, with semicolons between."""
    mentions: dict[Mention, None] = {}
    while at.token is not None:
        end = _statement_end(at)
        for each in query(Cursor(at.source, at.place, end)) or ():
            if each.relation is not None and each.kind in CHANGES:
                mentions[_written(each.relation, each)] = None
        at.place = end + 1
    return tuple(dict.fromkeys((*mentions, *_reads(at.source))))


def _statement_end(at: Cursor) -> int:
    for place in range(at.place, at.end):
        if at.source.tokens[place].kind is TokenKind.SEMICOLON:
            return place
    return at.end


def _select(at: Cursor, kind: str, read: tuple[Mention, ...], changes: list[Operation]) -> tuple[Operation, ...] | None:
    into = at.source.find("INTO", at.place, at.end) if kind == "SELECT" else None
    if into is not None:
        return _select_into(Cursor(at.source, into + 1, at.end), read)
    if changes:
        others = (_written(each.relation, each) for each in changes[1:] if each.relation)
        return (replace(changes[0], mentions=tuple(dict.fromkeys((*others, *read)))), *changes[1:])
    table = at.name() if kind == "TABLE" else None
    more = (Mention(Role.READ, table),) if table else ()
    where = None if any(at.has(word) for word in SET_OPERATIONS) else _where(at)
    locks = at.has("FOR UPDATE") or at.has("FOR SHARE") or at.has("FOR NO KEY UPDATE") or at.has("FOR KEY SHARE")
    if locks:
        read = tuple(replace(each, role=Role.ROWS_LOCKED) for each in read)
    words = frozenset({"LIMIT"}) if at.has("LIMIT") or at.has("FETCH") else NOTHING
    return (Operation(kind="SELECT", mentions=(*read, *more), where=where, words=words),)


def _select_into(at: Cursor, read: tuple[Mention, ...]) -> tuple[Operation, ...] | None:
    words = at.take_all("TEMPORARY", "TEMP", "UNLOGGED")
    at.take("TABLE")
    name = at.name()
    words = frozenset("TEMPORARY" if word == "TEMP" else word for word in words)
    return (Operation(kind="SELECT INTO", relation=name, mentions=read, words=words),) if name else None


def _change(at: Cursor, kind: str) -> Operation | None:
    at.take("INTO", "FROM")
    words = at.take_all("ONLY")
    relation = at.name()
    if relation is None:
        return None
    plain = Operation(kind=kind, relation=relation, words=words)
    match kind:
        case "INSERT":
            return _insert(at, plain)
        case "UPDATE":
            return _update(at, plain)
        case "DELETE":
            return replace(plain, where=_where(at))
        case _:
            done = {verb for verb in ("INSERT", "UPDATE", "DELETE") if at.has(f"THEN {verb}")}
            return replace(plain, words=words | done)


def _insert(at: Cursor, plain: Operation) -> Operation:
    if at.take("AS"):
        at.simple_name()
    columns = () if _opens_a_query(at) else at.column_list()
    at.take("OVERRIDING SYSTEM VALUE", "OVERRIDING USER VALUE")
    words = plain.words | at.take_all("VALUES")
    words |= {"SELECT"} if not words and not at.says("DEFAULT VALUES") else set()
    for action in ("DO UPDATE", "DO NOTHING"):
        words |= {f"ON CONFLICT {action}"} if at.has(action) else set()
    return replace(plain, columns=columns, words=words)


def _opens_a_query(at: Cursor) -> bool:
    inside = Cursor(at.source, at.place + 1, at.end)
    return inside.word in QUERIES or inside.word == "WITH" or (inside.token is not None and inside.token.text == "(")


def _update(at: Cursor, plain: Operation) -> Operation:
    word = at.source.find("SET", at.place, at.end)
    if word is None:
        return plain
    columns: list[str] = []
    first = at.place = word + 1
    while True:
        columns += at.column_list() or at.name_parts()[:1]
        at.place = min(at.source.end_of(at.place, AFTER_SET), at.end)
        if not at.take_symbol(","):
            break
    return replace(plain, columns=tuple(columns), expression=at.source.cut(first, at.place), where=_where(at))


def _where(at: Cursor) -> str | None:
    word = at.source.find("WHERE", at.place, at.end)
    return None if word is None else at.source.cut(word + 1, min(at.source.end_of(word + 1, AFTER_WHERE), at.end))


def _past_with(at: Cursor) -> Cursor:
    """At the first word of the query itself: past WITH and its queries, into parentheses around a first SELECT."""
    if at.take("WITH"):
        while at.token is not None and at.word not in QUERIES:
            at.skip()
    while at.token is not None and at.token.text == "(":
        at.place += 1
    return at


def _inner_changes(source: Source, first: int) -> Iterator[Operation]:
    """The changes in the parentheses of a WITH."""
    for place in range(first + 1, len(source.tokens)):
        if source.tokens[place].upper in CHANGES and source.tokens[place - 1].text == "(":
            inner = _past_with(Cursor(source, place, source.closing(place - 1)))
            kind = inner.take(*CHANGES)
            if kind and (found := _change(inner, kind)):
                yield found


def _written(relation: Name, change: Operation) -> Mention:
    return Mention(Role.WRITTEN, relation, "ONLY" in change.words)


def _reads(source: Source) -> tuple[Mention, ...]:
    made = _made_names(source)
    found: dict[Mention, None] = {}
    for place, token in enumerate(source.tokens):
        if token.kind is TokenKind.WORD and _begins_relations(source, place):
            for name, only in _relations(Cursor(source, place + 1)):
                if name.schema is not None or name.name not in made:
                    found[Mention(Role.READ, name, only)] = None
    return tuple(found)


def _begins_relations(source: Source, place: int) -> bool:
    """FROM, JOIN, TABLE, and the USING of a DELETE or MERGE: that of a JOIN has columns in parentheses."""
    word, before = source.tokens[place].upper, source.tokens[place - 1].upper if place else ""
    if word in ("JOIN", "USING"):
        return word == "JOIN" or _has_using(source, place)
    if word == "TABLE":
        return before == "AS" or (place > 0 and source.tokens[place - 1].text == "(")
    if word != "FROM" or before in ("DELETE", "DISTINCT"):
        return False
    depth = 0
    for back in range(place - 1, max(place - 40, 0), -1):
        text = source.tokens[back].text
        depth += (text == ")") - (text == "(")
        if depth < 0:
            return source.tokens[back - 1].upper not in FUNCTIONS_WITH_FROM
    return True


def _has_using(source: Source, place: int) -> bool:
    if place + 1 < len(source.tokens) and source.tokens[place + 1].text == "(":
        return False
    return any(token.upper in ("DELETE", "MERGE") for token in source.tokens)


def _relations(at: Cursor) -> Iterator[tuple[Name, bool]]:
    """The names of a FROM until something else comes; a name before a parenthesis is a function."""
    while True:
        only = at.take("ONLY", "LATERAL") == "ONLY"
        while at.take_symbol("("):
            pass
        if at.token is None or at.token.kind not in NAMES or at.word in QUERIES or at.word in ("WITH", "ROWS"):
            return
        name = at.name()
        if name is None or (at.token is not None and at.token.text == "("):
            return
        yield name, only
        at.take("AS")
        if at.token is not None and at.token.kind in NAMES:
            at.place += 1
        at.column_list()
        if not at.take_symbol(","):
            return


def _made_names(source: Source) -> frozenset[str]:
    """The names a WITH makes: `name [(columns)] AS [NOT MATERIALIZED] (`."""
    found: set[str] = set()
    if not any(token.upper == "WITH" for token in source.tokens):
        return NOTHING
    for place, token in enumerate(source.tokens):
        if place and token.kind in NAMES and source.tokens[place - 1].upper in ("WITH", "RECURSIVE", ""):
            at = Cursor(source, place)
            name = at.simple_name()
            at.column_list()
            if name and at.take("AS"):
                at.take("MATERIALIZED", "NOT MATERIALIZED")
                if at.token is not None and at.token.text == "(":
                    found.add(name)
    return frozenset(found)
