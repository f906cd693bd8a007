"""Whether a statement says what only a newer server knows. Pure; never raises."""

from collections.abc import Iterable
from functools import lru_cache

from zdtui.sql.operation import Operation
from zdtui.sql.text.pieces import Source

KINDS_SINCE = {
    "REPACK": (19, "REPACK"),
    "REPACK CONCURRENTLY": (19, "REPACK"),
    "ALTER TABLE SPLIT PARTITION": (19, "SPLIT PARTITION"),
    "ALTER TABLE MERGE PARTITIONS": (19, "MERGE PARTITIONS"),
    "WAIT FOR LSN": (19, "WAIT FOR LSN"),
}
"""Kinds newer than the grammar that is asked, which only their words tell: since which version, and what it is."""


def kinds_newer_than(operations: Iterable[Operation], version: int) -> tuple[int, str] | None:
    """The same by the kinds of what it does, for what no grammar here reads."""
    found = (KINDS_SINCE[each.kind] for each in operations if each.kind in KINDS_SINCE)
    return next((each for each in found if each[0] > version), None)


@lru_cache(maxsize=1024)
def newer_than(text: str, version: int) -> tuple[int, str] | None:
    """The first version that knows all of the statement, and what an older one does not know; None when this version
    knows it, or the server's own grammar is not installed, so that nobody can say."""
    try:
        from zdtui.sql.grammar.newer import needs
    except (ImportError, OSError):
        return None
    found = needs(Source(text))
    return None if found is None or found.version <= version else (found.version, found.what)
