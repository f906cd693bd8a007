"""The one place that turns text from the server or the plan into something a terminal may be given.

Such text is hostile: it can hold escape sequences, control characters, bidirectional overrides and characters of no
width. Nothing of it is ever parsed as markup: what comes out of here is plain text, drawn as it stands.
"""

import re
import unicodedata

from rich.cells import cell_len, set_cell_size

ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|[\]PX^_k][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC and the title of screen
    r"|[ -/]*[0-~])?"  # anything else that begins with ESC
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode that are no visible character: controls, formats (bidi, zero width), surrogates, unassigned."""
TAB = "    "
ELLIPSIS = "…"


def drawable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal acts on. Line breaks and tabs become blanks."""
    if text.isascii() and text.isprintable():
        return text
    return _visible(ESCAPES.sub("", text).replace("\r\n", " ").replace("\n", " ").replace("\t", TAB))


def drawable_lines(text: str) -> list[str]:
    """The same, line by line: only the line breaks are kept."""
    return [_visible(ESCAPES.sub("", line).replace("\t", TAB)) for line in re.split(r"\r\n|\n|\r", text)]


def one_line(text: str) -> str:
    """The text on one line with every run of blanks folded: for a query in a list."""
    return " ".join(drawable(text).split())


def _visible(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in DROPPED)


def width_of(text: str) -> int:
    """How many columns a drawable text takes."""
    return cell_len(text)


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns; what does not fit is told by an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS


def pad(text: str, width: int) -> str:
    """The text in exactly `width` columns, left aligned."""
    return set_cell_size(cut(text, width), width) if width > 0 else ""


def pad_left(text: str, width: int) -> str:
    """The text in exactly `width` columns, right aligned: for figures."""
    shown = cut(text, width)
    return " " * (width - cell_len(shown)) + shown


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at blanks where there are any."""
    if width <= 0:
        return []
    lines: list[str] = []
    rest = text
    while cell_len(rest) > width:
        head = set_cell_size(rest, width).rstrip() if width else rest
        head = head or rest[0]
        blank = head.rfind(" ")
        if blank > width // 2 and not rest.startswith(head + " "):
            head = head[:blank]
        lines.append(head)
        rest = rest[len(head) :].lstrip(" ")
    return [*lines, rest]
