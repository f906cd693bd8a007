"""The one widget that draws rows. It compares new rows with old ones and repaints only those that differ."""

from collections.abc import Hashable, Sequence

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.look import Look, style_of
from screens.rows import Row, row
from screens.text import cut, width_of
from screens.words import ASCII


class Lines(ScrollView, can_focus=True):
    """A title line, if there is one, over rows that scroll. Selection is by key; the scroll position is kept."""

    DEFAULT_CSS = """
    Lines { height: 1fr; width: 1fr; scrollbar-size: 0 0; overflow-x: hidden; overflow-y: hidden; }
    """

    class Selected(Message):
        """Another row was selected by a key press."""

        def __init__(self, lines: "Lines", key: Hashable | None) -> None:
            super().__init__()
            self.lines = lines
            self.key = key

    def __init__(self, *, id: str, titled: bool = True, selects: bool = False) -> None:
        super().__init__(id=id)
        self.titled = titled
        self.selects = selects
        self.selected: Hashable | None = None
        self.top = 0
        self.ascii_only = False
        self._title: Row = row("")
        self._rows: list[Row] = []
        self._drawn: list[tuple[Row, bool, bool]] = []

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as last set, uncut."""
        return self._rows

    @property
    def room(self) -> int:
        """How many rows are seen at once."""
        return max(0, self.size.height - (1 if self.titled else 0))

    def show(self, rows: Sequence[Row], title: Row | None = None) -> None:
        """Replace what is shown; only lines that come out different are repainted."""
        self._rows = list(rows)
        self._title = title or row("")
        self._keep_selection()
        self.repaint_changes()

    def _keep_selection(self) -> None:
        keys = [each.key for each in self._rows if each.key is not None]
        if self.selects and keys and self.selected not in keys:
            self.selected = None if self.selected is not None else keys[0]
        self.top = max(0, min(self.top, len(self._rows) - self.room))

    def repaint_changes(self) -> None:
        """Repaint the lines that differ from what is on the screen."""
        new = self._lines()
        if len(new) != len(self._drawn):
            self._drawn = new
            self.virtual_size = Size(self.size.width, self.size.height)
            self.refresh()
            return
        old, self._drawn = self._drawn, new
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.refresh_line(y)

    def _lines(self) -> list[tuple[Row, bool, bool]]:
        """What is on each line of the screen: the row, whether it is selected, whether it is the title."""
        width = self.size.width
        lines = [(self._title.cut_to(width), False, True)] if self.titled else []
        for each in self._rows[self.top : self.top + self.room]:
            chosen = self.selects and each.key is not None and each.key == self.selected
            lines.append((each.cut_to(width), chosen, False))
        blank = (row(""), False, False)
        return lines + [blank] * (self.size.height - len(lines))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if y >= len(self._drawn):
            return Strip.blank(self.size.width)
        line, selected, titled = self._drawn[y]
        segments = [Segment(self._plain(span.text), style_of(span.look, selected)) for span in line.spans if span.text]
        rest = self.size.width - width_of(line.text)
        if rest > 0:
            fill = self._plain("─") * rest if titled and line.text else " " * rest
            segments.append(Segment(fill, style_of(Look.QUIET if titled else Look.PLAIN, selected)))
        return Strip(segments, self.size.width)

    def _plain(self, text: str) -> str:
        return text.translate(ASCII) if self.ascii_only else text

    def on_resize(self) -> None:
        """Lay out anew; selection and scroll position stay."""
        self.top = max(0, min(self.top, len(self._rows) - self.room))
        self._drawn = self._lines()
        self.virtual_size = self.size
        self.refresh()

    def move(self, steps: int) -> None:
        """Move the selection, or scroll where nothing is selected. Never acts."""
        keys = [(at, each.key) for at, each in enumerate(self._rows) if each.key is not None]
        if not self.selects or not keys:
            self.scroll_by(steps)
            return
        place = next((n for n, (_, key) in enumerate(keys) if key == self.selected), None)
        target = 0 if place is None else max(0, min(place + steps, len(keys) - 1))
        self.select(keys[target][1])

    def scroll_by(self, steps: int) -> None:
        """Move the rows under the title, as far as there are any."""
        self.top = max(0, min(self.top + steps, len(self._rows) - self.room))
        self.repaint_changes()

    def select(self, key: Hashable | None) -> None:
        """Select the row of that key and bring it into view."""
        self.selected = key
        at = next((n for n, each in enumerate(self._rows) if each.key == key), None)
        if at is not None and self.room:
            lead = 1 if at > 0 and self._rows[at - 1].key is None else 0
            self.top = max(0, min(at - lead, max(self.top, at - self.room + 1)))
        self.repaint_changes()
        self.post_message(self.Selected(self, key))

    def plain(self) -> list[str]:
        """What is on the screen, as text: for tests and for copying."""
        return [self._plain(cut(line.text, self.size.width)) for line, _, _ in self._drawn]
