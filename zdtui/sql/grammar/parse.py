"""One statement's tree by the server's own grammar, when it is safe to ask for it."""

from postgast import PgQueryError, parse
from postgast import pg_query_pb2 as pg

LONGEST = 1_000_000
"""Characters; what is longer is data, and is read by its first words."""


def tree_of(text: str) -> tuple[pg.Node, ...] | None:
    """The statements in the text, usually one; None when the grammar refuses it or must not be asked.

    A string of C ends at a NUL, and a lone surrogate has no UTF-8.
    """
    if len(text) > LONGEST or "\0" in text:
        return None
    try:
        return tuple(raw.stmt for raw in parse(text).stmts)
    except (PgQueryError, ValueError, RecursionError, MemoryError):
        return None
