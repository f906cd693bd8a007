"""The identifiers in a text: every word and every quoted identifier, as the catalogs would hold it."""

import re
from collections.abc import Iterable

from zdtui.sql.text.quote import LOWER
from zdtui.sql.text.tokens import TokenKind, tokens

UNICODE_ESCAPE = re.compile(r"\\(?:\\|([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6}))")


def identifiers(texts: Iterable[str]) -> frozenset[str]:
    """Everything in the texts that may be a name, keywords too: no relation that they name is missing."""
    return frozenset(_name(kind, text) for each in texts for kind, text, *_ in tokens(each) if kind in NAMING)


NAMING = frozenset({TokenKind.WORD, TokenKind.QUOTED})


def _name(kind: TokenKind, text: str) -> str:
    if kind is TokenKind.WORD:
        return text.translate(LOWER)
    inner = text[text.index('"') + 1 :].removesuffix('"').replace('""', '"')
    return UNICODE_ESCAPE.sub(_character, inner) if text[0] in "uU" else inner


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return "\\" if code is None else chr(min(int(code, 16), 0x10FFFF))
