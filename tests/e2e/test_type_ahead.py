"""Keys that were in the buffer before a dialog could be read confirm nothing."""

from tests.e2e.dialogs import is_open
from tests.e2e.journal import Journal
from tests.e2e.terminal import Terminal


def test_a_burst_in_one_write_opens_the_question_and_runs_nothing(stage):
    with Terminal(stage.command, env=stage.env) as terminal:
        terminal.wait_for("READY")
        terminal.type("Ryy\r" * 5)
        assert "add-columns" in terminal.wait_for(is_open)
        terminal.type("\x1b")
        terminal.wait_for(lambda screen: "READY" in screen and not is_open(screen))
        terminal.type("?")
        terminal.wait_for(is_open)
    assert Journal(stage.dsn).events() == []
    assert (
        stage.ask("SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'first_name'")
        == 0
    )
