"""What a statement does, from its text alone. Never raises, and never says nothing.

Two readers: the server's own grammar, where it is installed and takes the statement, and else its words.
"""

from collections.abc import Callable
from functools import cache

from zdtui.sql.by_words.read import read as by_words
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN, Operation
from zdtui.sql.text.pieces import Source

Reader = Callable[[Source], tuple[Operation, ...] | None]


def operations_of(source: Source) -> tuple[Operation, ...]:
    """What a statement of this text does. Ask `Statement.operations`, which keeps it."""
    grammar = _grammar()
    found = grammar(source) if grammar is not None else None
    found = found or by_words(source)
    if not found or any(each.kind not in KINDS for each in found):
        return (Operation(kind=UNKNOWN),)
    return found


@cache
def _grammar() -> Reader | None:
    """Imported when first wanted, because it takes a tenth of a second; None where it is not installed."""
    try:
        from zdtui.sql.grammar.read import read
    except (ImportError, OSError):
        return None
    return read
