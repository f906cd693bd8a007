"""One statement's tree by the server's own grammar, when it is safe to ask for it."""

from google.protobuf.message import DecodeError
from postgast import PgQueryError, parse
from postgast import pg_query_pb2 as pg

from zdtui.sql.text.nesting import is_shallow
from zdtui.sql.text.pieces import Source

LONGEST = 2_000_000
"""Characters; what is longer is data, and is read by its first words."""


def trees_of(source: Source) -> tuple[pg.Node, ...]:
    """The statements in the text, usually one; none when the grammar refuses it or must not be asked.

    A string of C ends at a NUL, and a lone surrogate has no UTF-8 (a ValueError). A tree of more than 100 levels, which
    is some 47 chained operators, comes from the C side and is not decoded (a DecodeError).
    """
    if len(source.text) > LONGEST or "\0" in source.text or not is_shallow(source):
        return ()
    try:
        return tuple(raw.stmt for raw in parse(source.text).stmts)
    except (PgQueryError, DecodeError, ValueError):
        return ()
