"""Temporary folders that die with their owner, however it dies.

A small process beside the owner (`zdtui.demo.reaper`) stops what runs in the folder and removes it as soon as the owner
is gone. Should both be killed, the next start sweeps. Whether somebody still lives is told by flock(2) on the folder
itself, held by both: the kernel lets go of it at their end, and a reused pid is never mistaken for a living owner.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zdtui.demo.processes import children_of, command_line, send, wait_until_gone

DEMO = "zdtui-demo"
KEEP = b"keep"
"""What an owner tells its reaper when the folder is to stay."""
LONGEST_SOCKET_PATH = 103
"""Bytes: sockaddr_un holds 104 with the closing zero on macOS, 108 on Linux."""
LONGEST_INSIDE = len("/zdtui-demo-4294967295-abcdefgh/standby-a/.s.PGSQL.65535.lock")


@dataclass(frozen=True, slots=True)
class OwnedFolder:
    """A folder that is ours until `remove`, or until we die."""

    path: Path
    lock: int
    """The descriptor that holds the lock."""
    reaper: subprocess.Popen[bytes]

    def remove(self) -> None:
        """Stop every server still running in the folder, at once, and delete it."""
        stop_servers_and_delete(self.path)
        self._dismiss()

    def abandon(self) -> None:
        """Leave the folder and what runs in it; the next sweep removes them."""
        self._dismiss(KEEP)

    def _dismiss(self, last_word: bytes = b"") -> None:
        """Let go of the lock, after the reaper has."""
        with contextlib.suppress(BrokenPipeError):
            self.reaper.communicate(last_word)
        os.close(self.lock)


def claim_folder(kind: str = DEMO) -> OwnedFolder:
    """Make a new folder of this kind (the beginning of its name), held by us. Others may pass through, not list it.

    One that a sweep took for a leftover before it was held is let go, and another one made.
    """
    while True:
        path = Path(tempfile.mkdtemp(prefix=_prefix(kind), dir=_parent()))
        lock = _take(path)
        if lock is not None:
            path.chmod(0o711)
            _say_whose(path)
            return OwnedFolder(path, lock, _start_reaper(path, lock))


def sweep_leftovers(kind: str = DEMO) -> list[Path]:
    """Stop and remove what owners of this kind left behind when they were killed; returns the folders removed."""
    removed = []
    for path in _folders(kind):
        lock = _take(path)
        if lock is not None:
            stop_servers_and_delete(path)
            os.close(lock)
            removed.append(path)
    return removed


def postmaster_pid(data: Path) -> int | None:
    """The pid of the postmaster that runs on this data directory, None when there is none.

    A postmaster.pid left by a crash may name a pid that another program has by now, so its command line must agree.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        return pid if str(data) in command_line(pid) else None
    return None


def stop_servers_and_delete(path: Path) -> None:
    """Stop the servers whose data directories are `path`/*/data with immediate mode, and delete the folder."""
    for data in path.glob("*/data"):
        pid = postmaster_pid(data)
        if pid is not None:
            _stop_at_once(pid)
    shutil.rmtree(path, ignore_errors=True)


def _prefix(kind: str) -> str:
    return f"{kind}-{os.geteuid()}-"


def _parent() -> Path:
    """The temporary folder; /tmp instead where the path would be too long for a socket, or others cannot pass."""
    chosen = Path(tempfile.gettempdir()).resolve()
    too_long = len(os.fsencode(chosen)) + LONGEST_INSIDE > LONGEST_SOCKET_PATH
    hidden = os.geteuid() == 0 and not all(step.stat().st_mode & stat.S_IXOTH for step in (chosen, *chosen.parents))
    return Path("/tmp") if too_long or hidden else chosen


def _folders(kind: str) -> Iterator[Path]:
    """Ours by name, by owner, and no symbolic link that somebody laid in a folder all may write to."""
    for path in _parent().glob(f"{_prefix(kind)}*"):
        with contextlib.suppress(FileNotFoundError):
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                yield path


def _take(path: Path) -> int | None:
    """Lock the folder; None when somebody holds it, or took it away between looking and locking."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), path.lstat()):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(lock)
    return None


def _start_reaper(path: Path, lock: int) -> subprocess.Popen[bytes]:
    """In a session of its own: what ends our terminal must not end it. Our end of its stdin closes when we do."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "zdtui.demo.reaper", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(lock,),
        start_new_session=True,
    )


def _say_whose(path: Path) -> None:
    """For a person who finds the folder; the lock is what counts."""
    (path / "owner").write_text(f"pid {os.getpid()}: {' '.join(sys.argv)}\n")


def _stop_at_once(pid: int) -> None:
    """Immediate shutdown; killed with its children if that takes longer than 5 s."""
    children = children_of(pid)
    send(pid, signal.SIGQUIT)
    if wait_until_gone([pid, *children], 5):
        return
    for victim in (pid, *children):
        send(victim, signal.SIGKILL)
    wait_until_gone([pid, *children], 5)
