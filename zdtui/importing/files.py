"""Reading a folder's files: bounded, regular, in a stated order, named as they lie in the folder."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from zdtui import regular_file
from zdtui.drawable import drawable
from zdtui.importing.migration import LARGEST, ImportingError, Script
from zdtui.importing.parts import parts_of, why_not_cut

MOST_FILES = 20_000


_INSIDE: ContextVar[Path | None] = ContextVar("inside", default=None)
"""The folder that nothing is read out of, whatever a file or a link in it says; None: any is read."""


@contextmanager
def only_inside(folder: Path) -> Iterator[None]:
    """While this lasts nothing is read that does not lie in the folder, once every link was followed."""
    before = _INSIDE.set(folder)
    try:
        yield
    finally:
        _INSIDE.reset(before)


def files(folder: Path, pattern: str = "*", *, below: bool = False) -> list[Path]:
    """The regular files of the folder (and of those below it) that match, by name. Raises ImportingError."""
    try:
        found = sorted(each for each in (folder.rglob(pattern) if below else folder.glob(pattern)) if each.is_file())
    except OSError as error:
        raise ImportingError(f"{drawable(str(folder))} cannot be read: {error.strerror or error}") from None
    if len(found) > MOST_FILES:
        raise ImportingError(f"{drawable(str(folder))} has more than {MOST_FILES} files; name the folder of migrations")
    return [each for each in found if not any(part.startswith(".") for part in each.relative_to(folder).parts)]


def folders(folder: Path) -> Iterator[Path]:
    """The folders in it that are not hidden, by name. Raises ImportingError."""
    try:
        yield from sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
    except OSError as error:
        raise ImportingError(f"{drawable(str(folder))} cannot be read: {error.strerror or error}") from None


def text_of(path: Path) -> str:
    """The file's text. Raises ImportingError."""
    return regular_file.text_of(bytes_of(path), drawable(os.fspath(path)))


def bytes_of(path: Path) -> bytes:
    """The file's bytes, for a checksum. Raises ImportingError."""
    try:
        return regular_file.read_regular(path, "migration", largest=LARGEST, inside=_INSIDE.get())
    except regular_file.FileOutsideError:
        raise ImportingError(f"{drawable(path.name)} leads out of the folder, so that it is not read") from None
    except regular_file.FileError as error:
        raise ImportingError(str(error)) from None


def sections(text: str, marks: Iterable[re.Match[str]]) -> Iterator[tuple[re.Match[str], str]]:
    """Each mark with the text from it to the next one; none where there is no mark."""
    found = list(marks)
    for place, mark in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        yield mark, text[mark.end() : end]


def script(sql: str, path: Path, folder: Path, *, one_transaction: bool = True, one_by_one: bool = False) -> Script:
    """A script without the BEGIN and COMMIT around the whole of it: the console opens and ends transactions itself."""
    whole = Script(sql, path.relative_to(folder).as_posix(), one_transaction, one_by_one)
    parts = parts_of(whole) if why_not_cut(sql) == "" else ()
    return parts[0] if len(parts) == 1 else whole


def literal(text: str) -> str:
    """As a string of SQL."""
    return "'" + text.replace("'", "''") + "'"
