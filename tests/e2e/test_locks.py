"""Strong locks by keys, in the real program: whom it waits for, ending that one, arming for a quiet moment, disarming."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import open_dialog
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

OLD = (
    "SELECT clock_timestamp() - xact_start > interval '1.2 s' FROM pg_stat_activity WHERE application_name = 'nightly'"
)


@pytest.fixture
def holder(shop: Database, stage: Stage) -> Iterator[psycopg.Connection]:
    """A transaction that has read `users` and stays open; by now it is older than what counts as quiet."""
    with shop.connect() as session:
        session.execute("SET application_name = 'nightly'")
        session.execute("BEGIN")
        session.execute("SELECT id FROM users LIMIT 1")
        with shop.connect() as other:
            while other.execute(OLD).fetchone() != (True,):
                other.execute("SELECT pg_sleep(0.1)")
        yield session


@pytest.fixture
def terminal(stage: Stage) -> Iterator[Terminal]:
    with Terminal(stage.command, 200, 50, stage.env) as terminal:
        terminal.wait_for("READY")
        yield terminal


def test_an_armed_step_starts_by_itself_when_it_is_quiet(
    stage: Stage, holder: psycopg.Connection, terminal: Terminal
) -> None:
    assert "Arm add-columns" in open_dialog(terminal, "A")
    terminal.wait_for("15 minutes")
    terminal.type("2")
    terminal.wait_for("y arm it for 1 hour")
    terminal.type("y")
    screen = terminal.wait_for("ARMED until")
    terminal.wait_for("nightly idle in transaction")
    assert "p disarms" in screen
    assert "step started" not in stage.kinds()
    holder.rollback()
    terminal.wait_for("next is sync-trigger")
    assert "ARMED" not in terminal.screen()
    assert stage.kinds("add-columns")[:2] == ["step armed", "step started"]


def test_p_disarms(stage: Stage, holder: psycopg.Connection, terminal: Terminal) -> None:
    open_dialog(terminal, "A")
    terminal.wait_for("15 minutes")
    terminal.type("1")
    terminal.wait_for("y arm it for 15 minutes")
    terminal.type("y")
    terminal.wait_for("ARMED until")
    terminal.type("p")
    terminal.wait_for(lambda screen: "ARMED" not in screen)
    holder.rollback()
    assert stage.kinds("add-columns") == ["step armed", "step disarmed"]


def test_the_one_in_the_way_is_shown_and_can_be_ended_from_there(
    stage: Stage, holder: psycopg.Connection, terminal: Terminal
) -> None:
    open_dialog(terminal, "R")
    terminal.type("y")
    terminal.wait_for("waits for a gap for ACCESS EXCLUSIVE")
    terminal.type("2g")
    terminal.wait_for("nobody has waited behind us")
    terminal.wait_for("K terminate")
    asked = open_dialog(terminal, "K")
    assert f"pid {holder.info.backend_pid}" in asked
    assert "holds ACCESS SHARE on public.users" in asked
    assert "nothing in this transaction" in asked
    terminal.type("y")
    terminal.wait_for("next is sync-trigger")
    with pytest.raises(psycopg.OperationalError):
        holder.execute("SELECT 1")
    assert "backend signalled" in stage.kinds()
