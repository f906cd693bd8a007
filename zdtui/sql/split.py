"""Cutting a text into statements, each with the author's exact characters and their place. Never raises."""

from bisect import bisect_right
from collections.abc import Iterator

from zdtui.sql.classify import classify
from zdtui.sql.statement import Statement
from zdtui.sql.tokens import Token, TokenKind, tokens

OPENERS = {"(": 1, ")": -1}


def split(sql: str) -> tuple[Statement, ...]:
    """The statements of a text. Comments before a statement and empty statements are left out.

    A semicolon inside parentheses (CREATE RULE) or inside a BEGIN ATOMIC ... END body does not end a statement.
    """
    breaks = [place for place, character in enumerate(sql) if character == "\n"]
    return tuple(_statement(sql, group, breaks) for group in _groups(sql))


def _statement(sql: str, group: list[Token], breaks: list[int]) -> Statement:
    start, end = group[0].start, group[-1].end
    return classify(sql[start:end], group, offset=start, line=bisect_right(breaks, start - 1) + 1)


def _groups(sql: str) -> Iterator[list[Token]]:
    """The tokens of each statement."""
    group: list[Token] = []
    depth = atomic = 0
    for token in tokens(sql):
        if token.kind is TokenKind.SEMICOLON and depth <= 0 and atomic == 0:
            if group:
                yield group
            group, depth = [], 0
            continue
        depth += OPENERS.get(token.text, 0) if token.kind is TokenKind.SYMBOL else 0
        atomic = _atomic(group, token, atomic)
        group.append(token)
    if group:
        yield group


def _atomic(group: list[Token], token: Token, depth: int) -> int:
    """How deep we are in a BEGIN ATOMIC body; CASE has an END of its own."""
    if token.upper == "ATOMIC" and group and group[-1].upper == "BEGIN":
        return depth + 1
    if depth and token.upper == "CASE":
        return depth + 1
    if depth and token.upper == "END":
        return depth - 1
    return depth
