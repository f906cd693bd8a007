"""Processes seen from outside: who is whose child, what it was started as, whether it is still there.

Linux is read from /proc; elsewhere `ps` is asked.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def is_alive(pid: int) -> bool:
    """True while the process runs. A zombie, dead but not yet collected by its parent, is not alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) != "Z"


def command_line(pid: int) -> str:
    """The arguments the process was started with, joined by spaces; '' when it is gone."""
    if (PROC / "self").exists():
        with contextlib.suppress(OSError):
            raw = (PROC / str(pid) / "cmdline").read_bytes()
            return raw.replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    return _ps("-o", "command=", "-p", str(pid)).strip()


def children_of(parent: int) -> list[int]:
    """The pids of the processes whose parent is `parent`, at this moment."""
    return [pid for pid, its_parent in _parents() if its_parent == parent]


def wait_until_gone(pids: Iterable[int], timeout_seconds: float) -> bool:
    """Wait until none of the processes is alive; False when the time is over first."""
    deadline = time.monotonic() + timeout_seconds
    left = list(pids)
    while left := [pid for pid in left if is_alive(pid)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _state(pid: int) -> str:
    if (PROC / "self").exists():
        with contextlib.suppress(OSError):
            return _after_name(PROC / str(pid) / "stat")[0]
        return "Z"
    return _ps("-o", "state=", "-p", str(pid)).strip()[:1]


def _parents() -> Iterable[tuple[int, int]]:
    if (PROC / "self").exists():
        for entry in PROC.iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    yield int(entry.name), int(_after_name(entry / "stat")[1])
        return
    for line in _ps("-axo", "pid=,ppid=").splitlines():
        pid, parent = line.split()
        yield int(pid), int(parent)


def _after_name(stat: Path) -> list[str]:
    """The fields of /proc/PID/stat from the state on: the name before it may hold spaces and brackets (proc(5))."""
    return stat.read_text(errors="replace").rpartition(")")[2].split()


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
