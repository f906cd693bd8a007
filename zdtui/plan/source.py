"""Reading a text file that somebody named, with the limits that keep a hostile one harmless."""

from pathlib import Path

from zdtui import regular_file
from zdtui.errors import PlanError

LARGEST = 5 * 1024 * 1024
"""Bytes."""


def read_text(path: str | Path, what: str = "plan", *, inside: str | Path | None = None) -> str:
    """The file's text, as it is but for a byte order mark. `inside`: the folder that it has to lie in.

    Raises PlanError with one sentence for anything that is not a readable text file, FileOutsideError for one that does
    not lie there.
    """
    try:
        return regular_file.read_text(path, what, largest=LARGEST, inside=inside)
    except regular_file.FileOutsideError:
        raise
    except regular_file.FileError as error:
        raise PlanError(str(error)) from None
