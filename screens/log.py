"""The command log over the whole screen: every statement really sent, and what came of it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from screens.look import Look
from screens.reading.screen import Reading
from screens.rows import Row, Span
from screens.scene import Scene
from screens.views.step_detail import log_rows


class LogScreen(Reading):
    """Follows the newest line until one moves up."""

    NAME: ClassVar[str] = "Log"
    CLOSES: ClassVar[frozenset[str]] = frozenset({"l"})

    def __init__(self, scene: Callable[[int], Scene]) -> None:
        super().__init__()
        self._scene = scene
        """What there is to draw in so many columns, as it stands."""
        self._follows = True

    def text(self, width: int) -> Sequence[Row]:
        """Every line of the log."""
        return log_rows(self._scene(width), None)

    def about(self) -> tuple[Span, ...]:
        """Whether new lines move the text."""
        return (Span(" following" if self._follows else " G follows again", Look.QUIET),)

    def fill(self) -> None:
        """As it is now; at its end, while one follows."""
        super().fill()
        if self._follows and not self.is_typing:
            self.lines.scroll_by(len(self.lines.rows))

    def moved(self, key: str) -> None:
        """One follows again from the end, and not from anywhere else."""
        self._follows = key in ("G", "end")
        self.fill()
