"""What a statement does, from its text alone. Never raises, and never says nothing.

Two readers: the server's own grammar, where it is installed and takes the statement, and else its words.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from zdtui.sql.body import ends_a_transaction, statements_of
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
    return _with_bodies(found) if found[0].kind in WITH_A_BODY else found


WITH_A_BODY = frozenset({"DO", "CREATE PROCEDURE"})


def _with_bodies(found: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """After a DO what its block does; of it and of a procedure whether it ends a transaction."""
    body = found[0].expression
    if body is None:
        return found
    first = replace(found[0], words=found[0].words | COMMITS) if ends_a_transaction(body) else found[0]
    if first.kind != "DO":
        return (first, *found[1:])
    grammar, inner = _grammar(), []
    for text in statements_of(body):
        source = Source(text)
        read = (grammar(source) if grammar is not None else None) or by_words(source) or ()
        inner += [_in_block(each) for each in read if each.kind in KINDS]
    return (first, *inner)


COMMITS, IN_BLOCK = frozenset({"COMMITS"}), frozenset({"IN BLOCK"})


def _in_block(operation: Operation) -> Operation:
    """In PL/pgSQL, SELECT INTO makes no table: it fills a variable."""
    if operation.kind == "SELECT INTO":
        operation = replace(operation, kind="SELECT", relation=None)
    return replace(operation, words=operation.words | IN_BLOCK)


@cache
def _grammar() -> Reader | None:
    """Imported when first wanted, because it takes a tenth of a second; None where it is not installed."""
    try:
        from zdtui.sql.grammar.read import read
    except (ImportError, OSError):
        return None
    return read
