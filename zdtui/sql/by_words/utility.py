"""Maintenance, privileges, transactions, settings and cursors, by their words."""

from dataclasses import replace

from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.objects import create
from zdtui.sql.by_words.query import query
from zdtui.sql.operation import TIME_ZONE, Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import NOTHING
from zdtui.sql.text.quote import string_value
from zdtui.sql.text.tokens import TokenKind

Found = tuple[Operation, ...] | None
OPAQUE = frozenset({"OPAQUE"})
NO = frozenset({"false", "off", "0", "no"})
REINDEXED = ("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM")
MODES = (
    *("ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE"),
    *("ACCESS EXCLUSIVE", "EXCLUSIVE"),
)
NO_RELATIONS = (
    *("DATABASE", "DOMAIN", "FOREIGN", "FUNCTION", "PROCEDURE", "ROUTINE", "LANGUAGE", "LARGE", "PARAMETER"),
    *("SCHEMA", "TABLESPACE", "TYPE", "ALL"),
)
"""What privileges are granted on that is no relation."""
COMMENTED = ("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "INDEX", "SEQUENCE")


def truncate(at: Cursor) -> Found:
    """After TRUNCATE."""
    at.take("TABLE")
    names = at.names_and_only()
    words = at.take_all("RESTART IDENTITY", "CONTINUE IDENTITY", "CASCADE", "RESTRICT") & {
        "RESTART IDENTITY",
        "CASCADE",
    }
    return _each("TRUNCATE", names, words)


def lock(at: Cursor) -> Found:
    """After LOCK."""
    at.take("TABLE")
    names = at.names_and_only()
    mode = at.take(*MODES) if at.take("IN") else None
    at.take("MODE")
    words = at.take_all("NOWAIT")
    found = _each("LOCK TABLE", names, words)
    return found and (replace(found[0], lock_mode=mode or "ACCESS EXCLUSIVE"),)


def vacuum(at: Cursor) -> Found:
    """After VACUUM."""
    options = _options(at) | at.take_all("FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE")
    options = frozenset("ANALYZE" if word == "ANALYSE" else word for word in options)
    names = at.names_and_only()
    kind = "VACUUM FULL" if "FULL" in options else "VACUUM"
    return _each(kind, names, options) or (Operation(kind=kind, words=options),)


def analyze(at: Cursor) -> Found:
    """After ANALYZE."""
    words = _options(at) | at.take_all("VERBOSE")
    return _each("ANALYZE", at.names_and_only(), words) or (Operation(kind="ANALYZE", words=words),)


def cluster(at: Cursor) -> Found:
    """After CLUSTER, also in its old form `CLUSTER index ON table`."""
    _options(at)
    at.take("VERBOSE")
    table = at.name()
    if at.take("ON"):
        index, table = table, at.name()
    else:
        index = at.name() if at.take("USING") else None
    in_schema = Name(table.schema if table else None, index.name) if index else None
    mentions = () if in_schema is None else (Mention(Role.INDEX, in_schema),)
    words = NOTHING if table else frozenset({"ALL"})
    return (Operation(kind="CLUSTER", relation=table, mentions=mentions, words=words),)


def repack(at: Cursor) -> Found:
    """After REPACK (PostgreSQL 19)."""
    options = _options(at)
    at.take("VERBOSE")
    table = None if at.says("USING") else at.name()
    at.take("USING")
    index = at.name() if at.take("INDEX") else None
    in_schema = Name(table.schema if table else None, index.name) if index else None
    mentions = () if in_schema is None else (Mention(Role.INDEX, in_schema),)
    concurrently = "CONCURRENTLY" in options
    words = (NOTHING if table else frozenset({"ALL"})) | (frozenset({"CONCURRENTLY"}) if concurrently else NOTHING)
    kind = f"REPACK{' CONCURRENTLY' if concurrently else ''}"
    return (Operation(kind=kind, relation=table, mentions=mentions, words=words),)


def reindex(at: Cursor) -> Found:
    """After REINDEX."""
    options = _options(at)
    what = at.take(*REINDEXED)
    if what is None:
        return None
    said = at.take("CONCURRENTLY") is not None or "CONCURRENTLY" in options
    concurrently = said and what != "SYSTEM"
    kind = f"REINDEX {what}{' CONCURRENTLY' if concurrently else ''}"
    words = frozenset({"CONCURRENTLY"}) if concurrently else NOTHING
    name = at.name()
    if what in ("INDEX", "TABLE"):
        return (Operation(kind=kind, relation=name, words=words),) if name else None
    return (Operation(kind=kind, object=name, words=words),)


def refresh(at: Cursor) -> Found:
    """After REFRESH MATERIALIZED VIEW."""
    words = at.take_all("CONCURRENTLY")
    view = at.name()
    kind = f"REFRESH MATERIALIZED VIEW{' CONCURRENTLY' if words else ''}"
    words |= at.take_all("WITH NO DATA")
    return (Operation(kind=kind, relation=view, words=words),) if view else None


def grant(at: Cursor) -> Found:
    """After GRANT or REVOKE."""
    verb = at.source.tokens[0].upper
    on = at.source.find("ON", at.place, at.end)
    if on is None:
        return (Operation(kind=f"{verb} ROLE"),)
    target = Cursor(at.source, on + 1)
    if target.word in NO_RELATIONS:
        all_in_schema = {"ALL IN SCHEMA"} if target.says("ALL") else NOTHING
        return (Operation(kind=verb, words=frozenset(all_in_schema)),)
    target.take("TABLE", "SEQUENCE")
    return _each(verb, target.names_and_only(), NOTHING)


def comment(at: Cursor) -> Found:
    """After COMMENT or SECURITY LABEL, up to the object of any kind."""
    kind = "SECURITY LABEL" if at.take("LABEL") else "COMMENT ON"
    while at.token is not None and not at.take("ON"):
        at.skip()
    if (what := at.take("COLUMN", *COMMENTED)) is not None:
        parts = at.name_parts()
        if not parts:
            return None
        column = parts[-1] if what == "COLUMN" and len(parts) > 1 else None
        table = parts[:-1] if column else parts
        relation = Name(table[-2] if len(table) > 1 else None, table[-1])
        return (Operation(kind=kind, relation=relation, column=column, words=frozenset({what})),)
    if (what := at.take("TRIGGER", "POLICY", "RULE", "CONSTRAINT")) is None:
        return (Operation(kind=kind),)
    name = at.simple_name()
    at.take("ON")
    relation_or_domain = None if at.take("DOMAIN") else at.name()
    return (Operation(kind=kind, relation=relation_or_domain, object=Name(None, name or ""), words=frozenset({what})),)


def explain(at: Cursor) -> Found:
    """After EXPLAIN."""
    options = _options(at) | at.take_all("ANALYZE", "ANALYSE", "VERBOSE")
    inner = _explained(at)
    if inner is None:
        return None
    if options & {"ANALYZE", "ANALYSE"}:
        return tuple(replace(each, words=each.words | {"EXPLAIN ANALYZE"}) for each in inner)
    return (Operation(kind="EXPLAIN", mentions=_as_mentions(inner)),)


def _explained(at: Cursor) -> Found:
    if at.says("EXECUTE"):
        return (Operation(kind="EXECUTE", words=OPAQUE),)
    return create(at) if at.take("CREATE") else query(at)


def prepare(at: Cursor) -> Found:
    """After PREPARE."""
    if at.take("TRANSACTION"):
        return (Operation(kind="PREPARE TRANSACTION"),)
    return _named_query(at, "PREPARE", "AS")


def declare(at: Cursor) -> Found:
    """After DECLARE."""
    return _named_query(at, "DECLARE", "FOR")


def _named_query(at: Cursor, kind: str, before: str) -> Found:
    name = at.simple_name()
    word = at.source.find(before, at.place, at.end)
    inner = None if word is None else query(Cursor(at.source, word + 1))
    if name is None or inner is None:
        return None
    return (Operation(kind=kind, object=Name(None, name), mentions=_as_mentions(inner)),)


def set_(at: Cursor) -> Found:
    """After SET."""
    if at.take("CONSTRAINTS"):
        return (Operation(kind="SET CONSTRAINTS"),)
    if at.take("TRANSACTION") or at.take("SESSION CHARACTERISTICS"):
        return (Operation(kind="SET TRANSACTION"),)
    local = at.take("LOCAL", "SESSION")
    words = frozenset({"LOCAL"}) if local == "LOCAL" else NOTHING
    if at.take("TIME ZONE"):
        return (Operation(kind="SET", parameters=(TIME_ZONE,), expression=at.rest(), words=words),)
    name = at.simple_name()
    if name is None:
        return None
    value = at.rest() if at.take("TO") or at.take_symbol("=") else None
    return (Operation(kind="SET", parameters=(name,), expression=value, words=words),)


def reset(at: Cursor) -> Found:
    """After RESET."""
    name = TIME_ZONE if at.take("TIME ZONE") else at.simple_name()
    return (Operation(kind="RESET", parameters=(name,)),) if name else None


def commit(at: Cursor) -> Found:
    """After COMMIT or END."""
    return (Operation(kind="COMMIT PREPARED" if at.take("PREPARED") else "COMMIT"),)


def rollback(at: Cursor) -> Found:
    """After ROLLBACK or ABORT."""
    if at.take("PREPARED"):
        return (Operation(kind="ROLLBACK PREPARED"),)
    at.take("WORK", "TRANSACTION")
    return (Operation(kind="ROLLBACK TO SAVEPOINT" if at.take("TO") else "ROLLBACK"),)


def discard(at: Cursor) -> Found:
    """After DISCARD."""
    return (Operation(kind="DISCARD", words=at.take_all("ALL")),)


def do(at: Cursor) -> Found:
    """After DO."""
    body = next((token.text for token in at.source.tokens if token.kind is TokenKind.STRING), None)
    return (Operation(kind="DO", expression=None if body is None else string_value(body), words=OPAQUE),)


def call(at: Cursor) -> Found:
    """After CALL."""
    return (Operation(kind="CALL", object=at.name(), words=OPAQUE),)


def execute(at: Cursor) -> Found:
    """After EXECUTE."""
    return (Operation(kind="EXECUTE", object=at.name(), words=OPAQUE),)


def _options(at: Cursor) -> frozenset[str]:
    """Past a list of options in parentheses: those that are switched on."""
    if at.token is None or at.token.text != "(":
        return NOTHING
    found = set()
    for part in at.elements():
        name = part.word
        part.place += 1
        part.take_symbol("=")
        value = part.rest()
        if name and (value is None or value.strip("'").lower() not in NO):
            found.add(name)
    at.skip()
    return frozenset(found)


def _each(kind: str, names: list[tuple[Name, bool]], words: frozenset[str]) -> Found:
    """The same is done to each; the first is the operation's own."""
    if not names:
        return None
    (first, only), *others = names
    also = tuple(Mention(Role.ALSO, name, is_only) for name, is_only in others)
    return (Operation(kind=kind, relation=first, mentions=also, words=words | ({"ONLY"} if only else NOTHING)),)


def _as_mentions(found: tuple[Operation, ...]) -> tuple[Mention, ...]:
    written = [
        Mention(Role.WRITTEN, each.relation, "ONLY" in each.words)
        for each in found
        if each.relation and each.kind in ("INSERT", "UPDATE", "DELETE", "MERGE")
    ]
    return tuple(dict.fromkeys((*written, *(mention for each in found for mention in each.mentions))))
