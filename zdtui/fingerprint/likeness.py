"""What an object's text says besides the order of its columns and the names of its constraints. Pure.

The text is pg_dump's own, read by PostgreSQL's lexical rules: what is in a string or in parentheses is never cut.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from zdtui.sql.text.tokens import Token, TokenKind, tokens

NAMELESS = "?"
"""In place of the name of a constraint."""
NAMES = (TokenKind.WORD, TokenKind.QUOTED)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A text without the names of its constraints; the parts of a table's list in their order, and what is around."""

    columns: tuple[str, ...]
    """The columns of a table, as they follow each other; of anything else nothing."""
    others: tuple[str, ...]
    """Constraints in the table's list, sorted; and every statement without its list, sorted."""
    named: tuple[tuple[str, str], ...]
    """Each part that names a constraint, without the name, and the name."""

    @property
    def whatever_the_order(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is to be the same where only the order of columns is another."""
        return tuple(sorted(self.columns)), self.others


def likeness(text: str) -> Likeness:
    """Take the text of an object apart."""
    columns: list[str] = []
    others: list[str] = []
    named: list[tuple[str, str]] = []
    for statement in _cut(list(tokens(text)), TokenKind.SEMICOLON, ";"):
        listed = _list_of(statement)
        if listed is None:
            others.append(_nameless(text, statement, named))
            continue
        first, last = listed
        for part in _cut(statement[first + 1 : last], TokenKind.SYMBOL, ","):
            said = _nameless(text, part, named)
            (others if part[0].upper == "CONSTRAINT" else columns).append(said)
        others.append(text[statement[0].start : statement[first].end] + text[statement[last].start : statement[-1].end])
    return Likeness(tuple(columns), tuple(sorted(others)), tuple(named))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names in place of these, wherever they stand as names by themselves."""
    said, place = [], 0
    for token in tokens(text):
        if token.kind in NAMES and token.text in names:
            said += [text[place : token.start], names[token.text]]
            place = token.end
    return "".join((*said, text[place:]))


def _cut(found: list[Token], kind: TokenKind, at: str) -> Iterable[list[Token]]:
    """The stretches between these tokens, outside of parentheses."""
    part: list[Token] = []
    depth = 0
    for token in found:
        if token.kind is TokenKind.SYMBOL:
            depth += (token.text in "([") - (token.text in ")]")
        if depth == 0 and token.kind is kind and token.text == at:
            if part:
                yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _list_of(statement: list[Token]) -> tuple[int, int] | None:
    """Where the list of a CREATE TABLE begins and ends, if the statement is one that has a list."""
    words = [token.upper for token in statement[:4]]
    if words[0] != "CREATE" or "TABLE" not in words:
        return None
    opened = [place for place, token in enumerate(statement) if token.kind is TokenKind.SYMBOL and token.text == "("]
    if not opened or any(token.upper in ("INHERITS", "SERVER", "WITH") for token in statement[: opened[0]]):
        return None
    depth = 0
    for place, token in enumerate(statement[opened[0] :], opened[0]):
        if token.kind is TokenKind.SYMBOL:
            depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return opened[0], place
    return None


def _nameless(text: str, part: list[Token], named: list[tuple[str, str]]) -> str:
    """The part without the name of its constraint, wherever it is said again (CLUSTER ON, USING INDEX)."""
    names = [
        each.text
        for before, each in pairwise(part)
        if before.upper == "CONSTRAINT" and each.kind in NAMES and each.upper != "TRIGGER"
    ]
    said, place = [], part[0].start
    for before, token in zip([None, *part], part, strict=False):
        after_one = before is not None and before.upper in ("CONSTRAINT", "ON", "INDEX")
        if after_one and token.kind in NAMES and token.text in names:
            said += [text[place : token.start], NAMELESS]
            place = token.end
    told = "".join((*said, text[place : part[-1].end]))
    named += [(told, name) for name in names]
    return told
