"""A program in a real pty, with an emulator that reads it: what it writes can be counted, stalled and cut off."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from types import TracebackType

import pyte

CLOSING = re.compile("Esc [a-z]")


def is_open(screen: str) -> bool:
    """A dialog is on the screen and takes keys."""
    return CLOSING.search(screen) is not None and "a moment:" not in screen


class Terminal:
    """Runs a command until it ends or is closed. A thread reads all it writes, unless it is stalled."""

    def __init__(
        self, command: list[str], width: int = 80, height: int = 23, env: dict[str, str] | None = None
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.raw = bytearray()
        self._display = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._display)
        self._lock = threading.Lock()
        self._reading = threading.Event()
        self._reading.set()
        self._closed = False
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "TMUX")}
        known = {**inherited, "TERM": "xterm-256color", **(env or {})}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=known,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 (one ioctl, before our reader thread is started)
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        self.close()

    def _read(self) -> None:
        while not self._closed:
            self._reading.wait()
            try:
                ready, _, _ = select.select([self.master], [], [], 0.1)
                data = os.read(self.master, 65536) if ready else b""
            except (OSError, ValueError):
                return
            self.raw += data
            with self._lock:
                self._stream.feed(data)

    def stall(self) -> None:
        """Stop reading, as a terminal does whose line is dead."""
        self._reading.clear()

    def go_on(self) -> None:
        """Read again."""
        self._reading.set()

    def close(self) -> None:
        """Hang up: the master is gone."""
        if not self._closed:
            self._closed = True
            self._reading.set()
            self._reader.join(2)
            os.close(self.master)

    def type(self, text: str) -> None:
        """Write keys."""
        os.write(self.master, text.encode())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    @property
    def count(self) -> int:
        """Bytes written so far."""
        return len(self.raw)

    def screen(self) -> str:
        """What is on the screen, as text."""
        with self._lock:
            return "\n".join(self._display.display)

    def wait_for(self, wanted: str | Callable[[str], object], seconds: float = 240.0) -> str:
        """Wait until the screen holds the text, or satisfies the question."""
        end = time.monotonic() + seconds
        while True:
            ended = self.process.poll() is not None
            if ended:
                self._reader.join(1)  # its last words may still be on the way
            screen = self.screen()
            if wanted in screen if isinstance(wanted, str) else wanted(screen):
                return screen
            assert time.monotonic() < end, f"never saw {wanted!r} in {seconds:.0f} s:\n{screen}"
            assert not ended, f"ended with {self.process.returncode}:\n{screen}"
            time.sleep(0.02)

    def confirm(self, then: str) -> None:
        """R, then y once the dialog takes keys; then wait for what follows."""
        self.type("R")
        self.wait_for(is_open)
        self.type("y")
        self.wait_for(then)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
