"""The one place that turns text from a server, a plan, a file or a person into text a terminal may be given.

Such text is hostile: it can hold escape sequences, control characters, bidirectional overrides and characters of no
width. Nothing of it is lost and nothing of it acts: what draws nothing is told by its number, as `<U+200B>`, and told
the same on every way out, so that who reviews a plan sees what who runs it sees. Nothing is ever parsed as markup.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii as text_as_json

ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|[\]PX^_k][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC and the title of screen
    r"|[ -/]*[0-~])?"  # anything else that begins with ESC
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
"""Whole sequences, as a terminal reads them."""
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
LINE_BREAK = re.compile(r"\r\n|\n|\r")
PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u23ff\u2500-\u27ff]*")
"""Characters of these blocks are drawn as they stand, whatever is beside them. Most texts have no others."""
REMEMBERED = 4096
"""Characters of the longest text that is kept, so that what is drawn ten times a second is looked through once."""


class Drawable(str):
    """Text on one line with nothing in it that a terminal acts on: whatever it is made of, it was made safe.

    Line breaks and tabs became blanks; everything else that is not seen is told. Made twice it is the same.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> "Drawable":
        """Make the text safe to draw."""
        if type(text) is cls:
            return text
        return super().__new__(cls, text if PLAIN.fullmatch(text) else _on_one_line(text))


def drawable(text: str) -> Drawable:
    """The text on one line, with nothing in it that a terminal acts on, and nothing left out."""
    return Drawable(text)


def drawable_lines(text: str) -> list[Drawable]:
    """The text line by line, with nothing left out: what cannot be drawn is told, as `<U+001B>`. For what is confirmed.

    A sequence that would hide what follows it hides nothing here: only its first character is no letter.
    """
    return [Drawable(line) for line in LINE_BREAK.split(text)]


def drawable_text(text: str) -> str:
    """The same, its lines put together again by `\\n`, which is then the only character that is not drawn."""
    return "\n".join(drawable_lines(text))


def drawable_json(value: object, indent: int | None = None) -> str:
    """The value as JSON in which every character that is not printable ASCII is escaped: whole, and safe to print."""
    written = json.dumps(value) if indent is None else _indented_json(value, "\n", " " * indent)
    return written.replace("\x7f", "\\u007f")


def _indented_json(value: object, line: str, step: str) -> str:
    """As json.dumps does it, in half of the time: the part of that which is written in C knows no indentation."""
    if isinstance(value, str):
        return text_as_json(value)
    if isinstance(value, dict) and value:
        inner = line + step
        pairs = [f"{text_as_json(name)}: {_indented_json(each, inner, step)}" for name, each in value.items()]
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    if isinstance(value, list | tuple) and value:
        inner = line + step
        return f"[{inner}{f',{inner}'.join([_indented_json(each, inner, step) for each in value])}{line}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if type(value) is int else json.dumps(value)


def told(line: str) -> list[str]:
    """For each character of a line what is drawn for it: itself, blanks for a tab, or its number."""
    if PLAIN.fullmatch(line):
        return list(line)
    return [
        TAB if letter == "\t" else letter if seen else f"<U+{ord(letter):04X}>" for letter, seen in _each_letter(line)
    ]


def only_seen(text: str) -> str:
    """The text on one line without what draws nothing: for what a person types or pastes into a field."""
    flat = LINE_BREAK.sub(" ", ESCAPES.sub("", text)).replace("\t", TAB)
    return "".join(letter for letter, seen in _each_letter(flat) if seen)


def one_line(text: str) -> Drawable:
    """The text on one line with every run of blanks folded: for a query in a list."""
    return Drawable(" ".join(Drawable(text).split()))


def hides(text: str) -> bool:
    """Whether the text, on one line, holds more than what is drawn."""
    return Drawable(text) != text


def _on_one_line(text: str) -> str:
    return _remembered(text) if len(text) <= REMEMBERED else _made_safe(text)


def _made_safe(text: str) -> str:
    return "".join(told(LINE_BREAK.sub(" ", text)))


_remembered = lru_cache(maxsize=2048)(_made_safe)


def _each_letter(text: str) -> Iterator[tuple[str, bool]]:
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
