"""What the first frame of the console waits for, seen in a process of its own: by the modules that are loaded then."""

import importlib.util

import pytest

from tests.unit.test_layers import loaded_by, modules_of, packages
from zdtui.run.engine.loaded_later import LATER

BEFORE_THE_FRAME = """
import zdtui.cli.run
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import find_plan
from zdtui.postgres.sessions.connect import Target, probe
from screens.app import ConsoleApp
from zdtui.cli.hang_up import HangUp
from zdtui.run.engine.engine import Engine
engine = Engine(load_plan(find_plan("split-user-name")), Target(""))
ConsoleApp(engine).get_default_screen()
"""
"""What `zdtui run` does until its screen is drawn, but for the server."""
NOT_WAITED_FOR = (
    *LATER,
    "zdtui.checking",
    "zdtui.demo",
    "zdtui.hazards.find",
    "zdtui.hazards.rules",
    "zdtui.hazards.second_opinion",
    "zdtui.importing",
    "zdtui.plan.reference",
    "zdtui.plan.schema",
    "zdtui.plan.write",
    "zdtui.postgres.catalog",
    "zdtui.postgres.compare",
    "zdtui.postgres.copied",
    "zdtui.postgres.preflight",
    "zdtui.run.bulk",
    "zdtui.run.execute.lock_acquisition",
    "zdtui.run.execute.statements",
    "zdtui.run.execute.transaction",
    "zdtui.sql.facts",
    "zdtui.sql.predict",
    "zdtui.sql.schema.follow",
    "zdtui.trace",
)
"""Rooms and modules; what is below one of them is not waited for either."""
PACKAGES_NOT_WAITED_FOR = frozenset({"sqlglot"})
"""The server's own grammar is waited for: a plan whose SQL it cannot read is refused before a console opens."""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules that are loaded when the console draws its first frame."""
    return loaded_by(BEFORE_THE_FRAME)


def test_this_test_sees_what_is_loaded(loaded: frozenset[str]) -> None:
    assert {"zdtui.run.engine.conductor", "screens.console", "zdtui.watch.watcher"} <= loaded
    assert packages(loaded) >= {"textual", "psycopg", "pydantic"}


@pytest.mark.parametrize("name", NOT_WAITED_FOR)
def test_the_first_frame_does_not_wait_for(name: str, loaded: frozenset[str]) -> None:
    assert importlib.util.find_spec(name) is not None
    assert [each for each in loaded if each == name or each.startswith(f"{name}.")] == []


def test_nor_for_packages_that_only_hazards_need(loaded: frozenset[str]) -> None:
    assert not packages(loaded) & PACKAGES_NOT_WAITED_FOR


@pytest.mark.parametrize("room", ["zdtui.run.engine", "zdtui.run.bulk", "zdtui.run.execute"])
def test_after_the_rest_is_loaded_nothing_of_the_engine_is_missing(room: str) -> None:
    """What is installed may be replaced while a console works: its engine reads nothing from there later."""
    loaded = loaded_by(f"{BEFORE_THE_FRAME}\nfrom zdtui.run.engine.loaded_later import load_the_rest\nload_the_rest()")
    assert set(LATER) <= loaded
    assert set(modules_of(room)) <= loaded
