"""The real console in a real terminal, and a hand that presses its keys."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.campaign.consoles import ROOT, Shown
from benchmarks.campaign.links import Link
from tests.e2e.terminal import CLOSING, Terminal, is_open

TMUX_SIZE = (120, 40)
ASKS = ("READY", "HELD", "FAILED")
"""Words of the header under which R goes on."""


@dataclass(eq=False)
class Screen:
    """Stands beside `Console`: what the campaign asks of one, it can ask of the other."""

    name: str
    link: Link
    folder: Path
    terminal: Terminal
    shown: list[Shown] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    frozen: bool = False
    ended: str = ""

    @classmethod
    def start(cls, name: str, link: Link, database: str, plan: Path, folder: Path) -> "Screen":
        """Open the console on the plan, and put the hand to its keys."""
        scratch = folder / "tmp"
        scratch.mkdir(parents=True)
        environment = {"PYTHONPATH": str(ROOT), "HOME": str(folder), "TMPDIR": str(scratch), "ZDTUI_OPERATOR": name}
        environment |= {"XDG_STATE_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        command = [sys.executable, "-m", "zdtui", "run", str(plan), "--dsn", link.dsn(database, "zdtui")]
        screen = cls(name, link, folder, Terminal(command, *TMUX_SIZE, {**os.environ, **environment}))
        threading.Thread(target=screen._press, daemon=True).start()
        return screen

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The console."""
        return self.terminal.process

    @property
    def alive(self) -> bool:
        """Whether it is there."""
        return self.process.poll() is None

    @property
    def last(self) -> dict[str, Any]:
        """What a person reads, once it has ended; before, nothing that a program could read."""
        return {} if self.alive else {"failure": " / ".join(self.terminal.screen().split("\n"))}

    @property
    def conducts(self) -> bool:
        """Whether it shows a run that is its own."""
        return self.alive and any(word in self.terminal.screen() for word in (*ASKS, "RUNNING", "BLOCKED"))

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self.alive:
            self.process.send_signal(number)
        if number not in (signal.SIGSTOP, signal.SIGCONT):
            self.ended = number.name

    def say(self, word: str) -> None:
        """An operator that is told something presses a key."""
        if word == "pause":
            self._type("p")

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within so long."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def left_behind(self) -> list[str]:
        """Temporary files that are still there."""
        return [path.name for path in (self.folder / "tmp").rglob("*") if path.is_file()]

    def clear(self) -> None:
        """Kill what is left, and remove its folder."""
        self.terminal.__exit__(None, None, None)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _type(self, keys: str) -> None:
        with contextlib.suppress(OSError):
            self.terminal.type(keys)

    def _press(self) -> None:
        """R and y whenever something waits for a person, t and y when nobody holds the run."""
        while self.alive and not self.ended:
            screen = self.terminal.screen()
            if is_open(screen):
                self._type("y")
                time.sleep(0.3)
                if CLOSING.search(self.terminal.screen()):
                    self._type("\x1b")
            elif "nobody holds the run" in screen:
                self._type("t")
            elif any(word in screen for word in ASKS):
                self._type("R")
            time.sleep(0.25)
