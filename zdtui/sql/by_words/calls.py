"""Which functions a query calls that are not PostgreSQL's own, by its words."""

from zdtui.sql.built_in import is_built_in
from zdtui.sql.by_words.cursor import NAMES
from zdtui.sql.text.keywords import KEYWORDS
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import read_name
from zdtui.sql.text.tokens import TokenKind

BEFORE_A_NAME = frozenset({"INTO", "AS", "WITH", "RECURSIVE", "TABLE", "COPY"})
"""After these comes the name of something with columns, and no call."""


def calls_the_unknown(source: Source, made: frozenset[str], first: int = 0) -> bool:
    """Whether from a token on a function is called of which nothing is known; `made` are the names of a WITH."""
    return any(
        token.text == "(" and place > first and _is_unknown_call(source, place - 1, made)
        for place, token in enumerate(source.tokens)
    )


def _is_unknown_call(source: Source, place: int, made: frozenset[str]) -> bool:
    token = source.tokens[place]
    if token.kind not in NAMES or (token.kind is TokenKind.WORD and token.text.lower() in KEYWORDS):
        return False
    first = place
    while first > 1 and source.tokens[first - 1].text == ".":
        first -= 2
    before = source.tokens[first - 1] if first else None
    if before is not None and (before.upper in BEFORE_A_NAME or before.text in (":", ")")):
        return False
    if before is not None and before.kind in NAMES and before.text.lower() not in KEYWORDS:
        return False
    parts = read_name(source.cut(first, place + 1) or "")
    if not parts or (len(parts) == 1 and parts[0] in made):
        return False
    return not is_built_in(Name(parts[-2] if len(parts) > 1 else None, parts[-1]))
