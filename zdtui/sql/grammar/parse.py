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
    if not _may_be_asked(source):
        return ()
    try:
        trees = tuple(raw.stmt for raw in parse(source.text).stmts)
    except (PgQueryError, DecodeError, ValueError):
        return ()
    source.is_understood = True
    return trees


def first_error(source: Source) -> tuple[str, int] | None:
    """What the grammar cannot read, in its own words, and at which character (from 0) that is."""
    if not _may_be_asked(source):
        return None
    try:
        parse(source.text)
    except PgQueryError as error:
        return error.message, min(max(error.cursorpos - 1, 0), len(source.text))
    except (DecodeError, ValueError):
        return None
    return None


def _may_be_asked(source: Source) -> bool:
    return len(source.text) <= LONGEST and "\0" not in source.text and is_shallow(source)
