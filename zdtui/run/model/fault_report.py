"""What a person can send when a part of the console failed: versions, places in our code, kinds of events.

It holds no data: no message of an error (which may quote a value), no SQL, no name of an object, no address, no secret.
"""

import os
import platform
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from zdtui import __version__

LIBRARIES = ("psycopg", "psycopg-binary", "asyncpg", "textual", "pydantic", "postgast", "PyYAML", "click")
FRAMES = 40
"""Of a traceback, from its end: a recursion has thousands."""
CHAIN = 5
"""Errors behind the error that are told."""
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the report says beside the error."""

    part: str
    at: datetime
    server_version: int = 0
    events: Sequence[tuple[datetime, str]] = ()
    """When and of what kind, the oldest first."""


def state_folder() -> Path:
    """Where reports are kept: `zdtui` in XDG_STATE_HOME, else in ~/.local/state."""
    home = os.environ.get("XDG_STATE_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".local" / "state"
    return base / "zdtui"


def root_of(error: BaseException) -> BaseException:
    """The error itself, where a group of tasks has wrapped it."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return error


def place_of(error: BaseException) -> str:
    """'perform.py:61', where the error was raised in our own code; empty when that is not known."""
    ours = [frame for frame in _frames(error) if _within(frame.filename) is not None]
    return f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""


def report_text(error: BaseException, about: Circumstances) -> str:
    """The whole report. Of an error it tells the type and the places, never the message."""
    lines = [
        "zdtui fault report",
        "It holds versions, places in the program and kinds of events: no data, no SQL, no names, no secrets.",
        "",
        f"when     {about.at:%Y-%m-%d %H:%M:%S} UTC",
        f"part     {about.part}",
        f"zdtui    {__version__}",
        f"python   {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"server   {about.server_version or 'not known'}",
        *(f"{name:<8} {found}" for name, found in _libraries()),
        "",
    ]
    for number, each in enumerate(_chain(error)):
        lines.append(f"{'error' if number == 0 else 'behind it'}: {type(each).__module__}.{type(each).__qualname__}")
        lines += [f"  {_place(frame)}" for frame in _frames(each)[-FRAMES:]]
    lines += ["", "last events"]
    lines += [f"  {at:%H:%M:%S} {kind}" for at, kind in about.events] or ["  none"]
    return "\n".join(lines) + "\n"


def write_report(text: str, at: datetime, number: int) -> Path:
    """A new file only its owner may read. Raises OSError when the folder cannot be made or written."""
    folder = state_folder()
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    path = folder / f"fault-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{number}.txt"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return path


def _chain(error: BaseException) -> Iterable[BaseException]:
    seen: list[BaseException] = []
    following: BaseException | None = root_of(error)
    while following is not None and len(seen) < CHAIN and all(following is not each for each in seen):
        seen.append(following)
        following = following.__cause__ or following.__context__
    return seen


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Without the values of variables, and without the source of anybody else's code."""
    walked = list(traceback.walk_tb(error.__traceback__))[-FRAMES:]
    return list(traceback.StackSummary.extract(iter(walked), lookup_lines=False, capture_locals=False))


def _place(frame: traceback.FrameSummary) -> str:
    within = _within(frame.filename)
    where = within or f"({os.path.basename(os.path.dirname(frame.filename))}/{os.path.basename(frame.filename)})"
    source = f": {frame.line}" if within is not None and frame.line else ""
    return f"{where}:{frame.lineno} in {frame.name}{source}"


def _within(filename: str) -> str | None:
    """The path of a file of ours below the program's folder; None for anybody else's."""
    home = Path(__file__).resolve().parents[2]
    for package in ("zdtui", "screens"):
        try:
            return f"{package}/{Path(filename).resolve().relative_to(home / package).as_posix()}"
        except ValueError:
            continue
    return None


def _libraries() -> Iterable[tuple[str, str]]:
    for name in LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue
    yield "libpq", _libpq()


def _libpq() -> str:
    if "psycopg" not in sys.modules:
        return "not loaded"
    return str(sys.modules["psycopg"].pq.version())
