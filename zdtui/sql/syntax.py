"""Where the server's own grammar stops understanding a statement. Pure; never raises."""

from functools import lru_cache
from typing import NamedTuple

from zdtui.sql.text.pieces import Source

GRAMMAR_VERSION = 18
"""The version of PostgreSQL whose grammar is asked."""


class NotUnderstood(NamedTuple):
    """What the grammar says, and at which character of the statement."""

    message: str
    offset: int


@lru_cache(maxsize=4096)
def not_understood(text: str) -> NotUnderstood | None:
    """None for what it reads, for what it must not be asked about (too deep, too long), and where it is not there."""
    try:
        from zdtui.sql.grammar.parse import first_error
    except (ImportError, OSError):
        return None
    found = first_error(Source(text))
    return None if found is None else NotUnderstood(" ".join(found[0].split()), found[1])
