"""The terminal goes away: the process goes, the server is left clean, and the journal says where it stands."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import run_next
from tests.e2e.journal import Journal
from tests.e2e.plans import FILL, LONG
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

OURS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'zdtui%'
"""
GONE_WITHIN = 120.0
Opens = Callable[[str], tuple[Stage, Terminal]]


@pytest.fixture
def opened_on(shop: Database, tmp_path: Path) -> Opens:
    """Opens the console on the text of a plan."""

    def opened(text: str) -> tuple[Stage, Terminal]:
        plan = tmp_path / "plan.yaml"
        plan.write_text(text.format(database=shop.name, pause="200ms"))
        stage = Stage(shop.dsn(), plan, tmp_path / "state")
        return stage, Terminal(stage.command, env=stage.env)

    return opened


def hung_up(stage: Stage, terminal: Terminal) -> None:
    """Close the master; the process and every session of ours are gone in time."""
    began = time.monotonic()
    terminal.close()
    terminal.process.wait(GONE_WITHIN)
    while ours := stage.ask(OURS):
        assert time.monotonic() - began < GONE_WITHIN, f"{ours} sessions of ours are still on the server"
        time.sleep(0.05)


def test_a_hang_up_cancels_a_statement_that_would_go_on_for_minutes(opened_on: Opens) -> None:
    stage, terminal = opened_on(LONG)
    working = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(900)%'"
    with terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for(lambda _: stage.ask(working) == 1)
        hung_up(stage, terminal)
    assert stage.ask(working) == 0
    assert stage.ask("SELECT to_regclass('made') IS NULL")
    journal = Journal(stage.dsn)
    assert journal.kinds("sleep")[-1] == "step held"
    assert journal.kinds()[-1] == "console left"


def test_a_hang_up_stops_a_backfill_between_two_batches(opened_on: Opens) -> None:
    stage, terminal = opened_on(FILL)
    journal = Journal(stage.dsn)
    with terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for(lambda _: (at := journal.checkpoint("fill")) is not None and at.batches > 2)
        hung_up(stage, terminal)
    checkpoint = journal.checkpoint("fill")
    assert checkpoint is not None
    assert 0 < checkpoint.rows < 3000
    assert stage.ask("SELECT count(*) FROM users WHERE phone = 'marked'") == checkpoint.rows
    assert journal.kinds("fill")[-1] == "step held"
    assert journal.kinds()[-1] == "console left"


@pytest.mark.parametrize("word", ["READY", "RUNNING"])
def test_a_read_that_fails_because_the_terminal_closes_is_a_hang_up_too(opened_on: Opens, word: str) -> None:
    stage, terminal = opened_on(FILL)
    terminal.__exit__(None, None, None)
    command = [sys.executable, "-m", "tests.e2e.stuck", "input", *stage.command[3:]]
    with Terminal(command, env=stage.env) as terminal:
        terminal.wait_for("READY")
        if word == "RUNNING":
            run_next(terminal)
        terminal.wait_for(word)
        hung_up(stage, terminal)
        assert terminal.process.returncode == 129
