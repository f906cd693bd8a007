"""What every tool's module offers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zdtui.importing.migration import Folder
from zdtui.importing.program import Program


@dataclass(frozen=True, slots=True)
class Tool:
    """How the folders of one tool are known and read."""

    name: str
    recognizes: Callable[[Path], bool]
    read: Callable[[Path], Folder]
    write_out: Callable[[Program], Folder] | None = None
    """Where its migrations are programs: has the tool write them out as SQL."""
