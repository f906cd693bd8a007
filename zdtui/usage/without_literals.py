"""A statement's text without the values in it: they belong to people, and not into a journal. Pure."""

from zdtui.sql.text.tokens import TokenKind, tokens

STRUCK = "'…'"


def without_literals(text: str) -> str:
    """Each string as '…', each number as 0, but for `$1`; comments are left out as well."""
    parts: list[str] = []
    last, after_dollar = 0, False
    for token in tokens(text):
        gap = " " if token.start > last and parts else ""
        if token.kind is TokenKind.STRING:
            shown = STRUCK
        elif token.kind is TokenKind.NUMBER and not after_dollar:
            shown = "0"
        else:
            shown = token.text
        parts.append(gap + shown)
        after_dollar = token.text == "$"
        last = token.end
    return "".join(parts)
