"""What every dialog does: draws its sheet anew while it is open, drops keys typed ahead, and answers once.

A dialog says what it shows in `sheet` and what its answers mean in `command`. The snapshot is read again at 2 Hz, so
that live facts do not freeze while the operator decides. It is dismissed with the command to submit, or None.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, assert_never

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.dialogs.frame.field import Field
from screens.dialogs.frame.footer import footer_row, is_typed
from screens.dialogs.frame.guard import AFTER_PAINT, KeyGuard
from screens.dialogs.frame.layout import Laid, View, lay_out
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Ask, Choose, Sheet, TypeExactly, Write, shown_back
from screens.lines import Lines
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command

REFRESH = 0.5
"""Seconds between two looks at the snapshot."""
LARGE = (100, 30)
"""Columns and rows from which a dialog is a box in the middle; below, it has the whole screen."""
WIDEST = 120
"""Columns of the box."""
STEPS = {"up": -1, "down": 1, "k": -1, "j": 1}


class Dialog(ModalScreen[Command | None]):
    """A question about something that acts."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog #box { width: 100%; height: 100%; padding: 0 1; background: $background; }
    Dialog.-large #box { height: auto; border: round $foreground; }
    Dialog.-large.-ascii #box { border: ascii $foreground; }
    Dialog #said { height: 1; }
    Dialog #typed { height: 1; }
    Dialog #mark { width: 2; }
    Dialog #field { width: 1fr; }
    Dialog #keys { height: 1; dock: bottom; }
    Dialog.-large #keys { dock: none; }
    """

    def __init__(self, engine: EngineSurface, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is time.monotonic() but for tests."""
        super().__init__()
        self.engine = engine
        self._clock = clock
        self._guard = KeyGuard()
        self._view = View(width=78, height=21, listening=False)
        self._given: tuple[str, ...] = ()
        self._answered = False
        self._size_before = (0, 0)
        self._withdrawn: str | None = None
        self._offered = False
        self._open = False
        self._shown: tuple[Sheet, Laid] | None = None

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """What is shown and asked at this moment."""
        raise NotImplementedError

    def command(self, given: tuple[str, ...]) -> Command | None:
        """What the answers, one for each question, come to; a Choose gives its key, a field its text."""
        raise NotImplementedError

    def now(self) -> Now:
        """This moment, on the clocks this dialog reads."""
        return Now(self._clock(), datetime.now(UTC))

    def act(self, key: str) -> None:
        """A key of the sheet's `keys` was pressed."""

    @property
    def given(self) -> tuple[str, ...]:
        """The answers given so far."""
        return self._given

    @property
    def listening(self) -> bool:
        """True once keys are taken; before that all but Esc are dropped."""
        return self._view.listening

    @property
    def answering(self) -> bool:
        """True when a key pressed at this moment would count as an answer."""
        return self.ask is not None and self.listening and self._guard.takes_answer(self._clock())

    @property
    def ask(self) -> Ask | None:
        """The question to be answered now; None when there is none, not yet, or no more."""
        if self._shown is None or self._answered:
            return None
        sheet, _ = self._shown
        if not sheet.asks or sheet.withdrawn or sheet.obstacle:
            return None
        return sheet.asks[min(self._view.stage, len(sheet.asks) - 1)]

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield _lines("said")
            with Horizontal(id="typed"):
                yield Static("> ", id="mark", markup=False)
                yield Field(self._takes)
            yield _lines("keys")

    def on_mount(self) -> None:
        self._open = True
        self._view = replace(self._view, ascii_only=getattr(self.app, "ascii_only", False))
        self.set_class(self._view.ascii_only, "-ascii")
        self.styles.background = "transparent"
        self._size_before = (self.app.size.width, self.app.size.height)
        self.look_again()
        self.set_interval(REFRESH, self.look_again)
        self.call_after_refresh(self._painted)

    def on_resize(self) -> None:
        size = (self.app.size.width, self.app.size.height)
        if size == self._size_before:
            return
        self._size_before = size
        self._guard.resized(self._clock())
        self.look_again()

    def look_again(self) -> None:
        """Read the newest snapshot and draw what changed. A confirmation once withdrawn stays so."""
        if self._answered or not self._open:
            return
        sheet = self.sheet(self.engine.snapshot, self.now())
        could = self.ask is not None
        self._draw(self._settled(sheet))
        if self.ask is not None and not could:
            self._guard.offered(self._clock())
        self._offered = self._offered or (self.listening and self.ask is not None)

    def _settled(self, sheet: Sheet) -> Sheet:
        """What was offered is withdrawn for good; what never was is only not to be had yet."""
        if sheet.withdrawn is not None and not self._offered:
            return replace(sheet, withdrawn=None, obstacle=sheet.withdrawn)
        self._withdrawn = self._withdrawn or sheet.withdrawn
        return replace(sheet, withdrawn=self._withdrawn)

    def _painted(self) -> None:
        self._guard.painted(self._clock())
        self.set_timer(AFTER_PAINT, self._listen)

    def _listen(self) -> None:
        """Take keys from now on if the keyboard has been quiet; else look again in a moment."""
        if not self._guard.takes(self._clock()):
            self.set_timer(AFTER_PAINT / 3, self._listen)
            return
        self._view = replace(self._view, listening=True)
        self.look_again()

    def _draw(self, sheet: Sheet) -> None:
        asked = sheet.asks[min(self._view.stage, len(sheet.asks) - 1)] if sheet.asks else None
        typed = is_typed(asked) and sheet.withdrawn is None
        sheet = replace(sheet, facts=(*shown_back(sheet.asks, self._given), *sheet.facts))
        columns, rows, large = self._room()
        self._view = replace(self._view, width=columns, height=rows - 1 - typed)
        laid = lay_out(sheet, self._view)
        self._view = replace(self._view, top=laid.top)
        self._shown = (sheet, laid)
        footer = footer_row(sheet, asked if typed else self.ask, laid, self._view)
        self.set_class(large, "-large")
        self.query_one("#box").styles.width = columns + 4 if large else "100%"
        body = self.query_one("#said", Lines)
        body.styles.height = len(laid.rows)
        body.show(laid.rows)
        self.query_one("#keys", Lines).show((footer,))
        self._show_field(typed)

    def _room(self) -> tuple[int, int, bool]:
        """Columns and rows for text, and whether the dialog is a box in the middle."""
        width, height = self.app.size
        if width >= LARGE[0] and height >= LARGE[1]:
            return min(WIDEST, width - 8) - 4, height - 6, True
        return max(20, width - 2), max(6, height), False

    def _show_field(self, typed: bool) -> None:
        field = self.query_one(Field)
        self.query_one("#typed").display = typed
        if typed and self.focused is not field:
            self.set_focus(field)
        elif not typed and self.focused is not None:
            self.set_focus(None)

    def _pressed_at(self, event: events.Event) -> float:
        """When the key was read from the terminal, on this dialog's clock: a busy loop may handle it much later."""
        return self._clock() - max(0.0, time.monotonic() - event.time)

    def _takes(self, event: events.Key | events.Paste) -> bool:
        return not self._answered and self.listening and self._guard.takes(self._pressed_at(event))

    def on_key(self, event: events.Key) -> None:
        """Every key but the ones a field edits with ends here: none reaches the screen below."""
        if event.key == "escape":
            event.stop()
            self.close(None)
        elif not self._takes(event):
            event.stop()
            event.prevent_default()
            self._guard.dropped(self._pressed_at(event))
        elif self._handle(event) or self.focused is None:
            event.stop()
            event.prevent_default()

    def close(self, command: Command | None) -> None:
        """Answer, once; what is pressed after that does nothing."""
        if self._answered or not self.is_current:
            return
        self._answered = True
        self.dismiss(command)

    def _handle(self, event: events.Key) -> bool:
        if event.key == "enter":
            self._enter(event)
            return True
        if event.key == "tab":
            self._turn_page()
            return True
        if event.key in ("pageup", "pagedown"):
            viewport = self._shown[1].viewport if self._shown else 1
            self._scroll((viewport - 1 or 1) * (1 if event.key == "pagedown" else -1))
            return True
        if self.focused is not None and event.key not in ("up", "down"):
            return False
        return self._letter(event)

    def _letter(self, event: events.Key) -> bool:
        """A key where no text is typed: an answer, a movement, or another key of the sheet."""
        key = event.character if event.is_printable and event.character else event.key
        ask = self.ask
        if isinstance(ask, Choose) and key in (answer.key for answer in ask.answers):
            if self._guard.takes_answer(self._pressed_at(event)):
                self._give(key)
        elif self._shown and key in (other.key for other in self._shown[0].keys):
            self.act(key)
            self.look_again()
        elif key in STEPS:
            self._scroll(STEPS[key])
        return True

    def _enter(self, event: events.Key) -> None:
        """Take what is typed if it is what is asked for. Enter on nothing, or on something else, does nothing."""
        ask, typed = self.ask, self.query_one(Field).value.strip()
        if not self._guard.takes_answer(self._pressed_at(event)):
            return
        match ask:
            case TypeExactly(word=word):
                if typed == word:
                    self._give(typed)
                else:
                    self._view = replace(self._view, wrong=bool(typed))
                    self.look_again()
            case Write():
                if typed:
                    self._give(typed)
            case Choose(answers=answers):
                if any(answer.key == "Enter" for answer in answers):
                    self._give("Enter")
            case None:
                return
            case _ as never:
                assert_never(never)

    def _give(self, answer: str) -> None:
        """Note an answer, the facts being read once more; after the last, close with the command they come to."""
        self.look_again()
        if self.ask is None:
            return
        self._given = (*self._given, answer)
        asks = self._shown[0].asks if self._shown else ()
        if len(self._given) >= len(asks):
            self.close(self.command(self._given))
            return
        self.query_one(Field).value = ""
        self._view = replace(self._view, stage=len(self._given), wrong=False)
        self.look_again()

    def _turn_page(self) -> None:
        pages = len(self._shown[1].pages) if self._shown else 0
        if pages > 1:
            self._view = replace(self._view, page=(self._view.page + 1) % pages, top=0)
            self.look_again()

    def _scroll(self, by: int) -> None:
        self._view = replace(self._view, top=self._view.top + by)
        self.look_again()


def _lines(name: str) -> Lines:
    lines = Lines(id=name, titled=False)
    lines.can_focus = False
    return lines
