"""The dialog's own last line: the keys that work now, the most needed first, cut with an ellipsis. Pure."""

from typing import assert_never

from screens.dialogs.frame.layout import Laid, View
from screens.dialogs.frame.sheet import Ask, Choose, Sheet, TypeExactly, Write
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import width_of

PAUSES = ("p", "F9")
"""The pause key, and the one that works while letters are typed."""


def footer_row(sheet: Sheet, ask: Ask | None, laid: Laid, view: View) -> Row:
    """`Esc not now   F9 pause   Enter run it   ↑↓ scroll   Tab undo`, as much of it as fits."""
    spans: list[Span] = []
    used = 0
    for key, words in _keys(sheet, ask, laid, view):
        gap = "   " if spans else ""
        if used + width_of(f"{gap}{key} {words}") > view.width - 2:
            return row(*spans, Span(" ~" if view.ascii_only else " …", Look.QUIET))
        used += width_of(f"{gap}{key} {words}")
        spans += [Span(gap), Span(key, Look.KEY), Span(f" {words}")]
    return row(*spans)


def is_typed(ask: Ask | None) -> bool:
    """Whether letters go into a field."""
    return isinstance(ask, TypeExactly | Write)


def _keys(sheet: Sheet, ask: Ask | None, laid: Laid, view: View) -> list[tuple[str, str]]:
    keys = [
        ("Esc", "close" if sheet.withdrawn is not None else sheet.leave),
        (PAUSES[is_typed(ask)], "pause"),
        *_answer(ask),
        *((answer.key, answer.words) for answer in sheet.keys if not is_typed(ask)),
    ]
    if laid.last_top:
        keys.append(("PgUp PgDn" if view.ascii_only else "↑↓ PgUp PgDn", "scroll"))
    if len(laid.pages) > 1:
        keys.append(("Tab", laid.pages[(view.page + 1) % len(laid.pages)].name))
    return keys


def _answer(ask: Ask | None) -> list[tuple[str, str]]:
    match ask:
        case TypeExactly(purpose=purpose):
            return [("Enter", purpose)]
        case Write():
            return [("Enter", "when written")]
        case Choose() | None:
            return []
        case _ as never:
            assert_never(never)
