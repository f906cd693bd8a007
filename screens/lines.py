"""The one widget that draws rows. It compares new rows with old ones and repaints only those that differ."""

from collections.abc import Hashable, Sequence
from enum import IntEnum

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.look import Look, style_of
from screens.rows import Row, RowKeys, keys_of, row
from screens.text import Drawable, width_of
from screens.words import ASCII


class Bar(IntEnum):
    """How a row stands out because it is selected."""

    NONE = 0
    QUIET = 1
    """The keys go elsewhere."""
    FULL = 2


class Lines(ScrollView, can_focus=True):
    """A title line, if there is one, over rows that scroll. Selection is by key; the scroll position is kept.

    A key that is gone stays selected, so that nothing else is: it is only given up for another by a key press. And
    `top` stays what it was when a terminal is made larger for a moment: `first` is the row that is drawn first.
    """

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
        self.bar = Bar.FULL
        """How the selected row is drawn."""
        self._title: Row = row("")
        self._rows: Sequence[Row] = ()
        self._keys = RowKeys(())
        self._place = 0
        """Of the selected row among those that have a key, when it was last there."""
        self._drawn: list[tuple[Row, Bar, bool]] = []

    def on_mount(self) -> None:
        """Whether to draw ASCII is the program's to say, and holds for every list on every screen."""
        self.ascii_only = self.ascii_only or bool(getattr(self.app, "ascii_only", False))

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
        self._rows = rows
        self._title = title or row("")
        self._keep_selection()
        self.repaint_changes()

    @property
    def first(self) -> int:
        """The row at the top of what is seen: `top`, but not past the end, and with the selected row in view."""
        first = max(0, min(self.top, len(self._rows) - self.room))
        at = self._keys.places.get(self.selected) if self.selects and self.selected is not None else None
        if at is None or not self.room:
            return first
        lead = 1 if at > 0 and self._keys.keys[at - 1] is None and self.room > 1 else 0
        return max(0, min(at - lead, max(first, at - self.room + 1)))

    def _keep_selection(self) -> None:
        self._keys = keys_of(self._rows)
        if self.selects and self._keys.selectable and self.selected is None:
            self.selected = self._keys.selectable[0]

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

    def _lines(self) -> list[tuple[Row, Bar, bool]]:
        """What is on each line of the screen: the row, how it stands out, whether it is the title."""
        width = self.size.width
        lines = [(self._title.cut_to(width), Bar.NONE, True)] if self.titled else []
        first = self.first
        for each in self._rows[first : first + self.room]:
            chosen = self.selects and each.key is not None and each.key == self.selected
            lines.append((each.cut_to(width), self.bar if chosen else Bar.NONE, False))
        blank = (row(""), Bar.NONE, False)
        return lines + [blank] * (self.size.height - len(lines))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if y >= len(self._drawn):
            return Strip.blank(self.size.width)
        line, bar, titled = self._drawn[y]
        segments = [
            _segment(span.text if span.verbatim else self._plain(span.text), span.look, bar)
            for span in line.spans
            if span.text
        ]
        rest = self.size.width - width_of(line.text)
        if rest > 0:
            fill = Drawable(("─" if titled and line.text else " ") * rest)
            segments.append(_segment(self._plain(fill), Look.QUIET if titled else Look.PLAIN, bar))
        return Strip(segments, self.size.width)

    def _plain(self, text: Drawable) -> Drawable:
        return Drawable(text.translate(ASCII)) if self.ascii_only else text

    def on_resize(self) -> None:
        """Lay out anew; selection and scroll position stay."""
        self._drawn = self._lines()
        self.virtual_size = self.size
        self.refresh()

    def move(self, steps: int) -> None:
        """Move the selection, or scroll where nothing is selected. Never acts."""
        keys = self._keys.selectable
        if not self.selects or not keys:
            self.scroll_by(steps)
            return
        turn = self._keys.turn_of(self.selected)
        place = self._place if turn is None else turn + steps
        self.select(keys[max(0, min(place, len(keys) - 1))])

    def scroll_by(self, steps: int) -> None:
        """Move the rows under the title, as far as there are any."""
        self.top = max(0, min(self.first + steps, len(self._rows) - self.room))
        self.repaint_changes()

    def select(self, key: Hashable | None) -> None:
        """Select the row of that key and bring it into view."""
        self.selected = key
        turn = self._keys.turn_of(key)
        self._place = self._place if turn is None else turn
        self.top = self.first
        self.repaint_changes()
        self.post_message(self.Selected(self, key))

    def plain(self) -> list[str]:
        """What is on the screen, as text: for tests and for copying."""
        return ["".join(segment.text for segment in self.render_line(y)).rstrip() for y in range(len(self._drawn))]


def _segment(text: Drawable, look: Look, bar: Bar) -> Segment:
    """The only text that reaches the terminal through Textual, but for the field a person types in."""
    return Segment(text, style_of(look, bar))
