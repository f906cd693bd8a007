"""Rows of text as data: what every view makes of a snapshot, and the one widget that draws them needs. Pure."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import overload

from screens.look import Look
from screens.text import Drawable, cut, fold, width_of


@dataclass(frozen=True, slots=True, init=False)
class Span:
    """A drawable text and what it means. Whatever text it is made of is made safe: nothing else can be drawn."""

    text: Drawable
    look: Look
    verbatim: bool
    """The author's own letters: --ascii leaves them as they are."""

    def __init__(self, text: str, look: Look = Look.PLAIN, verbatim: bool = False) -> None:
        """The one way in."""
        object.__setattr__(self, "text", Drawable(text))
        object.__setattr__(self, "look", look)
        object.__setattr__(self, "verbatim", verbatim)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Rows that can be selected have a key, by which the selection survives every refresh."""

    spans: tuple[Span, ...]
    key: Hashable | None = None

    @property
    def text(self) -> str:
        """The row without its looks."""
        return "".join(span.text for span in self.spans)

    def cut_to(self, width: int) -> "Row":
        """The row in at most `width` columns."""
        if width_of(self.text) <= width:
            return self
        spans: list[Span] = []
        left = width
        for span in self.spans:
            if width_of(span.text) > left:
                spans.append(Span(cut(span.text, left), span.look, span.verbatim))
                break
            spans.append(span)
            left -= width_of(span.text)
        return Row(tuple(spans), self.key)


MOST_LINES = 8
"""Lines that one row is folded into at the most; what is left of it is cut."""


def folded(line: Row, width: int, indent: int = 2) -> list[Row]:
    """The row in as many lines as it needs, all but the first set in by `indent`. The first has its key."""
    if width <= 2 * indent or width_of(line.text) <= width:
        return [line]
    first = fold(line.text, width)[0]
    pieces = [first, *fold(line.text[len(first) :], width - indent)]
    if len(pieces) > MOST_LINES:
        pieces = [*pieces[: MOST_LINES - 1], "".join(pieces[MOST_LINES - 1 :])]
    lines, start = [], 0
    for number, piece in enumerate(pieces):
        spans = _between(line.spans, start, start + len(piece))
        lines.append(Row((Span(" " * indent), *spans), None) if number else Row(spans, line.key))
        start += len(piece)
    return lines


def _between(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """The letters of the spans from `start` to before `end`."""
    found, at = [], 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        found += [Span(text, span.look, span.verbatim)] if text else []
        at += len(span.text)
    return tuple(found)


class RowKeys:
    """The keys of many rows in their order, None for a row that cannot be selected."""

    def __init__(self, keys: tuple[Hashable | None, ...]) -> None:
        self.keys = keys
        self.places = {key: place for place, key in enumerate(keys) if key is not None}
        """Which row has that key."""
        self.selectable = tuple(self.places)
        """Every key, in order."""
        self._turns = {key: turn for turn, key in enumerate(self.selectable)}

    def turn_of(self, key: Hashable) -> int | None:
        """The place of the key among those that can be selected."""
        return self._turns.get(key)


def row(*parts: str | Span, key: Hashable | None = None) -> Row:
    """A row of texts, which are made safe to draw, and spans."""
    return Row(tuple(part if isinstance(part, Span) else Span(part) for part in parts), key)


class RowsAhead(Sequence[Row]):
    """Rows that are made when they are looked at: drawing costs what is seen, however many there are."""

    def __init__(self, keys: RowKeys, make: Callable[[int], Row]) -> None:
        self.keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self.keys.keys)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """The row at that place, or those at these."""
        if isinstance(place, slice):
            return [self._make(each) for each in range(*place.indices(len(self)))]
        return self._make(range(len(self))[place])


def keys_of(rows: Sequence[Row]) -> RowKeys:
    """The keys of rows: known beforehand, where the rows are still to be made."""
    return rows.keys if isinstance(rows, RowsAhead) else RowKeys(tuple(each.key for each in rows))


def matching(rows: Sequence[Row], wanted: str) -> Sequence[Row]:
    """The rows that hold the wanted text, in any case. Of a list only those that can be selected, which have a key."""
    if not wanted:
        return rows
    text = wanted.casefold()
    is_list = bool(keys_of(rows).selectable)
    return [each for each in rows if (each.key is not None or not is_list) and text in each.text.casefold()]


def matching_words(rows: Sequence[Row], found: Sequence[Row], wanted: str) -> str:
    """'/lock 2 of 7': what is left of the rows that could be found; empty where nothing is wanted."""
    return f" /{wanted} {len(found)} of {len(keys_of(rows).selectable) or len(rows)} " if wanted else ""
