"""Where a type, an expression or a list ends in a run of tokens: the author's own text is cut there. Pure.

A tree says where a thing begins, never where it ends; without a tree this is all there is. Follows gram.y: what may
follow a type or an expression at the depth it began at.
"""

from bisect import bisect_left
from functools import cached_property

from zdtui.sql.text.tokens import Token, TokenKind, tokens

AFTER_DEFINITION = frozenset(
    {"CONSTRAINT", "NOT", "NULL", "UNIQUE", "PRIMARY", "CHECK", "DEFAULT", "GENERATED", "REFERENCES", "COLLATE"}
    | {"DEFERRABLE", "INITIALLY", "ENFORCED", "STORAGE", "COMPRESSION", "OPTIONS", "USING", "CASCADE", "RESTRICT"}
)
"""What may follow the type or the default of a column."""
AFTER_WHERE = frozenset({"RETURNING", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"}) | {
    "UNION",
    "INTERSECT",
    "EXCEPT",
}
"""What may follow a WHERE."""
NOTHING: frozenset[str] = frozenset()
OPENING, CLOSING = frozenset("(["), frozenset(")]")
OPERATORS = frozenset("+-*/<>=~!@#%^&|`?")


class Source:
    """The text of one statement, with its tokens read once and only when they are wanted."""

    def __init__(self, text: str, found: list[Token] | None = None, offset: int = 0) -> None:
        """`found` are its tokens where they are known; `offset` is where it begins in the text they were found in."""
        self.text = text
        self._found = found
        self._offset = offset
        self.is_understood = False
        """The server's own grammar has read it: nobody need ask for its first mistake."""
        self._bytes = None if text.isascii() else text.encode(errors="surrogatepass")

    @cached_property
    def tokens(self) -> list[Token]:
        """All tokens of the statement; their places are those of the text they were found in."""
        return list(tokens(self.text)) if self._found is None else self._found

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins."""
        return [token.start - self._offset for token in self.tokens]

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """The stretches of tokens between commas outside of parentheses."""
        found, first = [], 0
        while True:
            end = self.end_of(first, NOTHING, through_closing=True)
            found.append((first, end))
            if end >= len(self.tokens):
                return found
            first = end + 1

    def at(self, byte_offset: int) -> int:
        """Which token begins at or after this place of the UTF-8 text: the grammar counts in bytes."""
        character = byte_offset if self._bytes is None else len(self._bytes[:byte_offset].decode(errors="ignore"))
        return bisect_left(self.starts, character)

    def cut(self, first: int, end: int) -> str | None:
        """The author's text from one token to before another; None when there is nothing between."""
        end = min(end, len(self.tokens))
        if first >= end:
            return None
        return self.text[self.tokens[first].start - self._offset : self.tokens[end - 1].end - self._offset]

    def find(self, word: str, first: int = 0, end: int | None = None) -> int | None:
        """Which token is this word (in capitals), outside of parentheses that open on the way."""
        depth = 0
        for place in range(first, len(self.tokens) if end is None else end):
            token = self.tokens[place]
            if token.kind is TokenKind.SYMBOL:
                depth += (token.text in OPENING) - (token.text in CLOSING)
            elif depth == 0 and token.upper == word:
                return place
        return None

    def end_of(self, first: int, stops: frozenset[str], through_closing: bool = False) -> int:
        """Before which token something ends that begins at `first`: a comma or one of the stop words at its own depth,
        a parenthesis that closes more than was opened, or the end. CASE ... END is one thing."""
        depth = cases = 0
        for place in range(first, len(self.tokens)):
            token = self.tokens[place]
            if token.kind is TokenKind.SYMBOL:
                depth += (token.text in OPENING) - (token.text in CLOSING)
                if (depth < 0 and not through_closing) or (token.text == "," and depth <= 0):
                    return place
            elif stops and token.kind is TokenKind.WORD and depth == 0:
                word = token.upper
                cases += (word == "CASE") - (word == "END" and cases > 0)
                if cases == 0 and word in stops and not self._goes_on(first, place):
                    return place
        return len(self.tokens)

    def _goes_on(self, first: int, place: int) -> bool:
        """Whether a stop word is part of it after all: `DEFAULT NULL`, `x IS NOT DISTINCT FROM y`."""
        if place == first:
            return True
        before = self.tokens[place - 1]
        return before.text in OPERATORS or before.text == "." or before.upper == "IS"

    def closing(self, opening: int) -> int:
        """Which token closes the parenthesis at this one; past the last when none does."""
        depth = 0
        for place in range(opening, len(self.tokens)):
            text = self.tokens[place].text
            depth += (text in OPENING) - (text in CLOSING)
            if depth == 0:
                return place
        return len(self.tokens)

    def in_next_parentheses(self, first: int) -> str | None:
        """What stands in the first parentheses from this token on."""
        for place in range(first, len(self.tokens)):
            if self.tokens[place].text == "(":
                return self.cut(place + 1, self.closing(place))
        return None
