"""The command log over the whole screen: every statement really sent, and what came of it."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.lines import Lines
from screens.look import Look
from screens.rows import Span, row
from screens.scene import Scene
from screens.views.step_detail import log_rows


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

    def __init__(self, scene: Callable[[int], Scene]) -> None:
        super().__init__()
        self._scene = scene
        """What there is to draw in so many columns, as it stands."""
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
        rows = log_rows(self._scene(lines.size.width), None)
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
