"""Cutting a text into statements, each with the author's exact characters and their place. Never raises."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from zdtui.sql.classify import classify
from zdtui.sql.statement import Statement
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import Token, TokenKind, tokens


def split(sql: str) -> tuple[Statement, ...]:
    """The statements of a text. Comments before a statement and empty statements are left out.

    A semicolon inside parentheses (CREATE RULE) or inside a BEGIN ATOMIC ... END body does not end a statement.
    """
    return _short(sql) if len(sql) <= SHORT else _long(sql)


MAY_COMMIT = frozenset({"CALL", "DO"})
"""Kinds of statement that run code which may end its transaction and begin another, when it is in none of ours."""


def may_have_committed(statement: Statement) -> bool:
    """Whether an error of the statement says nothing of the work it did before: it may have committed some of it."""
    return not statement.transactional and statement.kind in MAY_COMMIT


def split_alone(sql: str) -> tuple[Statement, ...]:
    """The statements of a step that says `transaction: off`: CALL and DO run outside a transaction of ours."""
    return tuple(replace(each, transactional=False) if each.kind in MAY_COMMIT else each for each in split(sql))


def _all(sql: str) -> tuple[Statement, ...]:
    return tuple(statements_in(sql))


SHORT = 4_000
"""Characters of a text of which the statements are kept together with those of many others."""
_short, _long = lru_cache(maxsize=1 << 14)(_all), lru_cache(maxsize=2)(_all)
"""The same text is asked for at each of its statements, by each who looks at a step."""


def statements_in(sql: str) -> Iterator[Statement]:
    """The same, one after the other and not kept: of a long text the tokens are never there all at once."""
    line, counted = 1, 0
    for group in _groups(sql):
        start, end = group[0].start, group[-1].end
        line += sql.count("\n", counted, start)
        counted = start
        text = sql[start:end]
        yield classify(text, group, offset=start, line=line).cut_as(Source(text, group, start))


LENGTH_OF_ATOMIC = len("ATOMIC")


def _groups(sql: str) -> Iterator[list[Token]]:
    """The tokens of each statement."""
    group: list[Token] = []
    depth = atomic = 0
    for token in tokens(sql):
        if token.kind is TokenKind.SEMICOLON:
            if depth == 0 and atomic == 0:
                if group:
                    yield group
                group = []
                continue
        elif token.kind is TokenKind.SYMBOL:
            depth = _depth(token.text, depth)
        elif token.kind is TokenKind.WORD and (atomic or len(token.text) == LENGTH_OF_ATOMIC):
            atomic = _atomic(group, token, atomic)
        group.append(token)
    if group:
        yield group


def _depth(symbol: str, depth: int) -> int:
    """How many parentheses are open."""
    if symbol == "(":
        return depth + 1
    return max(0, depth - 1) if symbol == ")" else depth


def _atomic(group: list[Token], token: Token, depth: int) -> int:
    """How deep we are in the BEGIN ATOMIC body of a CREATE FUNCTION or PROCEDURE; CASE has an END of its own."""
    if not group:
        return depth
    if depth == 0:
        begins = token.upper == "ATOMIC" and group[-1].upper == "BEGIN" and group[0].upper == "CREATE"
        return 1 if begins else 0
    if token.upper not in ("CASE", "END") or group[-1].text == "." or group[-1].upper == "AS":
        return depth
    return depth + 1 if token.upper == "CASE" else depth - 1
