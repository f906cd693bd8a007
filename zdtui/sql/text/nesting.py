"""How deep a statement's tree can be at most, from its tokens: what to ask before a recursive parser gets it.

Found by experiment: with a stack of 8 MB libpg_query crashes the process between 10 000 and 30 000 chained operators,
with 512 kB after some 500 nested queries, of two tokens each. A hundredth of that already is more than anybody writes.
"""

from collections.abc import Iterable

from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import Token, TokenKind

DEEPEST = 1_500
"""With a stack of 2 MB, the smallest that Python gives a thread anywhere, half of what crashes."""
SET_OPERATIONS = frozenset({"UNION", "INTERSECT", "EXCEPT"})


def is_shallow(source: Source) -> bool:
    """Whether a recursive parser may have it. The tokens are only asked for when the text is long enough to matter."""
    return len(source.text) <= DEEPEST or deepest(source.tokens) <= DEEPEST


def deepest(found: Iterable[Token]) -> int:
    """An upper limit: each token may be a level below the one before, until a comma of the same parentheses begins
    anew. Only set operations go on deeper over a comma."""
    since_comma = unions = most = 0
    outer: list[tuple[int, int]] = []
    above = 0
    for token in found:
        since_comma += 1
        if token.kind is TokenKind.SYMBOL:
            if token.text in "([":
                outer.append((since_comma, unions))
                above += since_comma + unions
                since_comma = unions = 0
            elif token.text in ")]" and outer:
                since_comma, unions = outer.pop()
                above -= since_comma + unions
            elif token.text == ",":
                since_comma = 0
        elif token.kind is TokenKind.SEMICOLON:
            since_comma = unions = 0
        elif token.upper in SET_OPERATIONS:
            unions += 2
        most = max(most, above + since_comma + unions)
    return most
