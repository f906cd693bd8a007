"""Reading and writing files by name, so that no file can hold us up, fill the memory, or be more than it seems.

Only regular files are opened (no pipe, device or folder), never waiting for anybody, and never more than a bound of
them is read. Folders that a file must lie in are judged after links were followed; what is put in its place between
that look and the reading is not followed any more.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from zdtui.drawable import drawable
from zdtui.errors import ZdtuiError


class FileError(ZdtuiError):
    """A file that cannot be used, in one sentence that names it."""


class NoSuchFileError(FileError):
    """There is none."""


class FileOutsideError(FileError):
    """It does not lie in the folder that it has to lie in."""


class FileThereError(FileError):
    """There is one already."""


def read_regular(path: str | Path, what: str, *, largest: int, inside: str | Path | None = None) -> bytes:
    """What is in the file. `what` it is meant to be is named in the sentence; `largest` is in bytes.

    `inside`: the folder that the file has to lie in. Raises FileError (FileOutsideError), and nothing else.
    """
    said = drawable(os.fspath(path))
    try:
        with _place(path, said, inside) as (name, folder):
            _judge(os.stat(name, dir_fd=folder, follow_symlinks=folder is None), said, what, largest)
            links = 0 if folder is None else os.O_NOFOLLOW
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | links
            descriptor = os.open(name, flags, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            _judge(os.fstat(descriptor), said, what, largest)
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise NoSuchFileError(f"{said}: there is no such {what}; check the path") from None
    except OSError as error:
        raise FileError(f"{said} cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise FileError(f"{said} is not a path") from None
    if len(data) > largest:
        raise FileError(_too_large(said, what, largest))
    return data


@contextlib.contextmanager
def _place(path: str | Path, said: str, inside: str | Path | None) -> Iterator[tuple[str | Path, int | None]]:
    """The name to open, and the folder it is opened in, as a descriptor. None: wherever the name leads.

    Each folder of the real path is opened in the one before it and must be no link: one that was put there after the
    real path was found leads nowhere. Raises FileOutsideError, OSError, ValueError.
    """
    if inside is None:
        yield path, None
        return
    root, real = os.path.realpath(inside), os.path.realpath(path)
    if real == root or os.path.commonpath([root, real]) != root:
        raise FileOutsideError(f"{said} does not lie in {drawable(os.fspath(inside))}, so that it is not read")
    *folders, name = Path(real).relative_to(root).parts
    with contextlib.ExitStack() as opened:
        at: int | None = None
        for each in (root, *folders):
            at = os.open(each, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            opened.callback(os.close, at)
        yield name, at


def read_text(path: str | Path, what: str, *, largest: int, inside: str | Path | None = None) -> str:
    """The file's text, which is UTF-8, as it is but for a byte order mark. Raises as `read_regular`."""
    return text_of(read_regular(path, what, largest=largest, inside=inside), drawable(os.fspath(path)))


def text_of(data: bytes, said: str) -> str:
    """The bytes as text; `said` is how their source is called. Raises FileError when they are not text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{said} is not UTF-8 text (byte {error.start + 1}); is it a binary file?") from None
    if "\x00" in text:
        raise FileError(f"{said} holds a NUL byte; is it a binary file?")
    return text


def lies_in(folder: str | Path, path: str | Path) -> bool:
    """Whether the file is in that folder or one below it, once every link on the way was followed."""
    try:
        inside = os.path.realpath(folder)
        return os.path.commonpath([inside, os.path.realpath(path)]) == inside
    except (OSError, ValueError):
        return False


def put_in_place(path: str | Path, text: str) -> None:
    """Have the file hold this text: written beside it and put in its place at once, so that no crash leaves half.

    A link stays one: the file it leads to is replaced. Raises FileError when it cannot be, or is no regular file.
    """
    said = drawable(os.fspath(path))
    with _as_file_error(said):
        real = os.path.realpath(path)
        with _written_beside(real, text, _mode_of(real, said)) as beside:
            os.replace(beside, real)


def put_new(path: str | Path, text: str) -> None:
    """The same for a file that is not there yet. Raises FileThereError when it is, also when somebody was quicker."""
    said = drawable(os.fspath(path))
    with _as_file_error(said), _written_beside(os.path.abspath(path), text, _mode_of_new()) as beside:
        try:
            os.link(beside, path)
        except FileExistsError:
            raise FileThereError(f"{said} is there already; name another file, or remove it first") from None


@contextlib.contextmanager
def _written_beside(path: str, text: str, mode: int) -> Iterator[str]:
    """A file with the text in the same folder, which is gone at the end unless it was put in its place."""
    descriptor, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".zdtui-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="", errors="backslashreplace") as file:
            file.write(text)
        os.chmod(beside, mode)
        yield beside
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)


@contextlib.contextmanager
def _as_file_error(said: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"{said} cannot be written to: {error.strerror or error}") from None
    except ValueError:
        raise FileError(f"{said} is not a path") from None


def _mode_of_new() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _mode_of(path: str, said: str) -> int:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return _mode_of_new()
    if not stat.S_ISREG(status.st_mode):
        raise FileError(f"{said} is not a regular file; name another one")
    return stat.S_IMODE(status.st_mode)


def _judge(status: os.stat_result, said: str, what: str, largest: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"{said} is a folder; name the {what} file in it")
    if not stat.S_ISREG(status.st_mode):
        raise FileError(f"{said} is not a regular file; save the {what} to a file first")
    if status.st_size > largest:
        raise FileError(_too_large(said, what, largest))


def _too_large(said: str, what: str, largest: int) -> str:
    return f"{said} is larger than {largest // (1024 * 1024)} MB; that is no {what}"
