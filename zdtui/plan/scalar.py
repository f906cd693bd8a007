"""Where each character of a YAML text stands in the file: back through folding, quotes, escapes and indentation. Pure.

YAML's parser says where a scalar begins and ends, and what it means, but not which character of its meaning came from
where. So it is read once more here, with places kept, by the rules that libyaml follows. What is read must be the
parser's own value; if ever it is not, the place of the whole scalar is told instead of a guess.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from zdtui.plan.problems import LINE_BREAK

TAG = re.compile("(?:!\\S*(?:[ \t\n\r\x85\u2028\u2029]|#[^\n\r\x85\u2028\u2029]*)*)?")
HEADER = re.compile(r"[|>](?P<signs>[-+0-9]*)[^\n\r\x85\u2028\u2029]*")
FOLD = re.compile("[ \t]*(?:(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*)+")
"""The end of a line within a plain or quoted text, with the empty lines after it."""
ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
ESCAPED_BREAK = re.compile("\\\\(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*(?:(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*)*")
DOUBLED = re.compile("''")
ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
"""Every other escaped character stands for itself."""

Piece = tuple[str, int, bool]
"""A stretch of the value, where it comes from, and whether it stands there character by character."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text of the plan as it is written: characters `start` to before `end` of the file, and its YAML style."""

    start: int
    end: int
    style: str = ""
    left_out: int = 0
    """Characters at the beginning of its value that are no part of the text that is meant."""


class Places:
    """From characters of a scalar's value to characters of the file."""

    def __init__(self, source: str, scalar: Scalar, value: str) -> None:
        """`value` is what the scalar means, without what was left out at its beginning or end."""
        self._source = source
        self._scalar = scalar
        self._value = value
        self._starts, self._origins, self._exact = _origins(source, scalar, value)

    def at(self, offset: int) -> int:
        """Where the character at `offset` of the value stands in the file."""
        if not self._starts:
            return self._scalar.start
        offset += self._scalar.left_out
        piece = bisect_right(self._starts, offset) - 1
        origin = self._origins[piece]
        return origin + offset - self._starts[piece] if self._exact[piece] else origin

    def as_written(self, start: int, end: int) -> tuple[int, ...]:
        """Where each line of these characters of the value begins in the file.

        Empty where one of them is not there as it is, but folded, escaped, or with a quote doubled.
        """
        lines: list[int] = []
        for line in self._value[start:end].split("\n"):
            at = self.at(start)
            if not self._source.startswith(line, at):
                return ()
            lines.append(at)
            start += len(line) + 1
        return tuple(lines) if self._starts else ()


def line_and_column(starts: list[int], at: int) -> tuple[int, int]:
    """1-based line and column of a character of the file; `starts` are its `line_starts`."""
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def _origins(source: str, scalar: Scalar, value: str) -> tuple[list[int], list[int], list[bool]]:
    """The stretches of the scalar's value: where each begins in it, where in the file, and whether it is there exactly.

    Nothing when the value is not found to be what is written.
    """
    whole = scalar.left_out + len(value)
    if not value:
        return [0], [scalar.start], [False]
    if source.startswith(value, scalar.start) and not scalar.left_out and len(value) == scalar.end - scalar.start:
        return [0], [scalar.start], [True]
    for pieces in _readings(source, scalar):
        if "".join(text for text, _, _ in pieces)[scalar.left_out : whole] == value:
            starts = accumulate((len(text) for text, _, _ in pieces), initial=0)
            return list(starts)[:-1], [origin for _, origin, _ in pieces], [exact for _, _, exact in pieces]
    return [], [], []


def _readings(source: str, scalar: Scalar) -> Iterator[list[Piece]]:
    """What the scalar may be read as; one reading, but for a block that says by how much it is indented."""
    start = TAG.match(source, scalar.start, scalar.end)
    begin = scalar.start if start is None else start.end()
    if scalar.style in ("|", ">"):
        yield from _blocks(source, begin, scalar.end, folded=scalar.style == ">")
    elif scalar.style:
        yield list(_flow(source, begin + 1, scalar.end - 1, scalar.style))
    else:
        yield list(_flow(source, begin, scalar.end, ""))


def _flow(source: str, at: int, end: int, style: str) -> Iterator[Piece]:
    """A plain or quoted text. Blanks before and after the end of a line are left out; one end of a line is a blank."""
    plain = at
    while at < end:
        found: re.Match[str] | None
        if (found := FOLD.match(source, at, end)) is not None:
            yield source[plain:at], plain, True
            yield _folded(found[0]), at, False
        elif style == "'" and source.startswith("''", at):
            yield source[plain : at + 1], plain, True
            found = DOUBLED.match(source, at, end)
        elif style == '"' and (found := ESCAPED_BREAK.match(source, at, end)) is not None:
            yield source[plain:at], plain, True
            yield "\n" * (len(LINE_BREAK.findall(found[0])) - 1), at, False
        elif style == '"' and (found := ESCAPE.match(source, at, end)) is not None:
            yield source[plain:at], plain, True
            yield _escaped(found), at, False
        if found is None:
            at += 1
        else:
            at = plain = found.end()
    yield source[plain:end], plain, True


def _folded(ending: str) -> str:
    """What the end of a line and the empty lines after it mean."""
    first, *more = [_normal(each) for each in LINE_BREAK.findall(ending)]
    if first != "\n":
        return first + "".join(more)
    return "".join(more) or " "


def _normal(ending: str) -> str:
    """The end of a line as YAML hands it on."""
    return ending if ending in "\u2028\u2029" else "\n"


def _escaped(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3]
    return chr(int(number, 16)) if number else ESCAPES.get(found[4], found[4])


def _blocks(source: str, at: int, end: int, *, folded: bool) -> Iterator[list[Piece]]:
    """A block, whose lines are indented as its first one is; or by as much as it says, which is tried out."""
    header = HEADER.match(source, at, end)
    if header is None:
        return
    lines = list(_lines(source, header.end(), end))
    if not lines:
        yield []
        return
    written = [source[start:stop] for start, stop, _ in lines]
    widest = max(map(len, written))
    deepest = next((len(line) - len(line.lstrip(" ")) for line in written if line.strip(" ")), widest)
    says = any(sign.isdigit() for sign in header["signs"])
    for indent in range(deepest, 0, -1) if says else (deepest,):
        yield list(_block(source, lines, indent, folded=folded))


def _lines(source: str, at: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The lines after the header: where each begins and ends, and how it ends."""
    first = LINE_BREAK.match(source, at)
    at = end if first is None else first.end()
    while at < end:
        found = LINE_BREAK.search(source, at, end)
        if found is None:
            yield at, end, ""
            return
        yield at, found.start(), _normal(found[0])
        at = found.end()


def _block(source: str, lines: list[tuple[int, int, str]], indent: int, *, folded: bool) -> Iterator[Piece]:
    """Its lines, the ends of lines as they stand, or folded to a blank between two that are not indented further.

    All the empty lines at its end are there; how many of them count is seen by the value.
    """
    before, empty = "", ""
    was_blank = False
    ended_at = 0
    for start, stop, ending in lines:
        content = start + indent
        if stop <= content:
            empty += ending
            continue
        is_blank = source[content] in " \t"
        if folded and before.startswith("\n") and not was_blank and not is_blank:
            yield (empty or " "), ended_at, False
        else:
            yield before + empty, ended_at, False
        yield source[content:stop], content, True
        before, empty, was_blank, ended_at = ending, "", is_blank, stop
    yield before + empty, ended_at, False
