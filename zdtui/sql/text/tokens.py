"""PostgreSQL's lexical rules, as far as cutting and recognising statements needs them. Never raises on any text.

Follows src/backend/parser/scan.l: strings with doubled quotes, E'' with backslashes (which go on over a line break),
U&'' and U&"", dollar quotes with tags, quoted identifiers, nested block comments; every character beyond ASCII belongs
to identifiers. `standard_conforming_strings` is taken to be on, the default since 9.1.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class TokenKind(Enum):
    """What a token is; comments and white space are no tokens."""

    WORD = "word"
    """An unquoted identifier or keyword."""
    QUOTED = "quoted identifier"
    STRING = "string"
    NUMBER = "number"
    SEMICOLON = ";"
    SYMBOL = "symbol"
    """One character of an operator or of punctuation."""


class Token(NamedTuple):
    """A stretch of the text: characters `start` to `end`. A tuple, because there are many of them."""

    kind: TokenKind
    text: str
    start: int
    end: int
    closed: bool = True
    """False for a string or identifier that never ends."""

    @property
    def upper(self) -> str:
        """A word in capitals; the empty string for anything else, so that a quoted "drop" is no keyword."""
        if self.kind is not TokenKind.WORD:
            return ""
        return self.text.upper() if self.text.isascii() else self.text


START = r"[A-Za-z_\x80-\U0010ffff]"
GOES_ON = r"[A-Za-z0-9_\x80-\U0010ffff]"
NEXT_LINE = r"'(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+'"
"""A string that ends and goes on after a line break is one string; it matters where backslashes count."""

LEXEME = re.compile(
    rf"""
    (?: [ \t\n\r\f\v]++ | --[^\n\r]*+ )*+
    (?:
      (?P<comment>  /\* )
    | (?P<string>   [eE]' (?: [^'\\] | '' | \\. | {NEXT_LINE} )*+ '
                  | (?: [bBxXnN] | [uU]& )?+ '[^']*+ (?: '' [^']*+ )*+ ' )
    | (?P<quoted>   (?: [uU]& )?+ "[^"]*+ (?: "" [^"]*+ )*+ " )
    | (?P<open>     (?: [eEbBxXnN] | [uU]& )?+ ' | (?: [uU]& )?+ " )
    | (?P<word>     {START} (?: {GOES_ON} | \$ )*+ )
    | (?P<number>   [0-9] [0-9A-Za-z_.]*+ )
    | (?P<dollar>   \$ (?: {START} {GOES_ON}*+ )?+ \$ )
    | (?P<semicolon> ; )
    | (?P<symbol>   . )
    | (?P<end>      \Z )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
KINDS = {
    "string": TokenKind.STRING,
    "quoted": TokenKind.QUOTED,
    "word": TokenKind.WORD,
    "number": TokenKind.NUMBER,
    "semicolon": TokenKind.SEMICOLON,
    "symbol": TokenKind.SYMBOL,
}
COMMENT_EDGE = re.compile(r"/\*|\*/")
MAY_STAY_OPEN = re.compile(r"['\"$]|/\*")


def tokens(sql: str, place: int = 0) -> Iterator[Token]:
    """The tokens of a text from this place on, in order; a token or a gap has to begin there."""
    end, new = len(sql), tuple.__new__
    while place < end:
        for found in LEXEME.finditer(sql, place):
            group = found.lastgroup or "end"
            start, place = found.span(group)
            if (kind := KINDS.get(group)) is not None:
                yield new(Token, (kind, found[group], start, place, True))
                continue
            if group == "end":
                return
            if group == "comment":
                place = _comment_close(sql, start) or end
            else:
                token = _to_its_end(sql, group, start, place)
                yield token
                place = token.end
            break


def has_open_end(sql: str) -> int | None:
    """Offset of the string, identifier or block comment that never ends, if there is one."""
    if MAY_STAY_OPEN.search(sql) is None:
        return None
    place, end = 0, len(sql)
    while place < end:
        found = LEXEME.match(sql, place)
        assert found is not None
        group = found.lastgroup or "end"
        start, place = found.span(group)
        if group == "comment":
            closes = _comment_close(sql, start)
            if closes is None:
                return start
            place = closes
        elif group in ("open", "dollar"):
            token = _to_its_end(sql, group, start, place)
            if not token.closed:
                return token.start
            place = token.end
    return None


def _comment_close(sql: str, place: int) -> int | None:
    """Past the end of the block comment that begins here; comments nest. None when it never ends."""
    depth = 0
    for edge in COMMENT_EDGE.finditer(sql, place):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return None


def _to_its_end(sql: str, group: str, start: int, opened: int) -> Token:
    """A dollar-quoted string to its second tag; what was opened and never closed to the end of the text."""
    opening = sql[start:opened]
    if group == "dollar":
        close = sql.find(opening, opened)
        end = len(sql) if close < 0 else close + len(opening)
        return Token(TokenKind.STRING, sql[start:end], start, end, closed=close >= 0)
    kind = TokenKind.QUOTED if opening.endswith('"') else TokenKind.STRING
    return Token(kind, sql[start:], start, len(sql), closed=False)
