"""Which reader reads which statement, by its first words."""

from collections.abc import Callable

from zdtui.sql.by_words import utility
from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.objects import alter, create, drop
from zdtui.sql.by_words.query import QUERIES, copy, query
from zdtui.sql.operation import Operation
from zdtui.sql.text.pieces import Source

Reader = Callable[[Cursor], tuple[Operation, ...] | None]
READERS: dict[str, Reader] = {
    "CREATE": create,
    "ALTER": alter,
    "DROP": drop,
    "TRUNCATE": utility.truncate,
    "LOCK": utility.lock,
    "VACUUM": utility.vacuum,
    "ANALYZE": utility.analyze,
    "ANALYSE": utility.analyze,
    "CLUSTER": utility.cluster,
    "REPACK": utility.repack,
    "REINDEX": utility.reindex,
    "REFRESH MATERIALIZED VIEW": utility.refresh,
    "GRANT": utility.grant,
    "REVOKE": utility.grant,
    "COMMENT": utility.comment,
    "SECURITY": utility.comment,
    "EXPLAIN": utility.explain,
    "PREPARE": utility.prepare,
    "DECLARE": utility.declare,
    "SET": utility.set_,
    "RESET": utility.reset,
    "COMMIT": utility.commit,
    "END": utility.commit,
    "ROLLBACK": utility.rollback,
    "ABORT": utility.rollback,
    "DO": utility.do,
    "CALL": utility.call,
    "EXECUTE": utility.execute,
    "COPY": copy,
    "DISCARD": utility.discard,
}
PLAIN = {
    "BEGIN": "BEGIN",
    "START TRANSACTION": "BEGIN",
    "SAVEPOINT": "SAVEPOINT",
    "RELEASE": "RELEASE SAVEPOINT",
    "REASSIGN OWNED": "REASSIGN OWNED",
    "IMPORT FOREIGN SCHEMA": "IMPORT FOREIGN SCHEMA",
    "DEALLOCATE": "DEALLOCATE",
    "FETCH": "FETCH",
    "MOVE": "MOVE",
    "CLOSE": "CLOSE",
    "SHOW": "SHOW",
    "LISTEN": "LISTEN",
    "NOTIFY": "NOTIFY",
    "UNLISTEN": "UNLISTEN",
    "CHECKPOINT": "CHECKPOINT",
    "LOAD": "LOAD",
    "WAIT FOR LSN": "WAIT FOR LSN",
}
"""Statements that say all by their first words, and the kind of each."""


def read(source: Source) -> tuple[Operation, ...] | None:
    """The operations of a statement; None when its words are not known."""
    at = Cursor(source)
    if at.word in QUERIES or at.word == "WITH" or (at.token is not None and at.token.text == "("):
        return query(at)
    said = at.take(*READERS)
    if said is not None:
        return READERS[said](at)
    said = at.take(*PLAIN)
    return (Operation(kind=PLAIN[said]),) if said is not None else None
