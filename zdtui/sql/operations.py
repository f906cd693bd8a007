"""What a statement does, from its text alone. Never raises, and never says nothing.

Two readers: the server's own grammar, where it is installed and takes the statement, and else its words.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from zdtui.sql.by_words.read import read as by_words
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN, Operation
from zdtui.sql.statement import Statement
from zdtui.sql.text.pieces import Source

SHORT = 4_000
"""Characters of a statement that is kept with many others."""
Reader = Callable[[Source], tuple[Operation, ...] | None]


def operations(statement: Statement) -> tuple[Operation, ...]:
    """What the statement does, one operation for each action; UNKNOWN when nobody understands it."""
    return _kept(statement.text) if len(statement.text) <= SHORT else _read(statement.text)


def _read(text: str) -> tuple[Operation, ...]:
    source = Source(text)
    grammar = _grammar()
    found = grammar(source) if grammar is not None else None
    found = found or by_words(source)
    if not found or any(each.kind not in KINDS for each in found):
        return (Operation(kind=UNKNOWN),)
    return found


_kept = lru_cache(maxsize=1 << 14)(_read)
"""A plan's statements are read by its rules, by its summary and by who runs it."""


@cache
def _grammar() -> Reader | None:
    """Imported when first wanted, because it takes a tenth of a second; None where it is not installed."""
    try:
        from zdtui.sql.grammar.read import read
    except (ImportError, OSError):
        return None
    return read
