"""What `zdtui check` was given: plans, files of SQL, folders of them, or the standard input, read as text."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from zdtui.checking.checked import Unread
from zdtui.drawable import drawable
from zdtui.errors import PlanError
from zdtui.plan.model import Plan
from zdtui.plan.shipped import find_plan
from zdtui.plan.source import LARGEST, read_text
from zdtui.regular_file import FileError, text_of

STANDARD_INPUT = "-"
SQL_SUFFIXES = frozenset({".sql", ".psql", ".pgsql", ".ddl"})
DOWN_FILE = re.compile(r"(?:^|[._-])(?:down|rollback|undo|revert)\.[a-z]+\Z|^U[0-9][0-9._]*__", re.IGNORECASE)
"""x.down.sql, down.sql, x_down.sql, x.rollback.sql, and Flyway's U2__x.sql."""
DOWN_LAST = re.compile(r"(?<=[._-])(?=(?:down|rollback|undo|revert)\.)|^(?=down\.)", re.IGNORECASE)
"""Where 'zz' is put, so that it comes after its up."""
PLAN_BEGINS = re.compile(r"\A(?:[ \t]*(?:#[^\n]*|---)?\r?\n)*zdtui[ \t]*:")
MOST_ENTRIES = 50_000
DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Input:
    """One text and where it came from."""

    path: str
    text: str
    is_plan: bool = False
    plan: Plan | None = None
    """Where it was read before, so that it is not read again."""
    is_down: bool = False
    """Whether by its name the whole file takes back what another one did."""


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that was named, in order."""

    inputs: tuple[Input, ...] = ()
    unread: tuple[Unread, ...] = ()
    files_outside: bool = False
    """Whether a plan may name files of SQL that lie outside of its folder."""


def read_inputs(named: Iterable[str], standard_input: Iterable[bytes], *, files_outside: bool = False) -> Given:
    """What these paths name: a plan or its shipped name, a file of SQL, a folder of them, '-' for standard input.

    What cannot be read is told and does not keep the rest from being read.
    """
    inputs: list[Input] = []
    unread: list[Unread] = []
    for name in named:
        try:
            inputs += _named(name, standard_input, unread)
        except PlanError as error:
            unread.append(Unread.because(name, error))
    return Given(tuple(inputs), tuple(unread), files_outside)


def _named(name: str, standard_input: Iterable[bytes], unread: list[Unread]) -> Iterable[Input]:
    if name == STANDARD_INPUT:
        return [_from_standard_input(standard_input)]
    if _is_folder(name):
        return list(_folder(Path(name), unread))
    if PurePath(name).suffix.lower() in SQL_SUFFIXES:
        return [_sql(name)]
    path = find_plan(name)
    return [Input(path, read_text(path), is_plan=True)]


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def _from_standard_input(standard_input: Iterable[bytes]) -> Input:
    data = bytearray()
    for block in standard_input:
        data += block
        if len(data) > LARGEST:
            raise PlanError("the standard input is larger than 5 MB; that is no migration")
    try:
        text = text_of(bytes(data), "the standard input")
    except FileError as error:
        raise PlanError(str(error)) from None
    return Input(STANDARD_INPUT, text, is_plan=PLAN_BEGINS.match(text) is not None)


def _folder(folder: Path, unread: list[Unread]) -> Iterator[Input]:
    files = sorted(_files(folder), key=_order)
    if not files:
        raise PlanError(f"{drawable(str(folder))} holds no .sql file; name a folder of migrations")
    for path in files:
        try:
            yield _sql(str(path))
        except PlanError as error:
            unread.append(Unread.because(str(path), error))


def _order(path: Path) -> tuple[tuple[tuple[int, str], ...], ...]:
    """As people count: 9_x before 10_x, folder by folder; and going down after going up."""
    parts = [*path.parts[:-1], DOWN_LAST.sub("zz", path.name)]
    return tuple(tuple(_counted(piece) for piece in DIGITS.split(part)) for part in parts)


def _counted(piece: str) -> tuple[int, str]:
    return (int(piece), "") if piece.isdecimal() and piece.isascii() else (-1, piece)


def _files(folder: Path) -> Iterator[Path]:
    """The files of SQL in a folder and the folders in it; what is hidden is left alone, and links to folders too."""
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        seen += len(folders) + len(names)
        if seen > MOST_ENTRIES:
            raise PlanError(
                f"{drawable(str(folder))} holds more than {MOST_ENTRIES} files; name the folder of migrations in it"
            )
        paths = (Path(place, name) for name in names if not name.startswith("."))
        yield from (path for path in paths if path.suffix.lower() in SQL_SUFFIXES and path.is_file())


def _sql(path: str) -> Input:
    return Input(path, read_text(path, "SQL file"), is_down=DOWN_FILE.search(PurePath(path).name) is not None)
