"""The one place that turns text from the server or the plan into something a terminal may be given.

Such text is hostile: it can hold escape sequences, control characters, bidirectional overrides and characters of no
width. Nothing of it is ever parsed as markup: what comes out of here is plain text, drawn as it stands.
"""

import re
import unicodedata
from collections.abc import Iterator

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
UNSEEN = frozenset(
    chr(code)
    for codes in (
        *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF)),
    )
    for code in range(codes[0], codes[1] + 1)
)
"""Letters and marks that draw nothing: fillers, joiners, variation selectors (on whose width terminals disagree)."""
MOST_MARKS = 2
"""Combining marks on one character; more would paint over the lines above and below."""
TAB = "    "
ELLIPSIS = "…"


def drawable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal acts on. Line breaks and tabs become blanks."""
    if text.isascii() and text.isprintable():
        return text
    return _visible(ESCAPES.sub("", text).replace("\r\n", " ").replace("\n", " ").replace("\t", TAB))


def drawable_lines(text: str) -> list[str]:
    """The text line by line, with nothing left out: what cannot be drawn is told, as `<U+001B>`. For what is confirmed.

    A sequence that would hide what follows it hides nothing here: only its first character is no letter.
    """
    return ["".join(told(line)) for line in re.split(r"\r\n|\n|\r", text)]


def told(line: str) -> list[str]:
    """For each character of a line what is drawn for it: itself, blanks for a tab, or its number."""
    if line.isascii() and line.isprintable():
        return list(line)
    shown = (TAB if letter == "\t" else letter if seen else f"<U+{ord(letter):04X}>" for letter, seen in _seen(line))
    return list(shown)


def one_line(text: str) -> str:
    """The text on one line with every run of blanks folded: for a query in a list."""
    return " ".join(drawable(text).split())


def _visible(text: str) -> str:
    return "".join(character for character, seen in _seen(text) if seen)


def _seen(text: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it draws something that stays in its place."""
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        seen = category not in DROPPED and character not in UNSEEN
        if seen and category in ("Mn", "Me"):
            marks += 1
            seen = marks <= MOST_MARKS
        elif seen:
            marks = 0
        yield character, seen


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
    """The text in lines of at most `width` columns, broken after blanks where there are any.

    Together the lines are the text, letter for letter: no blank is lost where a line is broken.
    """
    if width <= 0:
        return []
    lines: list[str] = []
    rest = text
    while cell_len(rest) > width:
        head = _head(rest, width)
        lines.append(head)
        rest = rest[len(head) :]
    return [*lines, rest]


def _head(text: str, width: int) -> str:
    """How much of a text that is too long stands on the first line."""
    end = taken = 0
    while end < len(text) and (taken := taken + cell_len(text[end])) <= width:
        end += 1
    head = text[: max(1, end)]
    while len(head) > 1 and cell_len(head) > width:
        head = head[:-1]
    after_blank = head.rfind(" ") + 1
    return head[:after_blank] if after_blank > width // 2 and not head[:after_blank].isspace() else head
