"""The Textual application: one console over one engine. Nothing here can slow, cancel or kill a step."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from screens.acting import Acting
from screens.console import Console
from screens.keymap import load_actions
from screens.terminal.notifier import TerminalNotifier
from zdtui.run.engine.surface import EngineSurface

THEME = "ansi-dark"
"""The operator's own sixteen colours: half the bytes, and readable on light and dark."""
DRAW_AT_MOST = 0.25
"""Seconds between two drawings that the engine asks for."""


class Changed(Message):
    """The engine has a newer snapshot. A newer message replaces an older one that still waits."""

    def can_replace(self, message: Message) -> bool:
        """Whether this one stands for the other."""
        return isinstance(message, Changed)


class ConsoleApp(App[int]):
    """Runs until the operator leaves, the engine stops, or the terminal goes away."""

    CSS_PATH = "zdtui.tcss"
    TITLE = "zdtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "pause", priority=True, show=False),
        Binding("f9", "pause_anyway", "pause", priority=True, show=False),
        Binding("ctrl+c", "leave", "quit", priority=True, show=False),
        Binding("ctrl+q", "leave", "quit", priority=True, show=False),
    ]

    def __init__(
        self,
        engine: EngineSurface,
        *,
        theme: str | None = None,
        ascii_only: bool = False,
        zone: ZoneInfo | None = None,
        signs: tuple[str, ...] = (),
        files_outside: bool = False,
    ) -> None:
        super().__init__(ansi_color=True if theme is None else None)
        self.theme = theme or THEME
        self.animation_level = "none"
        self.engine = engine
        self.actions = load_actions()
        self.ascii_only = ascii_only
        self.zone = zone
        """Shown beside UTC."""
        self.files_outside = files_outside
        """Whether the plan may name files of SQL outside of its folder, also when it is read again."""
        self._due = False
        self._notifier = TerminalNotifier(signs)
        self._to_say: list[str] = []
        self._said_first: list[str] = []

    def on_mount(self) -> None:
        """Open the console and listen to the engine."""
        self.console_screen = Console(self.engine, self.actions, Acting, ascii_only=self.ascii_only, zone=self.zone)
        self.push_screen(self.console_screen)
        self.engine.subscribe(self._engine_changed)
        self.set_interval(0.5, self._look_after_engine)

    def say_first(self, sentence: str) -> None:
        """Have the console show this sentence with its next drawing; from any thread, also before it is open."""
        self._said_first.append(sentence)
        self._to_say.append(sentence)
        self.post_message(Changed())

    @property
    def said_first(self) -> tuple[str, ...]:
        """All it was given that way. The console shows a sentence for seconds; who left it may still have to know."""
        return tuple(self._said_first)

    def _engine_changed(self) -> None:
        """Called on the engine's thread: posts, and never waits for the screen."""
        self.post_message(Changed())

    def on_changed(self) -> None:
        """Draw soon, and not more often than is of use."""
        if not self._due:
            self._due = True
            self.set_timer(DRAW_AT_MOST, self._draw)

    def _draw(self) -> None:
        self._due = False
        if self._to_say:
            sentences, self._to_say = self._to_say, []
            self.console_screen.say("; ".join(sentences))
        self.console_screen.draw()
        self._notifier.tell(self.engine.snapshot, self.bell)

    def _look_after_engine(self) -> None:
        """When the engine has let go of the run there is nothing left to show."""
        if self.engine.stopped:
            self.exit(0)

    def leave(self) -> None:
        """Close the screen from any thread; the engine is not asked."""
        loop = getattr(self, "_loop", None)
        if loop is not None:
            loop.call_soon_threadsafe(self.exit, 0)

    def give_terminal_back(self) -> None:
        """Once the screen is closed: the title is again what it was."""
        self._notifier.give_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`p` is a letter while one types; F9 pauses then too."""
        if action == "pause" and (isinstance(self.focused, Input) or self._is_filtering()):
            return False
        return super().check_action(action, parameters)

    def _is_filtering(self) -> bool:
        screen = self.screen
        if isinstance(screen, Console):
            return screen.filtering is not None
        return bool(getattr(screen, "is_typing", False))

    def action_pause(self) -> None:
        """From every screen and every dialog, without a question."""
        self.console_screen.handlers.perform("pause")
        self.console_screen.draw()

    def action_pause_anyway(self) -> None:
        """The same, also while one types."""
        self.action_pause()

    def action_leave(self) -> None:
        """Ctrl+C asks what q asks; it never kills a step."""
        if self.screen is self.console_screen:
            self.console_screen.handlers.perform("quit")
        else:
            self.screen.dismiss(None)
