"""The tools whose folders are read, and which of them a folder belongs to."""

from pathlib import Path

from zdtui.drawable import drawable
from zdtui.importing import (
    atlas,
    dbmate,
    diesel,
    drizzle,
    flyway,
    golang_migrate,
    goose,
    liquibase,
    prisma,
    sqitch,
    sqlx,
)
from zdtui.importing.files import files, folders
from zdtui.importing.migration import Folder, ImportingError, Tool
from zdtui.plan.problems import did_you_mean

TOOLS: tuple[Tool, ...] = (
    sqitch.TOOL,
    prisma.TOOL,
    drizzle.TOOL,
    atlas.TOOL,
    liquibase.TOOL,
    goose.TOOL,
    dbmate.TOOL,
    golang_migrate.TOOL,
    flyway.TOOL,
    diesel.TOOL,
    sqlx.TOOL,
)
"""In the order in which they are asked: those that leave a file of their own first, mere names last."""
ELSEWHERE = {
    "alembic": ("env.py", "`alembic upgrade BASE:HEAD --sql` writes its migrations out as SQL"),
    "rails": ("*.rb", "Ruby is not read: import its structure.sql, or the SQL that it logged"),
    "django": ("0*.py", "`manage.py sqlmigrate` writes a migration out as SQL"),
}
"""Folders that are known and cannot be read from their files."""


def read_folder(path: str | Path, tool: str | None = None) -> Folder:
    """The folder's migrations. `tool` by name, where the folder does not tell. Raises ImportingError."""
    folder = Path(path)
    if not folder.is_dir():
        raise ImportingError(f"{drawable(str(path))}: there is no such folder; name the folder of migrations")
    if tool is not None:
        return _by_name(tool).read(folder)
    for each in TOOLS:
        if each.recognizes(folder):
            return each.read(folder)
    raise ImportingError(f"{drawable(str(path))}: {_why_unknown(folder)}")


def _by_name(tool: str) -> Tool:
    for each in TOOLS:
        if each.name == tool:
            return each
    names = tuple(each.name for each in TOOLS)
    raise ImportingError(f"`{drawable(tool)[:40]}` is no tool that is read here{did_you_mean(tool, names)}")


def _why_unknown(folder: Path) -> str:
    for name, (pattern, instead) in ELSEWHERE.items():
        if files(folder, pattern):
            return f"this looks like {name}; {instead}"
    inside = [*files(folder), *folders(folder)]
    if not inside:
        return "the folder is empty"
    return f"no tool's migrations are in it ({', '.join(each.name for each in TOOLS)} were looked for)"
