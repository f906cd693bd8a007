"""A long text over the whole screen: scrolled, looked through with / n N, jumped through with Tab, closed with Esc."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from screens.lines import Lines
from screens.look import Look
from screens.reading.search import Search, following, holding, marked, search_words
from screens.rows import Row, Span, row

FAR = 1_000_000
JUMPS = {"tab": 1, "shift+tab": -1}
FINDS = {"n": 1, "N": -1}


class Reading(ModalScreen[None]):
    """What its text is, a subclass says; how one moves in it is the same in all of them."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    NAME: ClassVar[str] = ""
    """Of the text, as its title says it; also of its widget."""
    CLOSES: ClassVar[frozenset[str]] = frozenset()
    """Keys that close it, beside Esc and q."""
    JUMPS_TO: ClassVar[str] = ""
    """What Tab goes to, for its title; empty: it goes nowhere."""
    FRESH_EVERY: ClassVar[float | None] = 1.0
    """Seconds after which the text is asked for again; None: it never changes."""

    def __init__(self) -> None:
        super().__init__()
        self._search = Search()
        self._begun = False
        self._found: list[int] = []
        """Places of the rows that hold what is looked for."""
        self._at: int | None = None
        """Which of them one is at."""

    # -- what a subclass says ---------------------------------------------------------------------------------

    def text(self, width: int) -> Sequence[Row]:
        """The rows, folded to the width."""
        raise NotImplementedError

    def about(self) -> tuple[Span, ...]:
        """What stands in the title behind the name."""
        return ()

    def landmarks(self, rows: Sequence[Row]) -> Sequence[int]:
        """The places that Tab goes to, in order."""
        return ()

    def opens_at(self, rows: Sequence[Row]) -> int | None:
        """The place to begin at; None while that is not known."""
        return 0

    def moved(self, key: str) -> None:
        """A key has moved the text."""

    # -- the same for all -------------------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether letters belong to what is looked for."""
        return self._search.typing

    def compose(self) -> ComposeResult:
        """One list."""
        lines = Lines(id=self.NAME.lower())
        lines.can_focus = False
        yield lines

    def on_mount(self) -> None:
        """Fill it, and again when the text may be another one."""
        self.call_after_refresh(self.fill)
        if self.FRESH_EVERY is not None:
            self.set_interval(self.FRESH_EVERY, self.fill)

    def on_resize(self) -> None:
        """Fill it anew."""
        self.call_after_refresh(self.fill)

    @property
    def lines(self) -> Lines:
        """The one widget there is."""
        return self.query_one(Lines)

    def fill(self) -> None:
        """Show the text as it is now, with what is looked for set off."""
        lines = self.lines
        rows = self.text(lines.size.width)
        self._found = holding(rows, self._search.wanted)
        self._at = None if self._at is None or self._at >= len(self._found) else self._at
        lines.show([marked(each, self._search.wanted) for each in rows] if self._search.wanted else rows, self._title())
        begin = None if self._begun or not rows or not lines.room else self.opens_at(rows)
        if begin is not None:
            self._begun = True
            lines.scroll_by(begin)

    def _title(self) -> Row:
        looked_for = search_words(self._search, len(self._found), self._at)
        jumps = f" · Tab {self.JUMPS_TO}" if self.JUMPS_TO else ""
        keys = f" · Esc closes · p pauses · j k move · / n N find{jumps} "
        name = Span(f" {self.NAME} ", Look.FOCUS)
        if looked_for:
            return row(name, *self.about(), Span(looked_for, Look.KEY))
        return row(name, *self.about(), Span(keys, Look.QUIET))

    def on_key(self, event: events.Key) -> None:
        """Look for, move or close; nothing reaches the screen below."""
        event.stop()
        event.prevent_default()
        if self._search.typing:
            self._type(event)
        elif event.key == "slash":
            self._search, self._at = Search(typing=True), None
            self.fill()
        elif event.key == "escape" and self._search.wanted:
            self._search, self._at = Search(), None
            self.fill()
        elif event.key in ("escape", "q") or event.key in self.CLOSES:
            self.dismiss(None)
        else:
            self._move(event.key)

    def _type(self, event: events.Key) -> None:
        self._search = self._search.typed(event.key, event.character if event.is_printable else None)
        self._at = None
        self.fill()
        if not self._search.typing or event.is_printable:
            self._find(1, self.lines.first - 1)

    def _find(self, by: int, at: int) -> None:
        """Go to the next row that holds what is looked for; what there is none of leaves one where one is."""
        place = following(self._found, at, by)
        if place is not None:
            self._at = self._found.index(place)
            self._go_to(place)
            self.moved("n")
        self.fill()

    def _go_to(self, place: int) -> None:
        self.lines.scroll_by(place - self.lines.first)

    def _move(self, key: str) -> None:
        lines = self.lines
        here = lines.first
        if key in FINDS:
            at = here - FINDS[key] if self._at is None else self._found[self._at]
            self._find(FINDS[key], at)
        elif key in JUMPS:
            place = following(self.landmarks(lines.rows), here, JUMPS[key])
            if place is not None:
                self._go_to(place)
        elif (steps := self._steps(key)) is not None:
            lines.scroll_by(steps)
            self._at = None
            self.moved(key)

    def _steps(self, key: str) -> int | None:
        page = max(1, self.lines.room - 1)
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": page, "space": page, "pageup": -page}
        ends = {"g": -FAR, "home": -FAR, "G": FAR, "end": FAR}
        return {**steps, **ends}.get(key)
