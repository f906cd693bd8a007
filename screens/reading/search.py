"""Looking for a text in rows: which rows hold it, where one goes next, and how what was found is marked. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from screens.look import Look
from screens.rows import Row, Span


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in a long text, and how far one has come."""

    wanted: str = ""
    typing: bool = False
    """The letters that are typed are its own."""

    def typed(self, key: str, character: str | None) -> "Search":
        """After a key while it is typed: Enter keeps it, Esc gives it up."""
        if key == "enter":
            return replace(self, typing=False)
        if key == "escape":
            return Search()
        if key == "backspace":
            return replace(self, wanted=self.wanted[:-1])
        return self if character is None else replace(self, wanted=self.wanted + character)


def holding(rows: Sequence[Row], wanted: str) -> list[int]:
    """The places of the rows that hold the text, in any case; none where nothing is wanted."""
    if not wanted:
        return []
    found = _pattern(wanted)
    return [place for place, each in enumerate(rows) if found.search(each.text)]


def following(places: Sequence[int], at: int, by: int) -> int | None:
    """The next of these places after `at` (before it, where `by` is negative), round and round; None of none."""
    if not places:
        return None
    if by > 0:
        return next((place for place in places if place > at), places[0])
    return next((place for place in reversed(places) if place < at), places[-1])


def marked(line: Row, wanted: str) -> Row:
    """The row with what was found set off. Its text is the same, letter for letter."""
    if not wanted:
        return line
    found = _pattern(wanted)
    spans: list[Span] = []
    for span in line.spans:
        end = 0
        for each in found.finditer(span.text):
            spans += [Span(span.text[end : each.start()], span.look, span.verbatim)] if each.start() > end else []
            spans.append(Span(each[0], Look.LOUD, span.verbatim))
            end = each.end()
        spans.append(Span(span.text[end:], span.look, span.verbatim))
    return Row(tuple(spans), line.key)


def search_words(search: Search, found: int, place: int | None) -> str:
    """'/ lock▏', then '/ lock 2 of 7'; empty where nothing is looked for."""
    if search.typing:
        return f" /{search.wanted}▏ Enter keeps it, Esc gives up "
    if not search.wanted:
        return ""
    return f" /{search.wanted} {0 if place is None else place + 1} of {found} "


def _pattern(wanted: str) -> re.Pattern[str]:
    return re.compile(re.escape(wanted), re.IGNORECASE)
