"""What an import really loads, seen in a process of its own. The contracts read the text; this reads sys.modules."""

import json
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import zdtui

CHECKOUT = Path(__file__).parents[2]
OPENS_THE_SCREENS = "zdtui.cli"
ROOMS = tuple(
    f"zdtui.{each.name}"
    for each in pkgutil.iter_modules(zdtui.__path__)
    if each.ispkg and f"zdtui.{each.name}" != OPENS_THE_SCREENS
)
"""Every package there is, found and not listed: a new one is held to the rule from the commit that makes it."""
LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def loaded_by(code: str) -> frozenset[str]:
    """The names of the modules that are loaded after the code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


def packages(modules: frozenset[str]) -> frozenset[str]:
    """The top-level packages among them."""
    return frozenset(name.partition(".")[0] for name in modules)


def modules_of(room: str) -> list[str]:
    """Every module of a room, by name."""
    folder = Path(zdtui.__file__).parents[1].joinpath(*room.split("."))
    return [room, *(each.name for each in pkgutil.walk_packages([str(folder)], f"{room}."))]


def program(*words: str) -> str:
    """Code that runs the command line as `python -m zdtui` does, and goes on after it."""
    return (
        "import runpy, sys\n"
        f"sys.argv = {['zdtui', *words]!r}\n"
        "try:\n    runpy.run_module('zdtui', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code"
    )


def test_every_room_is_told_of() -> None:
    """In the package's own words, on the page of the house, and in the contract that no room imports a screen."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (forbidden,) = [set(each["source_modules"]) for each in contracts if "textual" in each.get("forbidden_modules", ())]
    page = (CHECKOUT / "docs/architecture.md").read_text("utf-8")
    for room in ROOMS:
        assert f"``{room.removeprefix('zdtui.')}``" in (zdtui.__doc__ or "")
        assert f"| `{room.replace('.', '/')}` |" in page
        assert room in forbidden


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_no_screen(room: str) -> None:
    modules = modules_of(room)
    assert len(modules) > 3, "the room was not found"
    loaded = loaded_by("\n".join(f"import {name}" for name in modules))
    assert set(modules) <= loaded
    assert not packages(loaded) & {"textual", "rich", "screens"}


@pytest.mark.parametrize("room", ["zdtui.plan", "zdtui.sql"])
def test_the_pure_rooms_load_no_driver(room: str) -> None:
    loaded = loaded_by("\n".join(f"import {name}" for name in modules_of(room)))
    assert not packages(loaded) & {"psycopg", "asyncpg"}


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("check", "add-index"), ("schema",)], ids=" ".join)
def test_a_command_that_needs_no_database_loads_no_driver_and_no_screen(words: tuple[str, ...]) -> None:
    loaded = loaded_by(program(*words))
    assert "zdtui.cli" in loaded
    assert not packages(loaded) & {"textual", "rich", "psycopg", "asyncpg", "mcp"}


def test_the_version_is_told_without_reading_plans() -> None:
    """`zdtui --version` answers at once: no model, no YAML."""
    assert not packages(loaded_by(program("--version"))) & {"pydantic", "ruamel", "sqlglot"}


def test_the_screens_load_no_driver() -> None:
    """They draw snapshots; who made those, and with what, is not their business."""
    modules = modules_of("screens")
    loaded = loaded_by("\n".join(f"import {name}" for name in modules))
    assert set(modules) <= loaded
    assert not packages(loaded) & {"psycopg", "asyncpg"}


def test_this_test_would_see_a_screen() -> None:
    assert packages(loaded_by("import screens.app")) >= {"textual", "rich", "screens"}


def test_nobody_is_told_and_nothing_of_it_is_loaded() -> None:
    """The console without receivers pays nothing for them; with them apprise is loaded by another process."""
    console = loaded_by("import zdtui.cli.run, screens.app, zdtui.run.engine.engine, zdtui.configuration.settings")
    assert not {each for each in console if each.startswith("zdtui.notify")}
    telling = loaded_by("import zdtui.notify.sender, zdtui.cli.notify")
    assert "zdtui.notify.sender" in telling
    assert not packages(telling) & {"apprise", "requests", "yaml"}
