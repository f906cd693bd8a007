"""Comparing an index as a plan writes it with the index that is there, as the server writes it. Pure."""

from dataclasses import dataclass

from zdtui.sql.text.quote import identifier_parts
from zdtui.sql.text.tokens import Token, TokenKind, tokens
from zdtui.sql.text.words import Words

DEFAULT_METHOD = "btree"


@dataclass(frozen=True, slots=True)
class IndexText:
    """What a CREATE INDEX says of the index beside its name and its table."""

    unique: bool
    method: str
    rest: tuple[str, ...]
    """Everything from the list of columns on: words folded, names unquoted."""

    @property
    def is_plain(self) -> bool:
        """Whether it is a list of columns and nothing else, which there is one way to write."""
        inner = self.rest[1:-1]
        names = inner[::2]
        return (
            self.rest[:1] == ("(",)
            and self.rest[-1:] == (")",)
            and all(each == "," for each in inner[1::2])
            and all(each not in ("(", ")", ",") for each in names)
        )


def index_text(text: str) -> IndexText | None:
    """Read a CREATE INDEX; None for what is none."""
    said = Words(list(tokens(text)))
    on = said.place("ON")
    if on is None or not said.has("INDEX") or said.upper[:1] != ["CREATE"]:
        return None
    at = on + 1
    while at < len(said.tokens) and said.tokens[at].text != "(" and said.upper[at] != "USING":
        at += 1
    method = DEFAULT_METHOD
    if at < len(said.tokens) and said.upper[at] == "USING":
        method, at = _folded(said.tokens[at + 1]), at + 2
    return IndexText("UNIQUE" in said.upper[:on], method, tuple(_folded(each) for each in said.tokens[at:]))


def is_the_same(wanted: str, there: str) -> bool | None:
    """Whether the two define the same index, their tables being the same; None where reading does not tell.

    `there` is the server's own text: what it would have made of a plain list of columns is that list.
    """
    one, other = index_text(wanted), index_text(there)
    if one is None or other is None:
        return None
    if one == other:
        return True
    if one.unique != other.unique or one.method != other.method:
        return False
    return False if one.is_plain and "with" not in other.rest else None


def _folded(token: Token) -> str:
    if token.kind in (TokenKind.WORD, TokenKind.QUOTED):
        return identifier_parts(token.text)[0]
    return token.text
