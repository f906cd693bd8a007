"""CREATE FUNCTION and PROCEDURE, by their words."""

from dataclasses import replace

from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.query import mentions_of
from zdtui.sql.operation import Operation
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import string_value
from zdtui.sql.text.tokens import TokenKind


def create_function(at: Cursor, plain: Operation) -> Operation:
    """After the name."""
    steady = (word for word in ("IMMUTABLE", "STABLE") if at.source.find(word, at.place, at.end) is not None)
    plain = replace(plain, words=plain.words | frozenset(steady))
    for word in ("ATOMIC", "RETURN"):
        if (begins := at.source.find(word, at.place, at.end)) is not None:
            return replace(plain, mentions=mentions_of(Cursor(at.source, begins + 1, at.end)))
    text = _body(at)
    language = at.source.find("LANGUAGE", at.place, at.end)
    name = Cursor(at.source, at.end if language is None else language + 1).simple_name()
    body = None if text is None else string_value(text)
    is_sql = body is not None and name is not None and name.lower() == "sql"
    return replace(plain, expression=body, mentions=mentions_of(Cursor(Source(body or ""))) if is_sql else ())


def _body(at: Cursor) -> str | None:
    """The string after AS."""
    word = at.source.find("AS", at.place, at.end)
    while word is not None:
        token = Cursor(at.source, word + 1).token
        if token is not None and token.kind is TokenKind.STRING:
            return token.text
        word = at.source.find("AS", word + 1, at.end)
    return None
