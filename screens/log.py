"""The command log over the whole screen: every statement really sent, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.lines import Lines
from screens.look import Look
from screens.rows import Span, row
from screens.views.step_detail import log_rows

if TYPE_CHECKING:
    from screens.console import Console


class LogScreen(ModalScreen[None]):
    """Follows the newest line until one moves up."""

    AUTO_FOCUS = ""
    MOVES: ClassVar[dict[str, int]] = {
        "down": 1,
        "j": 1,
        "up": -1,
        "k": -1,
        "pagedown": 15,
        "pageup": -15,
        "g": -99999,
        "G": 99999,
        "home": -99999,
        "end": 99999,
    }

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._of = console
        self._follows = True

    def compose(self) -> ComposeResult:
        """One list."""
        yield Lines(id="log")

    def on_mount(self) -> None:
        """Fill it, and again once a second."""
        self.call_after_refresh(self._fill)
        self.set_interval(1.0, self._fill)

    def on_resize(self) -> None:
        """Fill it anew."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        lines = self.query_one(Lines)
        where = "following" if self._follows else "G follows again"
        title = row(Span(" Log ", Look.FOCUS), Span(f" {where} · j k move · Esc closes · p pauses ", Look.QUIET))
        rows = log_rows(self._of.scene(lines.size.width), None)
        lines.show(rows, title)
        if self._follows:
            lines.scroll_by(len(rows))

    def on_key(self, event: events.Key) -> None:
        """Move or close."""
        event.stop()
        if event.key in ("escape", "q", "l"):
            self.dismiss(None)
        elif event.key in self.MOVES:
            self.query_one(Lines).scroll_by(self.MOVES[event.key])
            self._follows = event.key in ("G", "end")
            self._fill()
