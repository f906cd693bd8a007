"""Ctrl+P: every action, its key, and why it cannot be used now. Typing leaves those that hold what was typed.

It is a list before it is a field: until something is typed, p pauses here as it does everywhere, and j and k move.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.actions import Action
from screens.lines import Lines
from screens.look import Look
from screens.reading.search import Search
from screens.rows import Row, Span, row
from screens.text import pad
from screens.would_send import Focus

KEYS_OF_ITS_OWN = frozenset("jkpq")
"""Letters that begin no filter; after another one, or after /, they are letters like all."""


class Palette(ModalScreen[str | None]):
    """Dismissed with the id of the action that was chosen, or None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = (
        "Palette { align: center middle; } Palette Lines { width: 100%; max-width: 140; height: 100%; max-height: 44; }"
    )
    MOVES: ClassVar[dict[str, int]] = {"down": 1, "up": -1, "pagedown": 15, "pageup": -15, "home": -999, "end": 999}
    LETTERS: ClassVar[dict[str, int]] = {"j": 1, "k": -1}

    def __init__(self, actions: Sequence[Action], focus: Focus) -> None:
        super().__init__()
        self._actions = [each for each in actions if each.id != "palette"]
        self._focus = focus
        self._filter = Search()

    @property
    def is_typing(self) -> bool:
        """Whether letters belong to the filter."""
        return self._filter.typing

    def compose(self) -> ComposeResult:
        """One list."""
        yield Lines(id="actions", selects=True)

    def on_mount(self) -> None:
        """Fill it once there is room."""
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Fill it anew; the selection stays."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        keys = "type to filter · j k move · Enter does it · Esc closes · p pauses"
        if self._filter.typing:
            keys = f"{self._filter.wanted}▏ ↑ ↓ move · Enter does it · Esc shows all · F9 pauses"
        title = row(Span(" All actions ", Look.FOCUS), Span(f" {keys} ", Look.QUIET))
        lines = self.query_one(Lines)
        shown = matching_actions(self._actions, self._filter.wanted)
        lines.show([self._row(each) for each in shown], title)
        if shown and lines.selected not in {each.id for each in shown}:
            lines.select(shown[0].id)

    def _row(self, each: Action) -> Row:
        why_not = each.why_not(self._focus)
        key = Span(f" {pad(each.cap, 10)} ", Look.KEY if why_not is None else Look.QUIET)
        if why_not is not None:
            return row(key, Span(f"({each.label}) {why_not}", Look.QUIET), key=each.id)
        return row(key, Span(f"{pad(each.label, 20)} ", Look.STRONG), each.long, key=each.id)

    def on_key(self, event: events.Key) -> None:
        """Move, choose, filter or close; nothing leaks to the screen below."""
        event.stop()
        lines = self.query_one(Lines)
        moves = self.MOVES if self._filter.typing else {**self.MOVES, **self.LETTERS}
        if event.key in moves:
            lines.move(moves[event.key])
        elif event.key == "enter":
            self._choose(lines.selected)
        elif event.key == "ctrl+p" or (not self._filter.typing and event.key in ("escape", "q")):
            self.dismiss(None)
        else:
            self._type(event)

    def _choose(self, wanted: object) -> None:
        shown = matching_actions(self._actions, self._filter.wanted)
        chosen = next((each for each in shown if each.id == wanted), None)
        if chosen is not None and chosen.why_not(self._focus) is None:
            self.dismiss(chosen.id)

    def _type(self, event: events.Key) -> None:
        letter = event.character if event.is_printable else None
        if self._filter.typing:
            self._filter = self._filter.typed(event.key, letter)
        elif letter == "/":
            self._filter = Search(typing=True)
        elif letter is not None and letter not in KEYS_OF_ITS_OWN:
            self._filter = Search(letter, typing=True)
        self._fill()


def matching_actions(actions: Sequence[Action], wanted: str) -> list[Action]:
    """Those that hold every word that was typed; where the label has them before where only the sentence has."""
    words = wanted.casefold().split()
    found = [each for each in actions if all(word in f"{each.label} {each.long}".casefold() for word in words)]
    return sorted(found, key=lambda each: not all(word in each.label.casefold() for word in words))
