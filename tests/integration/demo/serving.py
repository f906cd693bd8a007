"""A `zdtui demo --serve` in a process of its own, and what there is of it on the machine."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from zdtui.demo.processes import children_of, is_alive, wait_until_gone

SMALL = ("--rows", "600")
PATIENCE_SECONDS = 30.0


class Serving:
    """Started and serving; its temporary folders lie in a folder of the test's own."""

    def __init__(self, temporary: Path, *options: str, uid: int | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zdtui", "demo", "--serve", *SMALL, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, "TMPDIR": str(temporary), "HOME": str(temporary)},
            user=uid,
            group=uid,
            extra_groups=None if uid is None else [],
        )
        assert self.process.stdout is not None
        self.output: IO[str] = self.process.stdout
        self.dsn = self._line_after("dsn: ")
        self.folder = self._folder(temporary)

    def _line_after(self, prefix: str) -> str:
        seen = []
        for line in self.output:
            seen.append(line)
            if line.startswith(prefix):
                return line.removeprefix(prefix).strip()
        raise AssertionError(f"no line {prefix!r} in: {''.join(seen)}")

    def _folder(self, temporary: Path) -> Path:
        (mine,) = (
            folder
            for folder in temporary.glob("zdtui-demo-*")
            if (folder / "owner").read_text().startswith(f"pid {self.process.pid}:")
        )
        return mine

    def processes(self, naming: str = "") -> list[int]:
        """The pids of what was started with the demo's folder and `naming` among its arguments, and of its children."""
        command = ["ps", "-axwwo", "pid=,args="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = (line.split(maxsplit=1) for line in listed.splitlines())
        started = [int(pid) for pid, arguments in rows if self.folder.name in arguments and naming in arguments]
        return [pid for parent in started for pid in (parent, *children_of(parent)) if is_alive(pid)]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, wait for the end, and return the exit code (negative: the signal that killed it)."""
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode

    def wait_until_nothing_is_left(self, of: list[int]) -> None:
        """Of the folder and these processes."""
        assert wait_until_gone(of, PATIENCE_SECONDS), f"still alive: {of}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.folder.exists():
            assert time.monotonic() < deadline, f"still there: {self.folder}"
            time.sleep(0.02)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder in which every account may make its own, as in /tmp."""
    path = Path(tempfile.mkdtemp(prefix="zd-", dir="/tmp"))
    path.chmod(0o1777)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
