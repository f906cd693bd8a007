"""PostgreSQL's lexical rules, as far as cutting and recognising statements needs them. Never raises on any text.

Follows src/backend/parser/scan.l: strings with doubled quotes, E'' with backslashes, dollar quotes with tags, quoted
identifiers, nested block comments. `standard_conforming_strings` is taken to be on, the default since 9.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


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


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text: characters `start` to `end`."""

    kind: TokenKind
    text: str
    start: int
    end: int
    closed: bool = True
    """False for a string, identifier or comment that never ends."""

    @property
    def upper(self) -> str:
        """A word in capitals; the empty string for anything else, so that a quoted "drop" is no keyword."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""


WORD = re.compile(r"[^\W\d][\w$]*")
NUMBER = re.compile(r"\d[\w.]*")
DOLLAR = re.compile(r"\$(?:[^\W\d][\w]*)?\$")
PLAIN_STRING = re.compile(r"'(?:[^']|'')*'")
ESCAPE_STRING = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
IDENTIFIER = re.compile(r'"(?:[^"]|"")*"')
COMMENT_EDGE = re.compile(r"/\*|\*/")
SPACE = re.compile(r"\s+")


def tokens(sql: str) -> Iterator[Token]:
    """The tokens of a text, in order."""
    place, end = 0, len(sql)
    while place < end:
        skipped = _skip(sql, place)
        if skipped > place:
            place = skipped
            continue
        token = _token(sql, place)
        yield token
        place = token.end


def has_open_end(sql: str) -> int | None:
    """Offset of the string, identifier or block comment that never ends, if there is one."""
    place, end = 0, len(sql)
    while place < end:
        skipped = _skip(sql, place)
        if skipped > place:
            if sql.startswith("/*", place) and _comment_close(sql, place) is None:
                return place
            place = skipped
            continue
        token = _token(sql, place)
        if not token.closed:
            return token.start
        place = token.end
    return None


def _skip(sql: str, place: int) -> int:
    """Past one stretch of white space or one comment, if there is one here."""
    space = SPACE.match(sql, place)
    if space:
        return space.end()
    if sql.startswith("--", place):
        line_end = sql.find("\n", place)
        return len(sql) if line_end < 0 else line_end + 1
    return _comment_end(sql, place) if sql.startswith("/*", place) else place


def _comment_end(sql: str, place: int) -> int:
    """Past the block comment that begins here, or the end of the text when it never ends."""
    close = _comment_close(sql, place)
    return len(sql) if close is None else close


def _comment_close(sql: str, place: int) -> int | None:
    """Past the end of the block comment that begins here; comments nest. None when it never ends."""
    depth, at = 0, place
    for edge in COMMENT_EDGE.finditer(sql, place):
        if edge.start() < at:
            continue
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
        if depth == 0:
            return at
    return None


def _token(sql: str, place: int) -> Token:
    character = sql[place]
    if character == ";":
        return Token(TokenKind.SEMICOLON, ";", place, place + 1)
    if character == "'":
        return _stretch(sql, place, place, PLAIN_STRING, TokenKind.STRING)
    if character == '"':
        return _stretch(sql, place, place, IDENTIFIER, TokenKind.QUOTED)
    if character == "$":
        return _dollar(sql, place)
    word = WORD.match(sql, place)
    if word:
        return _word(sql, place, word.end())
    number = NUMBER.match(sql, place)
    if number:
        return Token(TokenKind.NUMBER, number.group(), place, number.end())
    return Token(TokenKind.SYMBOL, character, place, place + 1)


def _word(sql: str, place: int, end: int) -> Token:
    """A word, or the prefix of a string or identifier that follows it without a gap."""
    word = sql[place:end].lower()
    if sql.startswith("'", end) and word in ("e", "b", "x", "n"):
        return _stretch(sql, place, end, ESCAPE_STRING if word == "e" else PLAIN_STRING, TokenKind.STRING)
    if word == "u" and sql.startswith("&'", end):
        return _stretch(sql, place, end + 1, PLAIN_STRING, TokenKind.STRING)
    if word == "u" and sql.startswith('&"', end):
        return _stretch(sql, place, end + 1, IDENTIFIER, TokenKind.QUOTED)
    return Token(TokenKind.WORD, sql[place:end], place, end)


def _stretch(sql: str, start: int, quote: int, pattern: re.Pattern[str], kind: TokenKind) -> Token:
    found = pattern.match(sql, quote)
    end = found.end() if found else len(sql)
    return Token(kind, sql[start:end], start, end, closed=found is not None)


def _dollar(sql: str, place: int) -> Token:
    opening = DOLLAR.match(sql, place)
    if opening is None:
        return Token(TokenKind.SYMBOL, "$", place, place + 1)
    close = sql.find(opening.group(), opening.end())
    end = len(sql) if close < 0 else close + len(opening.group())
    return Token(TokenKind.STRING, sql[place:end], place, end, closed=close >= 0)
