"""What a slow line has to carry, pane by pane, while everything on the screen moves."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from screens.panes import LIVE, STEP
from tests.e2e.conftest import Stage
from tests.e2e.dialogs import run_next
from tests.e2e.plans import FILL
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

BUDGET = 4096
"""Bytes a second at 80 x 23."""
WATCHED = 20.0
PANES = {STEP: "1", **{pane.id: str(pane.number) for pane in LIVE}}


@pytest.fixture
def filling(shop: Database, tmp_path: Path) -> Stage:
    """A backfill of a minute and a half."""
    plan = tmp_path / "fill.yaml"
    plan.write_text(FILL.format(database=shop.name, pause="600ms"))
    return Stage(shop.dsn(), plan, tmp_path / "state")


@pytest.fixture
def queue(shop: Database) -> Iterator[None]:
    """A session that holds a table, one that waits for it, and one that only works: their ages tick in two panes."""
    sessions = [shop.connect() for _ in range(3)]
    holder, waiter, worker = sessions
    holder.execute("SET application_name = 'holder'")
    holder.execute("BEGIN")
    holder.execute("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
    waiter.execute("SET application_name = 'waiter'")
    threads = [
        threading.Thread(target=_until_cancelled, args=each)
        for each in ((waiter, "SELECT count(*) FROM products"), (worker, "SELECT pg_sleep(900)"))
    ]
    for thread in threads:
        thread.start()
    yield
    for session in (waiter, worker):
        session.cancel_safe()
    for thread in threads:
        thread.join(10)
    for session in sessions:
        session.close()


def _until_cancelled(session: psycopg.Connection, query: str) -> None:
    try:
        session.execute(query.encode())
    except psycopg.errors.QueryCanceled:
        return


@pytest.mark.parametrize("pane", PANES)
def test_a_pane_that_moves_stays_in_its_budget(filling: Stage, queue: None, pane: str) -> None:
    with Terminal(filling.command, env=filling.env) as terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for("RUNNING")
        terminal.type(PANES[pane])
        if pane in ("locks", "queries"):
            terminal.wait_for("holder")
        first, before, began = terminal.screen(), terminal.count, time.monotonic()
        terminal.wait_for(lambda _: time.monotonic() - began >= WATCHED, WATCHED + 5)
        rate = (terminal.count - before) / (time.monotonic() - began)
        last = terminal.screen()
    assert first != last, f"nothing moved, so nothing was measured:\n{last}"
    assert 0 < rate < BUDGET, f"{rate:.0f} bytes a second\n{last}"
