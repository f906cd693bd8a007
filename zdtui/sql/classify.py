"""Naming a statement by its leading words, and saying how it has to be run. Never raises.

What the words alone cannot tell (REINDEX of a partitioned table, a procedure that commits) is taken to be the usual
case. The command reference (https://www.postgresql.org/docs/current/sql-commands.html) says which statements refuse a
transaction block; in the server's source they call PreventInTransactionBlock.
"""

from zdtui.sql.objects import name_after, objects
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.tokens import Token
from zdtui.sql.text.words import Words

DDL, DML, QUERY, UTILITY = (
    StatementClass.INSTANT_DDL,
    StatementClass.DML,
    StatementClass.QUERY,
    StatementClass.UTILITY,
)

OBJECTS_OF_MORE_WORDS = {
    ("MATERIALIZED", "VIEW"): 2,
    ("FOREIGN", "TABLE"): 2,
    ("FOREIGN", "DATA"): 3,
    ("EVENT", "TRIGGER"): 2,
    ("ACCESS", "METHOD"): 2,
    ("OPERATOR", "CLASS"): 2,
    ("OPERATOR", "FAMILY"): 2,
    ("TEXT", "SEARCH"): 3,
    ("DEFAULT", "PRIVILEGES"): 2,
    ("LARGE", "OBJECT"): 2,
    ("USER", "MAPPING"): 2,
}
"""How many words the kind of object has, by its first two."""
DECORATIONS = frozenset(
    {"OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "RECURSIVE", "GLOBAL", "LOCAL", "TRUSTED"}
    | {"PROCEDURAL", "CONSTRAINT"}
)
"""Words between CREATE and the kind of object."""
OBJECT_VERBS = frozenset({"CREATE", "ALTER", "DROP"})
LONGER_NAMES = {
    "REFRESH": "REFRESH MATERIALIZED VIEW",
    "IMPORT": "IMPORT FOREIGN SCHEMA",
    "SECURITY": "SECURITY LABEL",
    "REASSIGN": "REASSIGN OWNED",
    "ANALYSE": "ANALYZE",
}
CONCURRENT_KINDS = frozenset(
    {"CREATE INDEX", "DROP INDEX", "REINDEX", "REINDEX INDEX", "REINDEX TABLE", "REINDEX SCHEMA", "REINDEX DATABASE"}
    | {"REPACK"}
)
REINDEXED = frozenset({"INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"})
CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})

CLASSES = (
    dict.fromkeys(["SELECT", "VALUES", "TABLE", "SHOW", "EXPLAIN", "WITH", "FETCH"], QUERY)
    | dict.fromkeys([*CHANGES, "COPY", "CALL"], DML)
    | dict.fromkeys(["DO", "TRUNCATE", "LOCK", "CLUSTER", "REPACK", "REINDEX", "REASSIGN OWNED", "SELECT INTO"], DDL)
    | dict.fromkeys(["REFRESH MATERIALIZED VIEW", "IMPORT FOREIGN SCHEMA"], DDL)
    | dict.fromkeys(["VACUUM", "ANALYZE", "COMMENT", "SECURITY LABEL", "GRANT", "REVOKE", "SET", "RESET"], UTILITY)
    | dict.fromkeys(["DISCARD", "NOTIFY", "LISTEN", "UNLISTEN", "CHECKPOINT", "LOAD"], UTILITY)
    | dict.fromkeys(["PREPARE", "EXECUTE", "DEALLOCATE", "DECLARE", "CLOSE", "MOVE"], UTILITY)
)
"""By kind, or by its first word."""
TRANSACTION_CONTROL = frozenset(["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"])
ALONE = frozenset(
    {"CREATE DATABASE", "DROP DATABASE", "CREATE TABLESPACE", "DROP TABLESPACE", "ALTER SYSTEM", "VACUUM"}
    | {"DROP SUBSCRIPTION", "REINDEX SCHEMA", "REINDEX DATABASE", "REINDEX SYSTEM"}
)
"""Kinds that PostgreSQL refuses in a transaction block, whatever else they say."""


def classify(text: str, group: list[Token], offset: int = 0, line: int = 1) -> Statement:
    """The statement that these tokens are."""
    said = Words(group)
    kind = _kind(said)
    concurrently = _is_concurrent(said, kind)
    stands_alone = concurrently or _stands_alone(said, kind)
    statement_class = StatementClass.CONCURRENTLY if concurrently else _class(said, kind)
    if concurrently and kind in CONCURRENT_KINDS:
        kind = f"{kind} CONCURRENTLY"
    index, table = objects(said, kind)
    return Statement(
        text=text,
        offset=offset,
        line=line,
        kind=kind,
        statement_class=statement_class,
        transactional=not stands_alone,
        index_name=index,
        table_name=table,
    )


def is_transaction_control(statement: Statement) -> bool:
    """BEGIN, COMMIT, ROLLBACK and their kin, which belong to the runner and not to a plan."""
    return statement.kind.split(" ", maxsplit=1)[0] in TRANSACTION_CONTROL or statement.kind == "PREPARE TRANSACTION"


def _kind(said: Words) -> str:
    words = said.upper
    first = words[0] or next((word for word in words if word), "")
    if not words[0] and said.tokens[0].text != "(":
        return "?"
    if first in OBJECT_VERBS:
        return _object_kind(first, words)
    if first == "PREPARE" and said.has("PREPARE TRANSACTION"):
        return "PREPARE TRANSACTION"
    if first == "REINDEX":
        return f"REINDEX {next((word for word in words[1:] if word in REINDEXED), '')}".strip()
    if first in ("SELECT", "WITH") and "INTO" in words and not _changes(said):
        return "SELECT INTO"
    return LONGER_NAMES.get(first, first) or "?"


def _object_kind(verb: str, words: list[str]) -> str:
    rest = [word for word in words[1:7] if verb != "CREATE" or word not in DECORATIONS]
    if not rest or not rest[0]:
        return verb
    size = OBJECTS_OF_MORE_WORDS.get((rest[0], rest[1] if len(rest) > 1 else ""), 1)
    return f"{verb} {' '.join(rest[:size])}"


def _is_concurrent(said: Words, kind: str) -> bool:
    if not said.has("CONCURRENTLY"):
        return False
    if kind == "ALTER TABLE":
        return said.has("DETACH PARTITION")
    return kind in CONCURRENT_KINDS and not said.says_no("CONCURRENTLY")


def _class(said: Words, kind: str) -> StatementClass:
    first = kind.split(" ", maxsplit=1)[0]
    if kind == "ALTER TABLE" and _only_validates(said):
        return StatementClass.VALIDATE
    if kind in ("WITH", "EXPLAIN"):
        analyzes = ("ANALYZE" in said.upper or "ANALYSE" in said.upper) and not said.says_no("ANALYZE")
        really_runs = kind == "WITH" or analyzes
        return DML if really_runs and _changes(said) else QUERY
    if kind == "VACUUM" and "FULL" in said.upper and not said.says_no("FULL"):
        return DDL
    if first in OBJECT_VERBS and kind != first:
        return DDL
    return CLASSES.get(kind) or CLASSES.get(first) or StatementClass.UNKNOWN


def _changes(said: Words) -> bool:
    """Whether rows are changed by a statement that begins as a query: `FOR UPDATE` is not such a change."""
    for place, word in enumerate(said.upper):
        if word in CHANGES and said.upper[place - 1] not in ("FOR", "KEY", "ON", "AS"):
            before = said.tokens[place - 1].text
            if before in ("(", ")") or said.upper[place - 1] in ("EXPLAIN", "ANALYZE", "ANALYSE", "VERBOSE"):
                return True
    return False


def _only_validates(said: Words) -> bool:
    """VALIDATE CONSTRAINT beside another action takes that one's lock and is not a VALIDATE any more."""
    if not said.has("VALIDATE CONSTRAINT"):
        return False
    starts = [*said.parts(), len(said.tokens)]
    others = starts[1:-1]
    return "VALIDATE" in said.upper[: starts[1]] and all(
        said.upper[start : start + 1] == ["VALIDATE"] for start in others
    )


def _stands_alone(said: Words, kind: str) -> bool:
    if kind in ALONE:
        return True
    match kind:
        case "CLUSTER":
            return name_after(said, "CLUSTER") is None
        case "REPACK":
            return (name_after(said, "REPACK") or "USING").upper() == "USING"
        case "ALTER DATABASE":
            return said.has("SET TABLESPACE")
        case "DISCARD":
            return said.has("ALL")
        case "CREATE SUBSCRIPTION":
            return not (said.says_no("CREATE_SLOT") or said.says_no("CONNECT"))
        case "ALTER SUBSCRIPTION":
            return _asks_the_publisher(said)
        case _:
            return False


def _asks_the_publisher(said: Words) -> bool:
    refreshes = any(said.has(f"{verb} PUBLICATION") for verb in ("SET", "ADD", "DROP", "REFRESH"))
    return (refreshes and not said.says_no("REFRESH")) or said.has("FAILOVER") or said.has("TWO_PHASE")
