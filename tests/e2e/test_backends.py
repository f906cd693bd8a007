"""Ending another backend by keys: the one that the question named, whatever the panes do meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import open_dialog, run_next
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

ROWS = 10
LOOKED_SINCE = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'zdtui watcher' AND query_start > '{moment}'
"""


Holding = Callable[[str], psycopg.Connection]


@pytest.fixture
def holding(shop: Database) -> Iterator[Holding]:
    """Begins a transaction under a name, holding a lock; the session is closed at the end of the test."""
    with ExitStack() as sessions:

        def begin(name: str) -> psycopg.Connection:
            session = sessions.enter_context(shop.connect())
            session.execute("SELECT set_config('application_name', %s, false)", [name])
            session.execute("BEGIN")
            session.execute("LOCK TABLE products IN ACCESS SHARE MODE")
            return session

        yield begin


@pytest.fixture
def terminal(stage: Stage) -> Iterator[Terminal]:
    """The console of a run that has begun, so that there is a journal."""
    with Terminal(stage.command, 200, 50, stage.env) as terminal:
        terminal.wait_for("READY")
        run_next(terminal)
        terminal.wait_for("next is sync-trigger")
        yield terminal


def is_alive(session: psycopg.Connection) -> bool:
    try:
        session.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def looked_again(terminal: Terminal, stage: Stage) -> None:
    """Wait until every pane was asked for anew, after this moment."""
    moment = stage.ask("SELECT clock_timestamp()")
    terminal.wait_for(lambda _: stage.ask(LOOKED_SINCE.format(moment=moment)) == 2)


def selected(terminal: Terminal, key: str, name: str) -> str:
    """Go to the queries pane and down its rows until the key's question names that application."""
    terminal.wait_for(name)
    terminal.type("3g")
    for _ in range(ROWS):
        asked = open_dialog(terminal, key)
        if f"application {name}," in asked:
            return asked
        terminal.type("\x1b")
        closed(terminal)
        terminal.type("j")
    pytest.fail(f"{name} was never chosen:\n{terminal.screen()}")


def closed(terminal: Terminal) -> None:
    """Wait until the question is off the screen."""
    terminal.wait_for(lambda screen: "leave it alone" not in screen)


@pytest.mark.parametrize("key", ["K", "C"])
def test_rows_that_come_and_go_under_the_question_do_not_change_whom_it_names(
    terminal: Terminal, stage: Stage, holding: Holding, key: str
) -> None:
    older = [holding(f"older-{number}") for number in range(3)]
    victim = holding("victim")
    younger = [holding(f"younger-{number}") for number in range(3)]
    asked = selected(terminal, key, "victim")
    assert f"pid {victim.info.backend_pid}, application victim," in asked
    for session in older:
        session.close()
    younger += [holding(f"youngest-{number}") for number in range(3)]
    looked_again(terminal, stage)
    assert "application victim" in terminal.screen()
    terminal.type("y")
    if key == "K":
        terminal.wait_for(lambda _: not is_alive(victim))
    else:
        closed(terminal)
        terminal.type("l")
        terminal.wait_for(f"cancel sent to {victim.info.backend_pid}")
        assert is_alive(victim)
    assert all(is_alive(session) for session in younger)


def test_a_backend_that_ended_under_the_question_is_not_mistaken_for_another(
    terminal: Terminal, stage: Stage, holding: Holding
) -> None:
    victim, other = holding("victim"), holding("other")
    selected(terminal, "K", "victim")
    victim.close()
    looked_again(terminal, stage)
    terminal.wait_for("no pane shows it any more")
    terminal.type("y")
    closed(terminal)
    terminal.type("l")
    terminal.wait_for("no such backend any more")
    assert is_alive(other)
