"""What is certainly wrong with an SQL expression of a backfill or copy. Pure; never raises.

Certain means: the lexer proves it, or the shape looks wrong here *and* sqlglot refuses the expression too. Neither
alone is enough: sqlglot does not know all of PostgreSQL, and what an expression means is for the server to say.
"""

from itertools import pairwise
from typing import NamedTuple

from zdtui.sql.text.keywords import KEYWORDS
from zdtui.sql.text.tokens import Token, TokenKind, has_open_end, tokens

PAIRS = {")": "(", "]": "["}
CANNOT_BEGIN = frozenset({"AND", "OR", "IS", "IN", "LIKE", "ILIKE", "BETWEEN", "THEN", "ELSE", "END", "WHEN", "FROM"})
CANNOT_END = CANNOT_BEGIN - {"END"} | {"NOT", "CASE", "SELECT", "WHERE", "AS", "COLLATE"}
OPERATORS_IN_BETWEEN = frozenset("=<>/%^|&,.")
OPERATORS_BEFORE = OPERATORS_IN_BETWEEN | frozenset("+-*~#@")
HAS_ALIASES = frozenset({"SELECT", "FROM", "VALUES", "WITH", "WINDOW", "OVER"})
OURS = frozenset({"WHERE", "SET"})


class Mistake(NamedTuple):
    """A sentence about one character of the expression."""

    offset: int
    sentence: str


def certain_mistake(expression: str) -> Mistake | None:
    """The first thing that cannot be right; None when the server may well take it."""
    if (offset := has_open_end(expression)) is not None:
        return Mistake(offset, "a string, a quoted name or a comment never ends")
    found = list(tokens(expression))
    if not found:
        return Mistake(0, "there is no expression")
    return _wrong_word(expression, found) or _unbalanced(found) or _misshapen(expression, found)


def _wrong_word(expression: str, found: list[Token]) -> Mistake | None:
    for token in found:
        if token.kind is TokenKind.SEMICOLON:
            return Mistake(token.start, "`;` ends a statement; one expression belongs here")
    if found[0].upper in OURS:
        return Mistake(found[0].start, f"leave out the word {found[0].upper}: zdtui writes it")
    if "--" in expression[found[-1].end :]:
        return Mistake(found[-1].end, "a -- comment at the end would swallow what zdtui writes after it; use /* */")
    return None


def _unbalanced(found: list[Token]) -> Mistake | None:
    open_ones: list[Token] = []
    for token in found:
        if token.kind is not TokenKind.SYMBOL:
            continue
        if token.text in "([":
            open_ones.append(token)
        elif token.text in PAIRS and (not open_ones or open_ones.pop().text != PAIRS[token.text]):
            return Mistake(token.start, f"this `{token.text}` closes nothing: the parentheses do not match")
    if open_ones:
        return Mistake(
            open_ones[-1].start, f"this `{open_ones[-1].text}` is never closed: the parentheses do not match"
        )
    return None


def _misshapen(expression: str, found: list[Token]) -> Mistake | None:
    at = _suspicious(expression, found)
    if at is None or not _refused_by_sqlglot(expression):
        return None
    return Mistake(at.start, f"this is not one SQL expression; look at `{at.text[:30]}`")


def _suspicious(expression: str, found: list[Token]) -> Token | None:
    """The token at which the shape looks wrong."""
    first, last = found[0], found[-1]
    if first.upper in CANNOT_BEGIN or first.text in OPERATORS_IN_BETWEEN:
        return first
    ends_in_star = len(found) > 1 and last.text == "*" and found[-2].text == "."
    if last.upper in CANNOT_END or (last.text in OPERATORS_BEFORE and not ends_in_star):
        return last
    for before, after in pairwise(found):
        if (before.text, after.text) in ((",", ")"), ("(", ","), (",", ",")):
            return after
    if any(token.upper in HAS_ALIASES for token in found):
        return None
    for before, after in pairwise(found):
        if _are_two_operands(before, after) and "\n" not in expression[before.end : after.start]:
            return after
    return None


def _are_two_operands(before: Token, after: Token) -> bool:
    """Two values side by side with nothing between. A name before a string may be a type: numeric '1'."""
    if not (_is_operand(before) and _is_operand(after)):
        return False
    return not (after.kind is TokenKind.STRING and before.kind in (TokenKind.WORD, TokenKind.QUOTED))


def _is_operand(token: Token) -> bool:
    if token.kind is TokenKind.WORD:
        return token.text.lower() not in KEYWORDS
    return token.kind in (TokenKind.NUMBER, TokenKind.STRING, TokenKind.QUOTED)


def _refused_by_sqlglot(expression: str) -> bool:
    """Imported here, because it takes longer than reading the plan and is seldom needed."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        sqlglot.parse_one(f"SELECT 1 FROM t WHERE {expression}\n AND true", read="postgres")
    except (SqlglotError, RecursionError):
        return True
    return False
