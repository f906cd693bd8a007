"""One console conducts, a second one looks on; when the first is gone, the second takes over."""

import re
import signal

from tests.e2e.conftest import Stage
from tests.e2e.dialogs import open_dialog, run_next
from tests.e2e.journal import Journal
from tests.e2e.terminal import Terminal

DONE = re.compile("✓ +1 add-columns")
COLUMN = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'first_name'"


def console(stage: Stage) -> Terminal:
    return Terminal(stage.command, 120, 40, stage.env)


def test_the_second_console_looks_on_and_acts_on_nothing(stage: Stage) -> None:
    with console(stage) as first, console_after(first, stage) as second:
        second.wait_for("OBSERVER")
        second.type("R")
        second.wait_for("looks on")
        second.type("p")
        run_next(first)
        first.wait_for("next is sync-trigger")
        second.wait_for(DONE.search)
        assert "OBSERVING" in second.screen()
    assert stage.ask(COLUMN) == 1
    journal = Journal(stage.dsn)
    assert journal.kinds("add-columns").count("step started") == 1
    assert "pause requested" not in journal.kinds()


def test_the_second_console_takes_over_when_the_first_was_killed(stage: Stage) -> None:
    with console(stage) as first, console_after(first, stage) as second:
        second.wait_for("OBSERVER")
        run_next(first)
        second.wait_for(DONE.search)
        first.signal(signal.SIGKILL)
        first.process.wait(30)
        second.wait_for("nobody holds the run")
        open_dialog(second, "t")
        second.type("y")
        second.wait_for("next is sync-trigger")
        assert "OBSERVER" not in second.screen()
        run_next(second)
        second.wait_for("next is deploy-writers")
    joined = [event for event in Journal(stage.dsn).events() if event.kind == "console joined"]
    assert len(joined) == 2
    assert Journal(stage.dsn).kinds("add-columns").count("step started") == 1


def test_taking_over_from_one_that_lives_changes_nothing(stage: Stage) -> None:
    with console(stage) as first, console_after(first, stage) as second:
        second.wait_for("OBSERVER")
        open_dialog(second, "t")
        second.type("y")
        second.wait_for("holds the run")
        assert "OBSERVER" in second.screen()
        run_next(first)
        first.wait_for("next is sync-trigger")


def console_after(first: Terminal, stage: Stage) -> Terminal:
    """A second one, once the first conducts."""
    first.wait_for("READY")
    return console(stage)
