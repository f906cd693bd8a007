"""Reading a text file that somebody named, with the limits that keep a hostile one harmless."""

import stat
from pathlib import Path

from zdtui.drawable import drawable
from zdtui.errors import PlanError

LARGEST = 5 * 1024 * 1024
"""Bytes."""


def read_text(path: str | Path, what: str = "plan") -> str:
    """The file's text, as it is but for a byte order mark.

    Raises PlanError with one sentence for anything that is not a readable text file.
    """
    said = drawable(str(path))
    try:
        data = _read_bytes(Path(path), said, what)
    except FileNotFoundError:
        raise PlanError(f"{said}: there is no such {what}; check the path") from None
    except OSError as error:
        raise PlanError(f"{said} cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise PlanError(f"{said} is not a path") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{said} is not UTF-8 text (byte {error.start + 1}); is it a binary file?") from None
    if "\x00" in text:
        raise PlanError(f"{said} holds a NUL byte; is it a binary file?")
    return text


def _read_bytes(file: Path, said: str, what: str) -> bytes:
    status = file.stat()
    if stat.S_ISDIR(status.st_mode):
        raise PlanError(f"{said} is a folder; name the {what} file in it")
    if not stat.S_ISREG(status.st_mode):
        raise PlanError(f"{said} is not a regular file; save the {what} to a file first")
    if status.st_size > LARGEST:
        raise PlanError(f"{said} is larger than 5 MB; that is no {what}")
    return file.read_bytes()
