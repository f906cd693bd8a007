"""Rules of the house that no linter knows: sizes, what the screens may not do, and documents that stay true."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from zdtui import __version__

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MOST_MODULES = 22
FOLDERS = sorted({path.parent for path in SOURCES})
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
MACHINE_PATHS = tuple(f"/{name}/" for name in ("work", "root"))
"""Folders of the machine something was written on. Put together here, so that this file does not hold them."""


def name(path: Path) -> str:
    """As a test id."""
    return path.relative_to(CHECKOUT).as_posix()


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines it takes."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_one_match(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is a table: nothing but one match over a closed union, as long as the union is."""
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return len(body) == 1 and isinstance(body[0], ast.Match)


def is_built(path: Path) -> bool:
    """Whether a tool made it, as far as one can tell without git."""
    return any(part.startswith(".") or part in ("build", "dist", "__pycache__") for part in path.parts)


def text_files() -> list[Path]:
    """Every file that git knows or would take, and that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
    )
    paths = [CHECKOUT / each.decode() for each in listed.stdout.split(b"\0") if each]
    paths = paths or [path for path in CHECKOUT.rglob("*") if not is_built(path)]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_folder_can_be_read_like_a_table_of_contents(folder: Path) -> None:
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES, f"{name(folder)} has {len(modules)} modules side by side: give it rooms"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_does_one_thing(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_fits_the_screen(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_one_match(node)
    ]
    assert [f"{each.name}: {lines(each)} lines" for each in functions if lines(each) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_is_left_for_later_and_nothing_is_printed(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)
    printed = [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not printed or path.is_relative_to(CHECKOUT / "zdtui/cli")


@pytest.mark.parametrize("path", [path for path in SOURCES if path.is_relative_to(CHECKOUT / "screens")], ids=name)
def test_a_screen_runs_nothing_and_waits_for_nothing(path: Path) -> None:
    """A worker is cancelled when its screen goes, and call_from_thread waits for a loop that may stand still."""
    text = path.read_text("utf-8")
    assert not re.search(r"call_from_thread|^\s*@work\b|run_worker|from textual\.worker|import work\b", text, re.M)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_what_a_document_links_to_is_there(path: Path) -> None:
    targets = [link for link in LINK.findall(path.read_text("utf-8")) if "://" not in link and ":" not in link]
    assert [link for link in targets if not (path.parent / link).exists()] == []


def test_links_are_really_found() -> None:
    assert LINK.findall("see [a](docs/a.md) and ![b](b.svg) and [c](x.md#part)") == ["docs/a.md", "b.svg", "x.md"]


def test_the_changelog_has_room_for_what_comes_and_then_names_the_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[:2] == ["Unreleased", __version__]


def test_the_package_has_one_version() -> None:
    assert f'\nversion = "{__version__}"\n' in (CHECKOUT / "pyproject.toml").read_text("utf-8")


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    told = [
        f"{name(path)}: {folder}"
        for path in text_files()
        for folder in MACHINE_PATHS
        if folder in path.read_text("utf-8", errors="replace")
    ]
    assert len(text_files()) > 100
    assert not told
