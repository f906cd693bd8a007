"""When the terminal goes away or we are told to end: the engine stops at a safe point, the terminal is put right.

A stalled terminal can hold the screen's loop inside a write, so nothing here goes through the screen: the signal
handler reaches the engine directly, and a thread of its own makes sure that the process ends. Any thread may be stuck
for good, in a lookup of a name or in a file that never answers: none is waited for longer than some seconds.
"""

import contextlib
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from zdtui.cli.say import flush

if TYPE_CHECKING:
    from zdtui.run.engine.surface import Stoppable  # a type alone: `zdtui --version` loads no model of a run

SIGNALS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
"""The signals that end us, and the exit code a shell expects for each."""
ENGINE_GRACE = 8.0
"""Seconds the engine may take to reach its safe point."""
SCREEN_GRACE = 1.5
"""Seconds the screen may take to close before the terminal is put right without it."""
EXIT_GRACE = 3.0
"""Seconds the interpreter may take to end when all is said and done."""
NO_ANSWER = 1
"""The exit code when the operator leaves at once and the engine does not answer any more."""
LOOK_EVERY = 1.0
TURNED_OFF = (1000, 1002, 1003, 1006, 1015, 1016, 1004, 2004, 2048)
"""The mouse in every form, reports of the focus, bracketed paste, reports of the size."""
LEAVE_SCREEN = "".join(
    ("\x1b[<u", *(f"\x1b[?{mode}l" for mode in TURNED_OFF), "\x1b[?1049l\x1b[?7h\x1b[?25h\x1b[0m", "\x1b[23;2t")
).encode()
"""The keyboard protocol back, as long as its screen is there: the main screen has one of its own. Then the main screen,
wrapping and cursor on, no colour, the title as it was."""


class HangUp:
    """A context in which SIGHUP, SIGINT, SIGTERM and a vanished terminal end the program safely, whatever hangs."""

    def __init__(self, *engines: "Stoppable", leave: Callable[[], None]) -> None:
        self.exit_code: int | None = None
        """129, 130 or 143 once that has begun (1: an engine does not answer the operator any more), else None."""
        self._engines = engines
        self._leave = leave
        self._closed = threading.Event()
        self._before: dict[signal.Signals, Any] = {}
        self._terminal = _terminal_settings()

    def __enter__(self) -> "HangUp":
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._on_signal)
        threading.Thread(target=self._watch_terminal, name="terminal watch", daemon=True).start()
        threading.Thread(target=self._watch_engine, name="engine watch", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The program ends after it, so that a signal finds it leaving: where nobody else minds them, they are ignored.

        It would end by the signal instead of with its exit code, or in a traceback, while its last lines are printed.
        """
        self._closed.set()
        for number, handler in self._before.items():
            nobodys = handler in (signal.SIG_DFL, signal.default_int_handler)
            signal.signal(number, signal.SIG_IGN if nobodys else handler)

    @contextlib.contextmanager
    def screen(self) -> Iterator[None]:
        """Around the screen: what it raises because its terminal is gone is a hang-up, and no failure of ours.

        A closed terminal answers a read or a write with an error, which the screen may meet before SIGHUP is here.
        """
        try:
            yield
        except Exception:
            self._look_at_terminal()
            if self.exit_code is None:
                raise
        self._look_at_terminal()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        which = signal.Signals(number)
        self._begin(SIGNALS[which], f"{which.name} received")

    def _begin(self, code: int, why: str) -> None:
        if self.exit_code is not None:
            return
        self.exit_code = code
        for engine in self._engines:
            engine.stop(why, force=True)
        threading.Thread(target=self._end, args=(code,), name="hang-up", daemon=True).start()

    def _end(self, code: int) -> None:
        """The engine first; then the screen, politely; then without it."""
        give_up = time.monotonic() + ENGINE_GRACE
        for engine in self._engines:
            engine.join(0.0 if engine.overdue else max(0.0, give_up - time.monotonic()))
        threading.Thread(target=self._leave_quietly, name="leave", daemon=True).start()
        if not self._closed.wait(SCREEN_GRACE):
            put_terminal_right(self._terminal)
            os._exit(code)

    def _leave_quietly(self) -> None:
        with contextlib.suppress(Exception):
            self._leave()

    def _watch_engine(self) -> None:
        """The operator has left at once, and the engine stands still: then without it."""
        while not self._closed.wait(LOOK_EVERY):
            if any(engine.overdue for engine in self._engines):
                self._begin(NO_ANSWER, "the engine does not answer")
                return

    def _watch_terminal(self) -> None:
        """SIGHUP can be ignored (nohup) or lost; a terminal that is gone answers with an error."""
        while self._terminal is not None and not self._closed.wait(LOOK_EVERY) and self.exit_code is None:
            self._look_at_terminal()

    def _look_at_terminal(self) -> None:
        """Begin to end if it is gone."""
        if self._terminal is None:
            return
        try:
            termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else 0)
        except (termios.error, OSError, ValueError):
            self._begin(SIGNALS[signal.SIGHUP], "the terminal is gone")


def end_within(seconds: float, code: int) -> None:
    """The process ends with this code in that time, even if a thread that cannot be ended is waited for."""

    def end() -> None:
        time.sleep(seconds)
        flush()
        os._exit(code)

    threading.Thread(target=end, name="the end", daemon=True).start()


def _terminal_settings() -> list[Any] | None:
    try:
        return termios.tcgetattr(0)
    except (termios.error, OSError):
        return None


def put_terminal_right(settings: list[Any] | None) -> None:
    """Leave the alternate screen and restore the line settings without waiting for a terminal that does not read."""
    with contextlib.suppress(OSError):
        terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        with contextlib.suppress(OSError):
            os.write(terminal, LEAVE_SCREEN)
        os.close(terminal)
    if settings is not None:
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(0, termios.TCSANOW, settings)
    time.sleep(0.05)
