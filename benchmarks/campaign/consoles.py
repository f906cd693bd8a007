"""A console as a process of its own, what it showed, and how it is stopped, thawed and ended."""

import json
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

from benchmarks.campaign.links import Link
from zdtui.demo.processes import children_of

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing a console said, and when."""

    at: float
    what: dict[str, Any]


def _told(path: Path, folder: Path) -> str:
    """A file that was left; of a fault's report, which goes with the folder, what it says."""
    name = str(path.relative_to(folder))
    return f"{name}: {path.read_text(errors='replace')}" if path.name.startswith("fault-") else name


@dataclass(eq=False)
class Console:
    """A started console. `shown` grows while it lives."""

    name: str
    link: Link
    folder: Path
    process: subprocess.Popen[str]
    shown: list[Shown] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    frozen: bool = False
    ended: str = ""
    """How the campaign ended it, if it did."""

    @classmethod
    def start(cls, name: str, link: Link, database: str, look: Link, plan: Path, folder: Path) -> "Console":
        """Start one on the plan, by its own link."""
        folder.mkdir(parents=True)
        dsn, looks = link.dsn(database, "zdtui"), look.dsn(database, "zdtui")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "HOME": str(folder)}
        environment |= {"XDG_STATE_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.campaign.operator", str(plan), dsn, looks, name],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        console = cls(name, link, folder, process)
        threading.Thread(target=console._read, daemon=True).start()
        threading.Thread(target=console._read_errors, daemon=True).start()
        return console

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                self.shown.append(Shown(time.monotonic(), json.loads(line)))
            except ValueError:
                self.errors.append(line.rstrip())

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.rstrip())

    @property
    def alive(self) -> bool:
        """Whether the process is there, frozen or not."""
        return self.process.poll() is None

    @property
    def last(self) -> dict[str, Any]:
        """What it shows now."""
        return self.shown[-1].what if self.shown else {}

    @property
    def conducts(self) -> bool:
        """Whether it shows that it holds the run."""
        return self.alive and self.last.get("seat") == "conductor" and self.last.get("link") == "connected"

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.frozen = number is signal.SIGSTOP or (self.frozen and number is not signal.SIGCONT)
        if self.alive:
            self.process.send_signal(number)
        if number not in (signal.SIGSTOP, signal.SIGCONT):
            self.ended = number.name

    def say(self, word: str) -> None:
        """Tell its operator something."""
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError):
            pass

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within so long."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def left_behind(self) -> list[str]:
        """Files and processes of it that are still there, once it has ended."""
        files = [_told(path, self.folder) for path in self.folder.rglob("*") if path.is_file()]
        return files + [f"process {pid}" for pid in children_of(self.process.pid)]

    def clear(self) -> None:
        """Kill what is left, and remove its folder."""
        if self.alive:
            self.process.kill()
            self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
