"""A real tmux, on a socket of its own: what an operator's fingers and eyes would do."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import count
from types import TracebackType

_numbers = count(1)


class Tmux:
    """One session of a given size. Failing waits print what the screen looked like."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        assert shutil.which("tmux"), "the end-to-end tests need tmux; install it"
        self.socket = f"zdtui-e2e-{os.getpid()}-{next(_numbers)}"
        self.width, self.height = width, height

    def run(self, *words: str) -> str:
        """One tmux command; what it prints."""
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *words]
        env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "TMUX")}
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=env).stdout

    def start(self, command: str) -> None:
        """Run a command in the session; the pane stays after it has ended, with its exit code."""
        shell = f"{command}; echo EXIT $?; sleep 600"
        self.run("new-session", "-d", "-x", str(self.width), "-y", str(self.height), shell)

    def __enter__(self) -> "Tmux":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run("kill-server")

    def keys(self, *keys: str) -> None:
        """Press keys, as tmux names them; a word that is no key's name is typed."""
        self.run("send-keys", *keys)

    def screen(self) -> str:
        """What is on the screen, as text."""
        return self.run("capture-pane", "-p")

    def wait_for(self, wanted: str | Callable[[str], object], seconds: float = 240.0) -> str:
        """Wait until the screen holds the text, or satisfies the question."""
        end = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if wanted in screen if isinstance(wanted, str) else wanted(screen):
                return screen
            assert time.monotonic() < end, f"never saw {wanted!r} in {seconds:.0f} s:\n{screen}"
            time.sleep(0.05)

    def open_dialog(self, key: str) -> str:
        """Press a key that opens a dialog, and wait until the dialog says that it takes keys."""
        self.keys(key)
        return self.wait_for(lambda text: re.search("Esc (not now|stay|close)", text) and "a moment:" not in text)

    def confirm(self, then: str, note: str = "", typed: str = "") -> str:
        """R, the note or the step's id where one is asked for, y; then wait for what follows."""
        self.open_dialog("R")
        if note:
            self.keys("-l", note)
            self.wait_for(note)
            self.keys("Enter")
            self.wait_for(lambda text: "y run it" in text and "a moment:" not in text)
        if typed:
            self.keys("-l", typed)
            self.wait_for(lambda text: re.search(f"[▸>] {typed}", text))
            self.keys("Enter")
        else:
            self.keys("y")
        return self.wait_for(then, 60)
