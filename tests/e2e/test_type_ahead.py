"""Keys that were in the buffer before a dialog could be read confirm nothing."""

import time

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import CLOSING, is_open
from tests.e2e.journal import Journal
from tests.e2e.terminal import Terminal

ADDED = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'first_name'"


def closed_without_a_trace(stage: Stage, terminal: Terminal) -> None:
    """The question is still open; when it is closed nothing was run or journaled."""
    assert "add-columns" in terminal.wait_for(is_open)
    terminal.type("\x1b")
    terminal.wait_for(lambda screen: "READY" in screen and not CLOSING.search(screen))
    assert Journal(stage.dsn).events() == []
    assert stage.ask(ADDED) == 0


def test_a_burst_in_one_write_opens_the_question_and_runs_nothing(stage: Stage) -> None:
    with Terminal(stage.command, env=stage.env) as terminal:
        terminal.wait_for("READY")
        terminal.type("Ryy\r" * 5)
        closed_without_a_trace(stage, terminal)


def test_keys_that_go_on_while_the_question_appears_do_not_answer_it(stage: Stage) -> None:
    """The burst above is over before there is a dialog; these keys reach the dialog itself, from its first moment."""
    with Terminal(stage.command, env=stage.env) as terminal:
        terminal.wait_for("READY")
        terminal.type("R")
        until, seen = time.monotonic() + 60, 0
        while seen < 50 and time.monotonic() < until:
            terminal.type("y")
            seen += CLOSING.search(terminal.screen()) is not None
            time.sleep(0.02)
        assert seen == 50, f"the question did not stay:\n{terminal.screen()}"
        closed_without_a_trace(stage, terminal)
