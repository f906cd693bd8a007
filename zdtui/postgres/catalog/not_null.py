"""Which columns a check proves to hold no NULL, read from the server's own tree of its expression.

The tree (pg_constraint.conbin) and not the expression's text: pg_get_constraintdef() and pg_get_expr() lock the table
to write it, and would wait for whoever changes the table.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

TOKEN = re.compile(r"[{}()]|(?:\\.|[^\s{}()\\])+", re.DOTALL)
ENDS = {"{": "}", "(": ")"}
IS_NOT_NULL = "1"
Node = list[Any]
"""What stands between two brackets: words and nodes. Of a node the first word is its name, a field's is ':name'."""


def proved_not_null(tree: str, columns: Mapping[int, str]) -> tuple[str, ...]:
    """The columns (by their attnum) of which it says `c IS NOT NULL`, alone or among what is joined by AND."""
    found = _nodes(iter(TOKEN.findall(tree)), "")
    return tuple(columns[number] for node in found if isinstance(node, list) for number in _proved(node))


def _nodes(tokens: Iterator[str], end: str) -> Node:
    found: Node = []
    for token in tokens:
        if token == end:
            break
        found.append(_nodes(tokens, ENDS[token]) if token in ENDS else token)
    return found


def _proved(node: Node) -> Iterator[int]:
    match node:
        case ["BOOLEXPR", ":boolop", "and", ":args", [*parts], *_]:
            for part in parts:
                yield from _proved(part)
        case ["NULLTEST", ":arg", ["VAR", *var], *rest] if _field(rest, ":nulltesttype") == IS_NOT_NULL:
            yield int(_field(var, ":varattno"))
        case _:
            pass


def _field(words: Node, name: str) -> str:
    return str(words[words.index(name) + 1])
