"""Whether the WHERE of a backfill tells a row that is done. Pure; never raises."""

from collections.abc import Sequence
from functools import lru_cache

from zdtui.sql.text.quote import identifier_parts


@lru_cache(maxsize=1024)
def tells_done(assignments: tuple[tuple[str, str], ...], where: str | None) -> bool | None:
    """None: the server's own grammar is not installed, so that nobody can say."""
    if where is None:
        return False
    try:
        from zdtui.sql.grammar.told import tells
    except (ImportError, OSError):
        return None
    return tells(assignments, where, _names(assignments))


def _names(assignments: Sequence[tuple[str, str]]) -> frozenset[str]:
    return frozenset(identifier_parts(column)[-1] for column, _ in assignments)
