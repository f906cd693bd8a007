"""What a folder of migrations comes to, whichever tool wrote it. Pure data."""

from collections.abc import Callable
from dataclasses import dataclass, field

from zdtui.errors import PlanError
from zdtui.plan.model import Step

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
    one_by_one: bool = False
    """The tool sends each statement by itself, so that outside a transaction each is one of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is written to the tool's own history."""

    at_once: str = ""
    """The statement that says the migration is done, where it is written in the migration's own transaction."""
    before: str = ""
    """Outside a transaction: the one that says it has begun, where the tool has a word for that."""
    after: str = ""
    """Outside a transaction: the one that says it is done; empty: the same as `at_once`."""

    @property
    def last(self) -> str:
        """What is written after the last statement outside a transaction."""
        return self.after or self.at_once


NOTHING = Row()


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
    """None: there is none, or it cannot be read; then `down_unread` says why."""
    unread: str = ""
    down_unread: str = ""
    notes: str = ""
    done: Row = NOTHING
    undone: Row = NOTHING
    recorded: str = ""
    """A condition that is true when the tool's history has the migration."""
    steps: tuple[Step, ...] = ()
    """In place of scripts, where a migration is steps of several phases: in order, each with a number for its id."""


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
    """The statement that takes the tool's own lock to the end of the transaction; empty where it has none."""
    lock_of: Callable[[str], str] | None = field(default=None, compare=False)
    """The same, where it follows from the database's name."""
    one_a_plan: bool = False
    """Each migration is completed before the next one begins, so that a plan holds one."""
    run_one: str = ""
    """The command by which the tool runs one migration and no other; `{version}` stands for it, and `{spaced}` with a
    blank for its first dot."""
