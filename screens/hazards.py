"""Every hazard of the plan over the whole screen, beginning at the step that was selected."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.lines import Lines
from screens.look import Look
from screens.rows import Span, row
from screens.scene import Scene
from screens.views.hazards import all_hazard_rows
from zdtui.hazards.wording import counts_line


class HazardsScreen(ModalScreen[None]):
    """Only to be read: H takes a stop on."""

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
        self._begun = False

    def compose(self) -> ComposeResult:
        """One list."""
        yield Lines(id="hazards", selects=False)

    def on_mount(self) -> None:
        """Fill it, and again once a second: what weighs on a lock changes."""
        self.call_after_refresh(self._fill)
        self.set_interval(1.0, self._fill)

    def on_resize(self) -> None:
        """Fill it anew."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        lines = self.query_one(Lines)
        scene = self._scene(lines.size.width)
        counts = counts_line(scene.snapshot.findings or ())
        title = row(
            Span(" Hazards ", Look.FOCUS),
            Span(f" {counts or 'none'} ", Look.STRONG),
            Span("· j k move · Esc closes · p pauses ", Look.QUIET),
        )
        rows = all_hazard_rows(scene)
        lines.show(rows, title)
        if not self._begun and rows and scene.snapshot.findings is not None and lines.size.height:
            self._begun = True
            lines.scroll_by(next((at for at, each in enumerate(rows) if each.key == scene.step), 0))

    def on_key(self, event: events.Key) -> None:
        """Move or close."""
        event.stop()
        if event.key in ("escape", "q", "h"):
            self.dismiss(None)
        elif event.key in self.MOVES:
            self.query_one(Lines).scroll_by(self.MOVES[event.key])
