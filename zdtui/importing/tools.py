"""The tools whose folders are read, and which of them a folder belongs to."""

from pathlib import Path

from zdtui.drawable import drawable
from zdtui.importing.files import files, folders
from zdtui.importing.folders import (
    alembic,
    atlas,
    dbmate,
    diesel,
    django,
    drizzle,
    flyway,
    golang_migrate,
    goose,
    liquibase,
    pgroll,
    prisma,
    rails,
    sqitch,
    sqlx,
)
from zdtui.importing.judged import judged
from zdtui.importing.migration import Folder, ImportingError
from zdtui.importing.program import Program, program_of
from zdtui.importing.tool import Tool
from zdtui.plan.problems import did_you_mean

TOOLS: tuple[Tool, ...] = (
    sqitch.TOOL,
    prisma.TOOL,
    drizzle.TOOL,
    atlas.TOOL,
    liquibase.TOOL,
    alembic.TOOL,
    rails.TOOL,
    pgroll.TOOL,
    goose.TOOL,
    dbmate.TOOL,
    golang_migrate.TOOL,
    flyway.TOOL,
    diesel.TOOL,
    sqlx.TOOL,
    django.TOOL,
)
"""In the order in which they are asked: those that leave a file of their own first, mere names last."""
PROGRAMS = {
    "alembic": (("alembic.ini", "env.py"), "say --with alembic"),
    "django": (("manage.py", "0*.py"), "say --with 'python manage.py', in the project's folder"),
}
"""Tools whose migrations are programs: by what their folders are known, and how they are read all the same."""
NEVER = {"rails": ("*.rb", "Ruby is not read: name the folder of its log (log), or of its structure.sql (db)")}
"""Folders that are known and cannot be read from their files."""


def read_folder(path: str | Path, tool: str | None = None, program: str | None = None) -> Folder:
    """The folder's migrations. `tool` by name, where the folder does not tell. Raises ImportingError.

    `program`: how the tool is started; it is run, and with it the project's own code. Nothing is run without it.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ImportingError(f"{drawable(str(path))}: there is no such folder; name the folder of migrations")
    if program is not None:
        return judged(_written_out(folder, tool, program_of(program, folder)))
    if tool is not None:
        return judged(_by_name(tool).read(folder))
    for each in TOOLS:
        if each.recognizes(folder):
            return judged(each.read(folder))
    raise ImportingError(f"{drawable(str(path))}: {_why_unknown(folder)}")


def _written_out(folder: Path, tool: str | None, program: Program) -> Folder:
    if tool is None:
        tool = next((name for name, (patterns, _) in PROGRAMS.items() if _has(folder, patterns)), None)
    if tool is None:
        raise ImportingError("the folder does not tell which tool that program is: say --tool alembic or --tool django")
    found = _by_name(tool)
    if found.write_out is None:
        raise ImportingError(f"the files of {tool} are read as they are: leave out --with")
    return found.write_out(program)


def _has(folder: Path, patterns: tuple[str, ...]) -> bool:
    return any(files(folder, pattern) for pattern in patterns)


def _by_name(tool: str) -> Tool:
    for each in TOOLS:
        if each.name == tool:
            return each
    names = tuple(each.name for each in TOOLS)
    raise ImportingError(f"`{drawable(tool)[:40]}` is no tool that is read here{did_you_mean(tool, names)}")


def _why_unknown(folder: Path) -> str:
    for name, (patterns, how) in PROGRAMS.items():
        if _has(folder, patterns):
            return f"this looks like {name}, whose migrations are Python: {how}; that runs the project's own code"
    for name, (pattern, instead) in NEVER.items():
        if files(folder, pattern):
            return f"this looks like {name}; {instead}"
    inside = [*files(folder), *folders(folder)]
    if not inside:
        return "the folder is empty"
    return f"no tool's migrations are in it ({', '.join(each.name for each in TOOLS)} were looked for)"
