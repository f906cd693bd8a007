"""Naming a statement by its leading words, and saying how it has to be run. Never raises.

One table of facts, read from the top: the first row whose words the statement begins with names it. The command
reference (https://www.postgresql.org/docs/current/sql-commands.html) says which of them refuse a transaction block.
"""

from dataclasses import dataclass

from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.tokens import Token, TokenKind

DDL, DML, QUERY, UTILITY = (
    StatementClass.INSTANT_DDL,
    StatementClass.DML,
    StatementClass.QUERY,
    StatementClass.UTILITY,
)

OBJECTS_OF_TWO_WORDS = {
    ("MATERIALIZED", "VIEW"),
    ("FOREIGN", "TABLE"),
    ("FOREIGN", "DATA"),
    ("EVENT", "TRIGGER"),
    ("ACCESS", "METHOD"),
    ("OPERATOR", "CLASS"),
    ("OPERATOR", "FAMILY"),
    ("TEXT", "SEARCH"),
    ("DEFAULT", "PRIVILEGES"),
    ("LARGE", "OBJECT"),
    ("USER", "MAPPING"),
}
DECORATIONS = frozenset(
    {"OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "RECURSIVE", "GLOBAL", "LOCAL", "TRUSTED"}
    | {"PROCEDURAL", "CONSTRAINT"}
)
"""Words between CREATE and the kind of object."""
OBJECT_VERBS = frozenset({"CREATE", "ALTER", "DROP"})

CLASSES = {
    "SELECT": QUERY,
    "VALUES": QUERY,
    "TABLE": QUERY,
    "SHOW": QUERY,
    "EXPLAIN": QUERY,
    "WITH": DML,
    "INSERT": DML,
    "UPDATE": DML,
    "DELETE": DML,
    "MERGE": DML,
    "COPY": DML,
    "CALL": DML,
    "DO": DDL,
    "TRUNCATE": DDL,
    "LOCK": DDL,
    "CLUSTER": DDL,
    "REFRESH MATERIALIZED VIEW": DDL,
    "REINDEX": DDL,
    "GRANT": DDL,
    "REVOKE": DDL,
    "REASSIGN": DDL,
    "VACUUM": UTILITY,
    "ANALYZE": UTILITY,
    "ANALYSE": UTILITY,
    "COMMENT": UTILITY,
    "SECURITY": UTILITY,
    "SET": UTILITY,
    "RESET": UTILITY,
    "DISCARD": UTILITY,
    "NOTIFY": UTILITY,
    "LISTEN": UTILITY,
    "UNLISTEN": UTILITY,
    "CHECKPOINT": UTILITY,
    "LOAD": UTILITY,
    "PREPARE": UTILITY,
    "EXECUTE": UTILITY,
    "DEALLOCATE": UTILITY,
    "IMPORT FOREIGN SCHEMA": DDL,
}
TRANSACTION_CONTROL = frozenset(["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"])
ALONE = frozenset(
    {
        "CREATE DATABASE",
        "DROP DATABASE",
        "CREATE TABLESPACE",
        "DROP TABLESPACE",
        "ALTER SYSTEM",
        "VACUUM",
        "CREATE SUBSCRIPTION",
        "DROP SUBSCRIPTION",
        "REINDEX DATABASE",
        "REINDEX SYSTEM",
        "CREATE INDEX CONCURRENTLY",
        "DROP INDEX CONCURRENTLY",
    }
)
"""Kinds that PostgreSQL refuses in a transaction block, whatever else they say."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A statement's tokens with the words in capitals beside them."""

    tokens: list[Token]
    words: list[str]

    def has(self, *wanted: str) -> bool:
        """Whether these words stand next to each other somewhere."""
        size = len(wanted)
        return any(tuple(self.words[at : at + size]) == wanted for at in range(len(self.words) - size + 1))


def classify(text: str, group: list[Token], offset: int = 0, line: int = 1) -> Statement:
    """The statement that these tokens are."""
    said = _Words(group, [token.upper for token in group])
    kind = _kind(said)
    concurrently = _is_concurrent(said, kind)
    if concurrently and kind in ("CREATE INDEX", "DROP INDEX", "REINDEX INDEX", "REINDEX TABLE", "REINDEX SCHEMA"):
        kind = f"{kind} CONCURRENTLY"
    index, table = _objects(said, kind)
    return Statement(
        text=text,
        offset=offset,
        line=line,
        kind=kind,
        statement_class=_class(said, kind, concurrently),
        transactional=not _must_stand_alone(said, kind, concurrently),
        index_name=index,
        table_name=table,
    )


def is_transaction_control(statement: Statement) -> bool:
    """BEGIN, COMMIT, ROLLBACK and their kin, which belong to the runner and not to a plan."""
    return statement.kind.split(" ", maxsplit=1)[0] in TRANSACTION_CONTROL or statement.kind == "PREPARE TRANSACTION"


def _kind(said: _Words) -> str:
    words = said.words
    first = words[0] if words else ""
    if first in OBJECT_VERBS:
        return _object_kind(first, words)
    if first == "REFRESH":
        return "REFRESH MATERIALIZED VIEW"
    if first == "IMPORT":
        return "IMPORT FOREIGN SCHEMA"
    if first == "PREPARE" and said.has("PREPARE", "TRANSACTION"):
        return "PREPARE TRANSACTION"
    if first == "REINDEX":
        object_word = next(
            (word for word in words[1:] if word in ("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM")), ""
        )
        return f"REINDEX {object_word}".strip()
    return first or "?"


def _object_kind(verb: str, words: list[str]) -> str:
    rest = [word for word in words[1:6] if word not in DECORATIONS or verb != "CREATE"]
    if not rest or not rest[0]:
        return verb
    pair = tuple(rest[:2])
    return f"{verb} {' '.join(pair)}" if pair in OBJECTS_OF_TWO_WORDS else f"{verb} {rest[0]}"


def _is_concurrent(said: _Words, kind: str) -> bool:
    if kind in ("CREATE INDEX", "DROP INDEX") or kind.startswith("REINDEX"):
        return "CONCURRENTLY" in said.words[:6] or said.has("CONCURRENTLY")
    return kind == "ALTER TABLE" and said.has("CONCURRENTLY") and said.has("DETACH", "PARTITION")


def _class(said: _Words, kind: str, concurrently: bool) -> StatementClass:
    if concurrently:
        return StatementClass.CONCURRENTLY
    if said.has("VALIDATE", "CONSTRAINT") and kind in ("ALTER TABLE", "ALTER DOMAIN"):
        return StatementClass.VALIDATE
    if kind == "WITH":
        changes = {"INSERT", "UPDATE", "DELETE", "MERGE"} & set(said.words)
        return DML if changes else QUERY
    if kind == "VACUUM" and "FULL" in said.words:
        return DDL
    first = kind.split(" ", maxsplit=1)[0]
    if first in OBJECT_VERBS and kind != first:
        return DDL
    return CLASSES.get(kind) or CLASSES.get(first) or StatementClass.UNKNOWN


def _must_stand_alone(said: _Words, kind: str, concurrently: bool) -> bool:
    if kind.startswith("DROP OWNED"):
        return False
    alone = kind in ALONE or concurrently
    return (
        alone or (kind == "CLUSTER" and len(said.tokens) == 1) or (kind == "ALTER DATABASE" and said.has("TABLESPACE"))
    )


def _objects(said: _Words, kind: str) -> tuple[str | None, str | None]:
    """The index and the table a statement names, as written."""
    if kind.startswith("CREATE INDEX"):
        on = next((at for at, word in enumerate(said.words) if word == "ON"), None)
        table = None if on is None else _name(said, on + 1)
        after_index = _after(said, "INDEX")
        index = _name(said, after_index) if after_index is not None and after_index != on else None
        return index, table
    if kind.startswith(("DROP INDEX", "ALTER INDEX", "REINDEX INDEX")):
        return _name(said, _after(said, "INDEX")), None
    return None, _table(said, kind)


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
    ("CREATE RULE", "TO"),
    ("DROP RULE", "ON"),
)
"""The word after which a kind of statement names its table."""


def _table(said: _Words, kind: str) -> str | None:
    for begins, word in TABLE_AFTER:
        if kind.startswith(begins):
            return _name(said, _after(said, word))
    for word in ("TABLE", "VIEW"):
        if kind.split(" ", maxsplit=1)[0] in OBJECT_VERBS and kind.endswith(f" {word}"):
            return _name(said, _after(said, word))
    return None


SKIPPED = frozenset(["CONCURRENTLY", "IF", "NOT", "EXISTS", "ONLY", "TABLE", "FULL", "FREEZE", "VERBOSE", "ANALYZE"])


def _after(said: _Words, word: str) -> int | None:
    """The place after `word` and after what may stand between it and a name."""
    at = next((place for place, each in enumerate(said.words) if each == word), None)
    if at is None:
        return None
    at += 1
    while at < len(said.words) and said.words[at] in SKIPPED:
        at += 1
    return at


def _name(said: _Words, at: int | None) -> str | None:
    """The possibly qualified name that begins at this token, as written."""
    if at is None:
        return None
    while at < len(said.words) and said.words[at] in SKIPPED:
        at += 1
    parts: list[str] = []
    for token in said.tokens[at:]:
        wants_name = len(parts) % 2 == 0
        is_name = token.kind in (TokenKind.WORD, TokenKind.QUOTED)
        if wants_name != is_name or (not is_name and token.text != "."):
            break
        parts.append(token.text)
    return "".join(parts) or None
