"""What a folder of migrations comes to, whichever tool wrote it. Pure data."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zdtui.errors import PlanError

LARGEST = 5 * 1024 * 1024
"""Bytes of one file."""


class ImportingError(PlanError):
    """A folder that cannot be imported, in one sentence."""


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of one direction, as the author wrote them."""

    sql: str
    path: str
    """Of the file, relative to the folder."""
    one_transaction: bool = True
    """False: the tool runs it outside a transaction."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration, up and down."""

    version: str
    """As the tool's history has it."""
    name: str
    path: str
    """Of its file or folder, relative to the whole."""
    up: Script | None = None
    """None: it cannot be read; `unread` says why."""
    down: Script | None = None
    unread: str = ""
    notes: str = ""
    done: str = ""
    """The statement that writes the tool's own row of history."""
    undone: str = ""
    """The one that takes it away again."""


@dataclass(frozen=True, slots=True)
class Folder:
    """All of a folder, in the order in which the tool would run it."""

    tool: str
    migrations: tuple[Migration, ...]
    remarks: tuple[str, ...] = ()
    """What was found and is not part of any migration."""
    table: str = ""
    """The statements that make the tool's history where it is not there yet."""
    clean: str = ""
    """A query that is true unless the tool's history says that a migration stopped half way."""
    lock: str = ""
    """The key of the tool's own advisory lock, as SQL; empty where it takes none."""


@dataclass(frozen=True, slots=True)
class Tool:
    """How the folders of one tool are known and read."""

    name: str
    recognizes: Callable[[Path], bool]
    read: Callable[[Path], Folder]
