"""Before the console: `zdtui` alone, a target, a plan of this folder, a password. What stays in the terminal."""

import json
import re
import shlex
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.e2e.conftest import Stage
from tests.e2e.hostile_server import asking_server
from tests.e2e.terminal import Terminal
from zdtui.cli.hang_up import SIGNALS

LEFT = b"\x1b[?1049l"


def test_a_plan_is_opened_from_the_list_and_what_stays_says_how_to_go_on(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "zdtui").mkdir()
    (tmp_path / "zdtui/config.toml").write_text(
        f"[targets]\nstaging = {json.dumps(stage.dsn)}\n"
        "[notify]\non = ['step-done']\nreceivers = {nobody = 'json://127.0.0.1:1/'}\n",
        "utf-8",
    )
    program = shlex.join([sys.executable, "-m", "zdtui"])
    env = {**stage.env, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    with Terminal(["sh", "-c", f"cd {shlex.quote(str(tmp_path))} && exec {program}"], 110, 30, env) as terminal:
        terminal.wait_for("split-user-name.yaml")
        terminal.type("split\r")
        terminal.wait_for("where is split-user-name.yaml opened?")
        terminal.type("\r")
        terminal.wait_for("READY")
        terminal.confirm("next is sync-trigger")
        terminal.type("q")
        left = terminal.wait_for(lambda screen: "zdtui report" in screen)
        assert terminal.process.wait(60) == 0
        left += terminal.wait_for(re.compile("nobody was not told|you left before everybody was told").search)
    assert "split-user-name, 1 of " in left
    assert "zdtui run split-user-name.yaml --target staging   goes on with" in left


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_list_gives_the_terminal_back_when_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    with Terminal([sys.executable, "-m", "zdtui"], 80, 23, env) as terminal:
        before = termios.tcgetattr(terminal.master)
        terminal.wait_for("zdtui check")
        assert termios.tcgetattr(terminal.master) != before, "keys are read one by one"
        terminal.signal(number)
        assert terminal.process.wait(60) == SIGNALS[number]
        terminal.wait_for(lambda screen: LEFT in terminal.raw)
        assert termios.tcgetattr(terminal.master) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_terminal_has_its_echo_back_when_the_question_for_a_password_is_ended(number: signal.Signals) -> None:
    with asking_server() as port:
        words = [sys.executable, "-m", "zdtui", "status", "--dsn", f"postgresql://ana@127.0.0.1:{port}/shop"]
        with Terminal(words) as terminal:
            before = termios.tcgetattr(terminal.master)
            terminal.wait_for("assword")
            assert termios.tcgetattr(terminal.master) != before, "what is typed is not shown"
            terminal.signal(number)
            assert terminal.process.wait(60) == SIGNALS[number]
            assert termios.tcgetattr(terminal.master) == before


def test_a_terminal_that_goes_away_is_told_by_the_exit_code_whatever_is_left_to_say(
    stage: Stage, tmp_path: Path
) -> None:
    """Others may read the addresses, which is said once more at the end; and nobody is there to read it."""
    (tmp_path / "zdtui").mkdir()
    config = tmp_path / "zdtui/config.toml"
    config.write_text("[notify.receivers]\nnobody = 'json://127.0.0.1:1/'\n", "utf-8")
    config.chmod(0o644)
    with Terminal(stage.command, env={**stage.env, "XDG_CONFIG_HOME": str(tmp_path)}) as terminal:
        terminal.wait_for("READY")
        terminal.close()
        assert terminal.process.wait(60) == SIGNALS[signal.SIGHUP]
