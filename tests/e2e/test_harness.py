"""The two terminals of these tests, proved with ordinary programs: what they say of zdtui is only worth as much."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.tmux import Tmux

COUNTING = """
import itertools, pathlib, sys
done = pathlib.Path(sys.argv[1])
for number in itertools.count():
    sys.stdout.write(f"line {number:08}\\r\\n" * 100)
    sys.stdout.flush()
    done.write_text(str(number))
"""


def until(question: Callable[[], object], what: str, seconds: float = 240.0) -> None:
    """Wait until the question is answered by yes."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"not in {seconds:.0f} s: {what}"
        time.sleep(0.01)


def test_a_pty_has_the_size_asked_for_and_shows_what_is_typed() -> None:
    with Terminal(["sh", "-c", "stty size; exec cat"], 91, 17) as terminal:
        terminal.wait_for("17 91")
        terminal.type("hello\r")
        assert terminal.wait_for(lambda screen: screen.count("hello") == 2)
        terminal.type("\x04")
        assert terminal.process.wait(30) == 0


def test_every_byte_a_program_writes_is_counted() -> None:
    with Terminal(
        ["sh", "-c", "stty raw -echo; printf 'ready'; read go; head -c 100000 /dev/zero; sleep 60"]
    ) as terminal:
        terminal.wait_for("ready")
        before = terminal.count
        terminal.type("\n")
        until(lambda: terminal.count - before >= 100_000, "all of it came")
        assert terminal.count - before == 100_000


def test_a_terminal_that_does_not_read_stops_whoever_writes(tmp_path: Path) -> None:
    done = tmp_path / "done"
    with Terminal([sys.executable, "-c", COUNTING, str(done)]) as terminal:
        until(lambda: terminal.count > 10_000, "it writes")
        terminal.stall()
        stopped: list[str] = []

        def stands_still() -> bool:
            stopped.append(done.read_text())
            time.sleep(0.1)
            return len(stopped) > 5 and len(set(stopped[-5:])) == 1 and stopped[-1] != ""

        until(stands_still, "the writer stands still")
        counted = terminal.count
        terminal.go_on()
        until(lambda: int(done.read_text() or 0) > int(stopped[-1]), "it writes again")
        assert terminal.count > counted


def test_closing_a_pty_hangs_up() -> None:
    with Terminal(["sh", "-c", "echo ready; exec sleep 60"]) as terminal:
        terminal.wait_for("ready")
        terminal.close()
        assert terminal.process.wait(30) == -signal.SIGHUP


def test_a_wait_that_fails_prints_the_screen() -> None:
    with Terminal(["sh", "-c", "echo this is on the screen; sleep 60"]) as terminal:
        terminal.wait_for("this is on the screen")
        with pytest.raises(AssertionError, match="this is on the screen"):
            terminal.wait_for("this is not", seconds=0.2)


def test_a_wait_for_a_program_that_has_ended_says_how_it_ended() -> None:
    with (
        Terminal(["sh", "-c", "echo last words; exit 7"]) as terminal,
        pytest.raises(AssertionError, match=r"ended with 7(?s:.*)last words"),
    ):
        terminal.wait_for("never")


def test_tmux_has_the_size_asked_for_takes_keys_and_tells_how_the_program_ended() -> None:
    with Tmux(93, 19) as tmux:
        tmux.start("stty size; cat; exit_code() { return 5; }; exit_code")
        tmux.wait_for("19 93")
        tmux.keys("-l", "typed")
        tmux.keys("Enter")
        tmux.wait_for(lambda screen: screen.count("typed") == 2)
        tmux.keys("C-d")
        tmux.wait_for("EXIT 5")


def test_a_tmux_wait_that_fails_prints_the_screen() -> None:
    with Tmux() as tmux:
        tmux.start("echo this is on the screen")
        tmux.wait_for("this is on the screen")
        with pytest.raises(AssertionError, match="this is on the screen"):
            tmux.wait_for("this is not", seconds=0.2)


def test_nothing_of_a_tmux_server_is_left() -> None:
    with Tmux() as tmux:
        tmux.start("echo ready")
        tmux.wait_for("ready")
        pid = int(tmux.run("display-message", "-p", "#{pid}"))
    until(lambda: not _alive(pid), "the server is gone")


def _alive(pid: int) -> bool:
    return subprocess.run(["ps", "-p", str(pid), "-o", "pid="], capture_output=True, check=False).returncode == 0


def test_without_tmux_the_tests_fail_and_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(AssertionError, match="need tmux; install it"):
        Tmux()
