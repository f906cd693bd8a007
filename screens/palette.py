"""Ctrl+P: every action, its key, and why it cannot be used now. A list, not a text field, so that p pauses here."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.actions import Action
from screens.lines import Lines
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import pad
from screens.would_send import Focus


class Palette(ModalScreen[str | None]):
    """Dismissed with the id of the action that was chosen, or None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = (
        "Palette { align: center middle; } Palette Lines { width: 100%; max-width: 100; height: 100%; max-height: 44; }"
    )
    MOVES: ClassVar[dict[str, int]] = {
        "down": 1,
        "j": 1,
        "up": -1,
        "k": -1,
        "pagedown": 15,
        "pageup": -15,
        "home": -999,
        "end": 999,
    }

    def __init__(self, actions: Sequence[Action], focus: Focus) -> None:
        super().__init__()
        self._actions = actions
        self._focus = focus

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
        title = row(
            Span(" All actions ", Look.FOCUS), Span(" j k move · Enter does it · Esc closes · p pauses ", Look.QUIET)
        )
        self.query_one(Lines).show([self._row(each) for each in self._actions if each.id != "palette"], title)

    def _row(self, each: Action) -> Row:
        why_not = each.why_not(self._focus)
        key = Span(f" {pad(each.cap, 10)} ", Look.KEY if why_not is None else Look.QUIET)
        if why_not is not None:
            return row(key, Span(f"({each.label}) {why_not}", Look.QUIET), key=each.id)
        return row(key, Span(f"{pad(each.label, 20)} ", Look.STRONG), each.long, key=each.id)

    def on_key(self, event: events.Key) -> None:
        """Move, choose or close; nothing leaks to the screen below."""
        event.stop()
        lines = self.query_one(Lines)
        if event.key in self.MOVES:
            lines.move(self.MOVES[event.key])
        elif event.key in ("escape", "q", "ctrl+p"):
            self.dismiss(None)
        elif event.key == "enter":
            chosen = next((each for each in self._actions if each.id == lines.selected), None)
            if chosen is not None and chosen.why_not(self._focus) is None:
                self.dismiss(chosen.id)
