"""Which index and which table a statement names as its object. Pure; never raises."""

from zdtui.sql.text.tokens import TokenKind
from zdtui.sql.text.words import Words

TABLE_AFTER = (
    ("INSERT", "INTO"),
    ("MERGE", "INTO"),
    ("DELETE", "FROM"),
    ("UPDATE", "UPDATE"),
    ("COPY", "COPY"),
    ("LOCK", "LOCK"),
    ("TRUNCATE", "TRUNCATE"),
    ("VACUUM", "VACUUM"),
    ("ANALYZE", "ANALYZE"),
    ("CLUSTER", "CLUSTER"),
    ("REFRESH MATERIALIZED VIEW", "VIEW"),
    ("REINDEX TABLE", "TABLE"),
    ("CREATE TRIGGER", "ON"),
    ("DROP TRIGGER", "ON"),
    ("ALTER TRIGGER", "ON"),
    ("CREATE POLICY", "ON"),
    ("DROP POLICY", "ON"),
    ("ALTER POLICY", "ON"),
    ("CREATE STATISTICS", "FROM"),
    ("CREATE RULE", "TO"),
    ("DROP RULE", "ON"),
    ("ALTER RULE", "ON"),
)
"""The word after which a kind of statement names its table."""
SKIPPED = frozenset(
    {"CONCURRENTLY", "IF", "NOT", "EXISTS", "ONLY", "TABLE", "FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE"}
)
"""What may stand between that word and the name."""
INDEX_KINDS = ("DROP INDEX", "ALTER INDEX", "REINDEX INDEX")
OBJECT_VERBS = frozenset({"CREATE", "ALTER", "DROP"})


def objects(said: Words, kind: str) -> tuple[str | None, str | None]:
    """The index and the table, as written."""
    if kind.startswith("CREATE INDEX"):
        return _created_index(said)
    if kind.startswith(INDEX_KINDS):
        return name_after(said, "INDEX"), None
    return None, _table(said, kind)


def name_after(said: Words, word: str) -> str | None:
    """The possibly qualified name after `word` (and after options and what may stand between), as written."""
    at = said.place(word)
    return None if at is None else _name(said, said.after_options(at + 1))


def _created_index(said: Words) -> tuple[str | None, str | None]:
    on = said.place("ON")
    index = said.place("INDEX")
    if on is None or index is None:
        return None, None
    return _name(said, index + 1, before=on), _name(said, on + 1)


def _table(said: Words, kind: str) -> str | None:
    for begins, word in TABLE_AFTER:
        if kind.startswith(begins):
            return name_after(said, word)
    verb, _, what = kind.partition(" ")
    if verb in OBJECT_VERBS and what.endswith(("TABLE", "VIEW")):
        return name_after(said, what.rpartition(" ")[2])
    return None


def _name(said: Words, at: int, before: int | None = None) -> str | None:
    while at < len(said.tokens) and said.upper[at] in SKIPPED:
        at += 1
    parts: list[str] = []
    for token in said.tokens[at:before]:
        wants_name = len(parts) % 2 == 0
        is_name = token.kind in (TokenKind.WORD, TokenKind.QUOTED)
        if wants_name != is_name or (not is_name and token.text != "."):
            break
        parts.append(token.text)
    return "".join(parts) or None
