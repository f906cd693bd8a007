"""The whole plan, driven by keys alone in a real tmux; and again after the worst."""

import re
import signal
import time

from tests.e2e.conftest import Stage
from tests.e2e.terminal import Terminal, is_open
from tests.e2e.tmux import Tmux
from zdtui.demo.processes import children_of, send

ROWS = 3000
WRONG = """
SELECT count(*) FROM users
 WHERE first_name IS DISTINCT FROM split_part(name, ' ', 1)
    OR last_name IS DISTINCT FROM substr(name, length(split_part(name, ' ', 1)) + 2)
"""
"""Rows that the backfill left out or filled with something else than `name` says now."""
NAMES = "SELECT md5(string_agg(id || ':' || name, ',' ORDER BY id)) FROM users"
"""The trigger makes `name` follow what is written beside it, so that a wrong fill is seen only against before."""

SETTLED = 1.5
"""Seconds after which a console that got another size takes keys again: nothing on the screen tells when."""


def start(stage: Stage, width: int = 80, height: int = 24) -> Tmux:
    tmux = Tmux(width, height)
    tmux.start(stage.shell)
    tmux.wait_for("READY")
    return tmux


def up_to_backfill(tmux: Tmux) -> None:
    tmux.confirm("next is sync-trigger")
    tmux.confirm("next is deploy-writers")
    tmux.confirm("next is soak-writers", note="v2 writes both")
    tmux.confirm("next is backfill-names")


def test_the_whole_plan_by_keys_with_a_pause_and_a_rollback(stage: Stage) -> None:
    with start(stage, 200, 50) as tmux:
        up_to_backfill(tmux)
        tmux.confirm("RUNNING")
        tmux.wait_for(lambda screen: re.search(r"RUNNING +\d+ ?%", screen))
        tmux.keys("p")
        tmux.wait_for("HELD")
        held = stage.ask("SELECT sum(rows)::bigint FROM zdtui.checkpoint")
        assert 0 < held < ROWS
        assert stage.ask("SELECT count(*) FROM users WHERE first_name IS NOT NULL") >= held
        tmux.confirm("next is not-null-unchecked")
        tmux.confirm("next is not-null-validated")
        tmux.open_dialog("B")
        tmux.keys("y")
        tmux.wait_for("next is not-null-unchecked (was rolled back)")
        promised = "SELECT count(*) FROM pg_constraint WHERE conname = 'users_first_name_is_set'"
        assert stage.ask(promised) == 0
        tmux.confirm("next is not-null-validated")
        assert stage.ask(promised) == 1
        tmux.confirm("next is no-drift")
        tmux.confirm("next is set-not-null")
        tmux.confirm("next is deploy-readers")
        tmux.confirm("next is stop-sync", note="v3 reads both")
        tmux.confirm("next is drop-name", typed="stop-sync")
        screen = tmux.open_dialog("R")
        assert "IRREVERSIBLE" in screen
        tmux.keys("y", "Enter")
        tmux.wait_for("drop-name")
        tmux.keys("Escape")
        tmux.wait_for(lambda text: "not now" not in text)
        tmux.confirm("FINISHED", typed="drop-name")
        tmux.keys("q")
        tmux.wait_for("EXIT 0")
    columns = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped"
    assert stage.ask(columns) == "id email phone address created_at first_name last_name"
    kinds = stage.kinds()
    assert kinds[-2:] == ["run finished", "console left"]
    assert "step rolled back" in kinds


def test_killed_in_the_middle_of_the_backfill_and_resumed(stage: Stage) -> None:
    names = stage.ask(NAMES)
    with start(stage) as tmux:
        up_to_backfill(tmux)
        tmux.confirm("RUNNING")
        tmux.wait_for(lambda screen: re.search(r"RUNNING +\d+ ?%", screen))
        (console,) = children_of(int(tmux.run("list-panes", "-F", "#{pane_pid}")))
        send(console, signal.SIGKILL)
        tmux.wait_for("EXIT 137")
    with start_resumed(stage) as tmux:
        assert "console was gone" in tmux.screen()
        tmux.confirm("next is not-null-unchecked")
    assert stage.ask(WRONG) == 0
    assert stage.ask(NAMES) == names
    assert stage.ask("SELECT sum(batches)::bigint FROM zdtui.checkpoint") >= ROWS // 20
    assert stage.kinds().count("run opened") == 1


def start_resumed(stage: Stage) -> Tmux:
    tmux = Tmux(200, 50)
    tmux.start(stage.shell)
    tmux.wait_for(lambda screen: "HELD" in screen or "OBSERVING" in screen)
    if "OBSERVING" in tmux.screen():
        tmux.wait_for("nobody holds the run")
        tmux.open_dialog("t")
        tmux.keys("y")
        tmux.wait_for("HELD")
    return tmux


def test_leaving_while_a_step_runs_asks_and_says_what_happens(stage: Stage) -> None:
    with start(stage, 120, 40) as tmux:
        up_to_backfill(tmux)
        tmux.confirm("RUNNING")
        screen = tmux.open_dialog("q")
        assert "backfill-names" in screen
        tmux.keys("Escape")
        tmux.wait_for(lambda text: "Esc stay" not in text)
        tmux.open_dialog("q")
        tmux.keys("l")
        tmux.wait_for("EXIT 0")
    assert stage.kinds("backfill-names")[-1] == "step held"
    assert stage.kinds()[-1] == "console left"


def test_typing_ahead_runs_nothing(stage: Stage) -> None:
    with start(stage) as tmux:
        tmux.keys("R", "y", "y", "Enter", "R", "y", "Enter", "y", "Enter", "y")
        assert "add-columns" in tmux.wait_for(is_open)
        tmux.keys("Escape")
        tmux.wait_for("READY")
    assert stage.ask("SELECT to_regclass('zdtui.event') IS NULL")


def test_two_clients_of_different_size_leave_a_confirmation_alone(stage: Stage) -> None:
    """Each key of the one resizes the screen of the other; the dialog and what is typed in it stay."""
    with start(stage, 160, 49) as tmux:
        tmux.run("set-option", "-g", "window-size", "latest")
        attach = ["tmux", "-L", tmux.socket, "attach"]
        with Terminal(attach, 80, 24) as small, Terminal(attach, 160, 50) as large:
            small.wait_for("READY")
            large.wait_for("READY")
            time.sleep(SETTLED)
            tmux.open_dialog("S")
            said = ""
            for word, client in (("not ", small), ("now", large), (" please", small)):
                client.type(word)
                said += word
                client.wait_for(said.strip())
                time.sleep(SETTLED)
            assert "not now please" in small.wait_for("not now please")
            large.type("\x1b")
            large.wait_for("READY")
    assert stage.ask("SELECT to_regclass('zdtui.event') IS NULL")


def test_copying_claims_no_more_than_it_knows(stage: Stage) -> None:
    with start(stage, 200, 50) as tmux:
        tmux.keys("y")
        screen = tmux.wait_for("saved to")
        assert "may ignore" in screen
        assert tmux.run("show-buffer").strip().startswith("ALTER TABLE users ADD COLUMN first_name")
    saved = list(stage.state.rglob("*"))
    assert any(file.is_file() and "ALTER TABLE users" in file.read_text() for file in saved)


def test_opening_and_closing_every_screen_leaves_the_statement_alone(long_stage: Stage) -> None:
    with start(long_stage, 120, 40) as tmux:
        tmux.confirm("RUNNING")
        for key in ("?", "l", "c", "C-p", "q", "X", "B"):
            tmux.keys(key)
            tmux.wait_for(is_open)
            tmux.keys("Escape")
            tmux.wait_for("p PAUSE")
        tmux.wait_for("FINISHED", 90)
    assert long_stage.ask("SELECT to_regclass('made') IS NOT NULL")
