"""Looking around while a statement works does nothing to it."""

from functools import partial
from operator import ne
from pathlib import Path

import pytest

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import CLOSING, is_open, run_next
from tests.e2e.journal import Journal
from tests.e2e.plans import LONG
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

WORKING = """
SELECT pid || ' since ' || query_start FROM pg_stat_activity
 WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(900)%'
"""
SCREENS = {
    "help": "?",
    "log": "l",
    "go / no-go": "c",
    "note": "n",
    "leaving": "q",
    "cancelling": "X",
    "all actions": "\x10",
}
VIEWS = "12345z"


@pytest.fixture
def working(shop: Database, tmp_path: Path) -> Stage:
    """A plan whose one statement works for a quarter of an hour."""
    plan = tmp_path / "long.yaml"
    plan.write_text(LONG.format(database=shop.name))
    return Stage(shop.dsn(), plan, tmp_path / "state")


def test_every_screen_opened_and_closed_leaves_the_same_statement_at_work(working: Stage) -> None:
    with Terminal(working.command, 100, 30, working.env) as terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for(lambda _: working.ask(WORKING))
        statement = working.ask(WORKING)
        for key in VIEWS:
            before = terminal.screen()
            terminal.type(key)
            terminal.wait_for(partial(ne, before))
            assert working.ask(WORKING) == statement, f"after {key}"
        for name, key in SCREENS.items():
            terminal.type(key)
            opened = terminal.wait_for(is_open)
            assert working.ask(WORKING) == statement, f"{name} was opened:\n{opened}"
            terminal.type("\x1b")
            terminal.wait_for(lambda screen: not CLOSING.search(screen))
            assert working.ask(WORKING) == statement, f"{name} was closed"
    assert Journal(working.dsn).kinds("sleep") == [
        "step started",
        "statement sent",
        "statement finished",
        "statement sent",
    ]
