"""The folder beyond which no tool reads or writes: paths are judged once every link on the way was followed.

A file is read by `inside=`, which follows no link that was put there after that.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from zdtui.agents.answer import RefusedError
from zdtui.agents.says import Says
from zdtui.errors import ZdtuiError
from zdtui.regular_file import FileError, lies_in, read_text

MOST_ENTRIES = 20_000
LONGEST_PATH = 1_000
MOST_LISTS = 50
LARGEST_LIST = 256 * 1024
"""Bytes."""


class Root:
    """A folder, and what lies in it."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        if not self.folder.is_dir():
            raise ZdtuiError("--root is no folder; name the folder that agents may read and write proposals in")

    def inside(self, given: str) -> Path:
        """The file or folder of that name, by its real path. Raises RefusedError when it is outside or not there."""
        if not given or len(given) > LONGEST_PATH or "\x00" in given:
            raise RefusedError(Says.NO_SUCH_FILE)
        path = self.folder / given
        if not lies_in(self.folder, path):
            raise RefusedError(Says.OUTSIDE_ROOT)
        real = Path(os.path.realpath(path))
        if not real.exists():
            raise RefusedError(Says.NO_SUCH_FILE)
        return real

    def whole_folder(self, given: str) -> Path:
        """The folder of that name, of which no link at any depth leads out of the root. Raises RefusedError."""
        folder = self.inside(given)
        if not folder.is_dir():
            raise RefusedError(Says.NO_SUCH_FILE)
        for entry in _links(folder):
            if not lies_in(self.folder, entry):
                raise RefusedError(Says.OUTSIDE_ROOT, link=self.told(entry))
        return folder

    def told(self, path: Path) -> str:
        """The path as seen from the root; '?' for one that is not in it."""
        try:
            return path.relative_to(self.folder).as_posix()
        except ValueError:
            return "?"


def _links(folder: Path) -> Iterator[Path]:
    """Every link in the folder and the folders in it. Raises RefusedError where there is too much to look at."""
    seen = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        seen += len(folders) + len(names)
        if seen > MOST_ENTRIES:
            raise RefusedError(Says.NOT_IMPORTED, most_files=MOST_ENTRIES)
        yield from (path for path in (Path(place, name) for name in (*folders, *names)) if path.is_symlink())


def names_below(folder: Path) -> frozenset[str]:
    """What the files and folders in it are called, at any depth."""
    return frozenset(name for _, folders, names in os.walk(folder) for name in (*folders, *names))


def words_below(folder: Path, inside: Path) -> list[str]:
    """What the small files say that are no SQL: a tool's own list of migrations, its settings."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix != ".sql" and path.is_file())
    found = []
    for path in paths[:MOST_LISTS]:
        with contextlib.suppress(FileError):
            found.append(read_text(path, "list of migrations", largest=LARGEST_LIST, inside=inside))
    return found
