"""The process ends within seconds whatever its threads do, with the code that says why."""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from signal import Signals

import psycopg
import pytest

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import run_next
from tests.e2e.journal import Journal
from tests.e2e.plans import LONG
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

GONE_WITHIN = 120.0
BUILD = """
zdtui: 1
name: build
title: An index
target: {{database: {database}, environment: staging}}
steps:
  - id: build
    title: Build
    phase: expand
    sql: CREATE INDEX CONCURRENTLY users_made ON users (id, phone)
    rollback: DROP INDEX CONCURRENTLY IF EXISTS users_made
"""


@pytest.fixture
def opened_on(shop: Database, tmp_path: Path) -> Callable[..., tuple[Stage, Terminal, Path]]:
    """Opens the console on the text of a plan, perhaps with a thread that will be stuck."""

    def opened(text: str, stuck: str = "") -> tuple[Stage, Terminal, Path]:
        plan = tmp_path / "plan.yaml"
        plan.write_text(text.format(database=shop.name))
        stage, now = (
            Stage(shop.dsn(tcp=True).replace("127.0.0.1", "localhost"), plan, tmp_path / "state"),
            tmp_path / "now",
        )
        program = ["-m", "tests.e2e.stuck", stuck] if stuck else ["-m", "zdtui"]
        command = [sys.executable, *program, *stage.command[3:]]
        return stage, Terminal(command, env={**stage.env, "STUCK_NOW": str(now)}), now

    return opened


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_in_the_middle_of_a_step_ends_with_its_own_code(
    opened_on: Callable[..., tuple[Stage, Terminal, Path]], number: Signals, code: int
) -> None:
    stage, terminal, _ = opened_on(LONG)
    working = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(900)%'"
    with terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for(lambda _: stage.ask(working) == 1)
        terminal.process.send_signal(number)
        assert terminal.process.wait(GONE_WITHIN) == code
    assert Journal(stage.dsn).kinds("sleep")[-1] == "step held"
    assert stage.ask(working) == 0


@pytest.mark.parametrize("how", ["engine", "file", "screen"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_whatever_is_stuck(
    opened_on: Callable[..., tuple[Stage, Terminal, Path]], how: str, number: Signals, code: int
) -> None:
    _, terminal, now = opened_on(LONG, how)
    with terminal:
        terminal.wait_for("READY")
        now.touch()
        if how != "file":
            terminal.wait_for(lambda _: now.with_name("now.is").exists())
        terminal.process.send_signal(number)
        assert terminal.process.wait(GONE_WITHIN) == code


@pytest.mark.parametrize(("how", "code"), [("engine", 1), ("file", 0)])
def test_leaving_ends_it_whatever_is_stuck(
    opened_on: Callable[..., tuple[Stage, Terminal, Path]], how: str, code: int
) -> None:
    _, terminal, now = opened_on(LONG, how)
    with terminal:
        terminal.wait_for("READY")
        now.touch()
        if how != "file":
            terminal.wait_for(lambda _: now.with_name("now.is").exists())
        terminal.type("q")
        assert terminal.process.wait(GONE_WITHIN) == code


def test_a_name_that_is_never_found_keeps_nobody(opened_on: Callable[..., tuple[Stage, Terminal, Path]]) -> None:
    stage, terminal, now = opened_on(LONG, "name")
    with terminal:
        terminal.wait_for("READY")
        now.touch()
        stage.ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'zdtui%'"
        )
        terminal.wait_for(lambda _: now.with_name("now.is").exists())
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.process.wait(GONE_WITHIN) == 143


def test_a_terminal_that_goes_away_leaves_a_build_at_work(
    opened_on: Callable[..., tuple[Stage, Terminal, Path]],
) -> None:
    stage, terminal, _ = opened_on(BUILD)
    building = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'CREATE INDEX%'"
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted"
    with terminal, psycopg.connect(stage.dsn) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1 FROM pg_class LIMIT 1")
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for(lambda _: stage.ask(waiting) == 1)
        terminal.close()
        assert terminal.process.wait(GONE_WITHIN) == 129
        assert stage.ask(building) == 1
        old.rollback()
    deadline = time.monotonic() + GONE_WITHIN
    while stage.ask(building):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert stage.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_made'::regclass")
