"""Places in a text that a tool fills in before it is SQL: `${schema}`, `{{ .Table }}`, psql's `:'name'`. Pure."""

import re
from typing import NamedTuple

from zdtui.sql.text.tokens import Token, TokenKind, tokens

FILLED = re.compile(
    r"\$\{[^}\n]*+\}?|\{\{[^}\n]*+\}{0,2}|\{[%#][^}\n]*+\}?|#\{[^}\n]*+\}?|<%[^>\n]*+>?|:\{\?\w*\}?|\$\([^)\n]*+\)?"
    r"|\{\w+\}|\$[A-Za-z_]\w*+|%\(\w+\)s|%s\b"
)
"""Of Flyway and Liquibase, Go and Jinja, Ruby, ERB, psql, MSBuild, Python. What closes it may be on another line."""
MAY_BE_FILLED = re.compile(r"[{:$%?]|<%")
VALUES = (TokenKind.WORD, TokenKind.QUOTED, TokenKind.STRING)
JOINED = (TokenKind.WORD, TokenKind.QUOTED, TokenKind.NUMBER)


class Placeholder(NamedTuple):
    """One such place: how it is written, and its first character."""

    text: str
    offset: int


def placeholder_before(text: str, error: int) -> Placeholder | None:
    """The first one that may be why the grammar stops at this character: an error before it is the author's own.

    What stands in a string or a comment is read as it is. A `?` counts only right before the error: it is an operator
    too.
    """
    if MAY_BE_FILLED.search(text) is None:
        return None
    before: Token | None = None
    for token in tokens(text):
        if token.start > error:
            return None
        if token.kind is TokenKind.SYMBOL and (end := _end(text, token, before, error)) is not None:
            return Placeholder(text[token.start : end], token.start)
        before = token
    return None


def _end(text: str, token: Token, before: Token | None, error: int) -> int | None:
    """Where the placeholder ends that begins with this token; None when none begins there."""
    if token.text == "?":
        return None if text[token.end : error].strip() else token.end
    if (found := FILLED.match(text, token.start)) is not None:
        return found.end()
    return _end_of_name(text, token.end) if token.text == ":" and not _joins(token, before) else None


def _joins(token: Token, before: Token | None) -> bool:
    """Whether it is the second of a cast's, or between the bounds of a slice."""
    return (
        before is not None and before.end == token.start and (before.text in (":", "]", ")") or before.kind in JOINED)
    )


def _end_of_name(text: str, place: int) -> int | None:
    """Of the variable's name that follows at once."""
    after = next(tokens(text, place), None)
    return after.end if after is not None and after.start == place and after.kind in VALUES else None
