"""`zdtui` alone: one list of what can be opened from here. Type to filter, Enter opens, Esc leaves."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Input

from screens.dialogs.frame.field import Field
from screens.lines import Lines
from screens.look import Look
from screens.reading.search import Search
from screens.rows import Row, Span, row
from screens.text import fold, one_line, pad
from zdtui.start.entry import Entry

T = TypeVar("T")


def start_rows(entries: Sequence[Entry], wanted: str) -> list[Row]:
    """The entries that hold what was typed, each on its row; what has no room on the row is looked through too."""
    name = min(40, max([12, *(len(each.name) for each in entries)]))
    text = wanted.casefold()
    return [
        row(
            Span(f" {pad(each.opens, 8)} ", Look.QUIET),
            Span(f"{pad(each.name, name)}  ", Look.STRONG),
            Span(each.about, Look.PLAIN),
            key=each,
        )
        for each in entries
        if text in f"{each.opens} {each.name} {each.about}".casefold()
    ]


class Asking(App[T]):
    """A small program of one screen, before the console. It ends with an answer, or with none."""

    TITLE = "zdtui"
    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { background: ansi_default; color: ansi_default; } Lines { height: 1fr; }"

    def __init__(self, *, theme: str | None, ascii_only: bool) -> None:
        super().__init__(ansi_color=True if theme is None else None)
        self.theme = theme or "ansi-dark"
        self.animation_level = "none"
        self.ascii_only = ascii_only

    def leave(self) -> None:
        """Close it from any thread, with nothing chosen."""
        loop = getattr(self, "_loop", None)
        if loop is not None:
            loop.call_soon_threadsafe(self.exit, None)


class StartApp(Asking[Entry]):
    """Ends with the entry that was opened, or with none."""

    MOVES: ClassVar[dict[str, int]] = {"down": 1, "up": -1, "pagedown": 15, "pageup": -15, "home": -999, "end": 999}

    def __init__(self, entries: Sequence[Entry], title: str, *, theme: str | None, ascii_only: bool) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only)
        self._entries = entries
        self._heading = title
        self._filter = Search(typing=True)

    def compose(self) -> ComposeResult:
        """The list, and the keys."""
        yield Lines(id="start", selects=True)

    def on_mount(self) -> None:
        """Fill it once there is room."""
        lines = self.query_one(Lines)
        lines.can_focus = False
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Fill it anew; the selection stays."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        lines = self.query_one(Lines)
        rows = start_rows(self._entries, self._filter.wanted)
        typed = f" {self._filter.wanted}▏" if self._filter.wanted else ""
        keys = Span(" type to filter · Enter opens · Esc leaves ", Look.QUIET)
        lines.show(rows, row(Span(f" {self._heading} ", Look.FOCUS), Span(typed, Look.KEY), keys))
        if rows and lines.selected not in {each.key for each in rows}:
            lines.select(rows[0].key)

    def on_key(self, event: events.Key) -> None:
        """Move, open, filter or leave."""
        event.stop()
        event.prevent_default()
        lines = self.query_one(Lines)
        if event.key in self.MOVES:
            lines.move(self.MOVES[event.key])
        elif event.key == "enter":
            self._open(lines)
        elif event.key in ("ctrl+c", "ctrl+q") or (event.key == "escape" and not self._filter.wanted):
            self.exit(None)
        elif event.key == "escape":
            self._filter = Search(typing=True)
            self._fill()
        else:
            self._filter = self._filter.typed(event.key, event.character if event.is_printable else None)
            self._fill()

    def _open(self, lines: Lines) -> None:
        if isinstance(lines.selected, Entry) and any(each.key == lines.selected for each in lines.rows):
            self.exit(lines.selected)


ABOUT = (
    "One statement, as you would have run it. A plan is drafted of it that makes the change beside the traffic, "
    "written into this folder, and opened. Nothing is run."
)


class StatementApp(Asking[str]):
    """*draft* of the list: ends with the statement that was typed, or with none."""

    CSS = Asking.CSS + " Field { dock: bottom; }"

    def __init__(self, text: str, said: str, known: str, *, theme: str | None, ascii_only: bool) -> None:
        """`said` is why the text as it is could not be drafted; empty: it is the first time."""
        super().__init__(theme=theme, ascii_only=ascii_only)
        self._text = text
        self._said = said
        self._known = known

    def compose(self) -> ComposeResult:
        """What it is about, and the field."""
        yield Lines(id="statement")
        yield Field(lambda _: True)

    def on_mount(self) -> None:
        """Fill it once there is room."""
        self.query_one(Lines).can_focus = False
        field = self.query_one(Field)
        field.value = self._text
        field.focus()
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Fill it anew; what was typed stays."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        lines = self.query_one(Lines)
        width = max(8, lines.size.width - 2)
        keys = Span(f" {self._known} · Enter drafts · Esc goes back ", Look.QUIET)
        rows = [row(f" {part}") for part in fold(ABOUT, width)]
        if self._said:
            rows += [row(""), *(row(Span(f" {part}", Look.WARN)) for part in fold(one_line(self._said), width))]
        lines.show([row(""), *rows], row(Span(" Draft a plan ", Look.FOCUS), keys))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A statement; an empty one is none."""
        if event.value.strip():
            self.exit(event.value.strip())

    def on_key(self, event: events.Key) -> None:
        """Esc and Ctrl+C go back; all else is the field's."""
        if event.key in ("escape", "ctrl+c", "ctrl+q"):
            event.stop()
            event.prevent_default()
            self.exit(None)
