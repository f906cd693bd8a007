"""Which facts a question shows where there is no room for all: by rank, each whole or not at all. Pure.

A line that is cut says less than it seems to, and a blank line beside it mocks whoever needed the rest. So a fact is
shown whole, or left out and counted; those that decide are always there, in fewer words where they have any.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import fold, one_line, pad, width_of
from zdtui.counted import counted

LABEL = 8
"""Columns of a fact's label, with the space after it."""

Said = Mapping[int, list[str]]
"""The lines of each fact that is shown, by its place."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The rows of the facts that are shown, and how many are left out and counted in them."""

    rows: tuple[Row, ...]
    left_out: int


def fit(facts: tuple[Fact, ...], width: int, room: int, most: int) -> Fitted:
    """The facts in `room` rows. Those that decide may take up to `most`, and say it in fewer words if they have to."""
    full = {place: lines_of(fact.text, width) for place, fact in enumerate(facts)}
    if _rows(full) <= room:
        return _drawn(facts, full, width, "")
    space, decisive = _decisive(facts, full, width, room, most)
    for spare in (0, 1):
        said = _filled(facts, full, _those_with_room(facts, decisive, space - spare), width, space - spare)
        left_out = len(facts) - len(said)
        note = f"{counted(left_out, 'more fact')}: Tab" if left_out else ""
        if spare or not note or _stands_behind(_last(said), note, width):
            break
    return _drawn(facts, said, width, note)


def lines_of(text: str, width: int) -> list[str]:
    """A fact's text, folded to what is left beside its label."""
    return fold(one_line(text), max(8, width - LABEL))


def fact_rows(label: str, lines: list[str], look: Look) -> list[Row]:
    """The lines beside the label."""
    return [
        row(Span(pad(label if number == 0 else "", LABEL), Look.QUIET), Span(line, look))
        for number, line in enumerate(lines)
    ]


def _decisive(
    facts: tuple[Fact, ...], full: Said, width: int, room: int, most: int
) -> tuple[int, dict[int, list[str]]]:
    """How many rows there are, and what decides in them: in full, else in short, else with the text's own rows."""
    places = [place for place, fact in enumerate(facts) if fact.rank is Rank.DECIDES]
    short = {place: lines_of(facts[place].short or facts[place].text, width) for place in places}
    for space in (room, most):
        for form in ({place: full[place] for place in places}, short):
            if _rows(form) + (len(places) < len(facts)) <= space:
                return space, form
    return most, short


def _those_with_room(facts: tuple[Fact, ...], decisive: Said, space: int) -> dict[int, list[str]]:
    """Of them those there is room for, in their order; none without the one that it goes on with."""
    said: dict[int, list[str]] = {}
    for place, lines in decisive.items():
        goes_on = not facts[place].label and place - 1 in decisive
        if _rows(said) + len(lines) <= space and (not goes_on or place - 1 in said):
            said[place] = lines
    return said


def _filled(facts: tuple[Fact, ...], full: Said, decisive: Said, width: int, space: int) -> dict[int, list[str]]:
    """What decides, and of the others by rank what still fits: whole, and never without the fact it goes on with."""
    said = dict(decisive)
    others = [place for place, fact in enumerate(facts) if fact.rank is not Rank.DECIDES]
    ranks = _ranks(facts)
    for place in sorted(others, key=lambda each: (ranks[each], each)):
        if not facts[place].label and place - 1 not in said:
            continue
        for lines in (full[place], lines_of(facts[place].short or facts[place].text, width)):
            if _rows(said) + len(lines) <= space:
                said[place] = lines
                break
    return said


def _ranks(facts: tuple[Fact, ...]) -> list[Rank]:
    """Of each fact; one that goes on with another comes no earlier than that one."""
    found: list[Rank] = []
    for fact in facts:
        found.append(fact.rank if fact.label or not found else max(fact.rank, found[-1]))
    return found


def _drawn(facts: tuple[Fact, ...], said: Said, width: int, note: str) -> Fitted:
    rows: list[Row] = []
    for place in sorted(said):
        label = facts[place].label if place - 1 in said else _label(facts, place)
        rows += fact_rows(label, said[place], facts[place].look)
    left_out = len(facts) - len(said)
    if not note:
        return Fitted(tuple(rows), left_out)
    shown = Span(note, Look.STRONG)
    if not _stands_behind(_last(said), note, width):
        return Fitted((*rows, row(" " * max(0, width - width_of(note)), shown)), left_out)
    gap = " " * (width - width_of(rows[-1].text) - width_of(note))
    return Fitted((*rows[:-1], row(*rows[-1].spans, gap, shown)), left_out)


def _label(facts: tuple[Fact, ...], place: int) -> str:
    """The label that a fact goes under: its own, or that of the one it goes on with."""
    return next((facts[each].label for each in range(place, -1, -1) if facts[each].label), "")


def _rows(said: Said) -> int:
    return sum(len(lines) for lines in said.values())


def _last(said: Said) -> str:
    return said[max(said)][-1] if said else ""


def _stands_behind(line: str, note: str, width: int) -> bool:
    """Whether the note has room on the last line, two columns behind its text."""
    return bool(line) and LABEL + width_of(line) + 2 + width_of(note) <= width
