"""Widths: how many columns a drawable text takes, and how it is cut, padded and folded to fit.

What a text may hold is decided in `zdtui.drawable`; its words stand here too, because every view needs both.
"""

from rich.cells import cell_len, set_cell_size

from zdtui.drawable import Drawable as Drawable
from zdtui.drawable import drawable as drawable
from zdtui.drawable import drawable_lines as drawable_lines
from zdtui.drawable import one_line as one_line
from zdtui.drawable import told as told

ELLIPSIS = "…"
MOST_LETTERS = 3
"""Characters in one column of a drawable text: a letter and two marks. What is further away is not looked at."""


def width_of(text: str) -> int:
    """How many columns a drawable text takes."""
    return cell_len(text)


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns; what does not fit is told by an ellipsis."""
    if width <= 0:
        return ""
    near = text[: MOST_LETTERS * (width + 1)]
    if len(near) == len(text) and cell_len(text) <= width:
        return text
    return set_cell_size(near, width - 1).rstrip() + ELLIPSIS


def pad(text: str, width: int) -> str:
    """The text in exactly `width` columns, left aligned."""
    return set_cell_size(cut(text, width), width) if width > 0 else ""


def pad_left(text: str, width: int) -> str:
    """The text in exactly `width` columns, right aligned: for figures."""
    shown = cut(text, width)
    return " " * (width - cell_len(shown)) + shown


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken after blanks where there are any.

    Together the lines are the text, letter for letter: no blank is lost where a line is broken.
    """
    if width <= 0:
        return []
    lines: list[str] = []
    start = 0
    while start < len(text):
        head = _head(text, start, width)
        lines.append(head)
        start += len(head)
    return lines or [""]


def _head(text: str, start: int, width: int) -> str:
    """How much of a text stands on the line that begins at `start`: all that is left, where that fits."""
    near = text[start : start + MOST_LETTERS * (width + 1)]
    if start + len(near) == len(text) and cell_len(near) <= width:
        return near
    end = taken = 0
    while end < len(near) and (taken := taken + cell_len(near[end])) <= width:
        end += 1
    head = near[: max(1, end)]
    while len(head) > 1 and cell_len(head) > width:
        head = head[:-1]
    after_blank = head.rfind(" ") + 1
    return head[:after_blank] if after_blank > width // 2 and not head[:after_blank].isspace() else head
