"""Where there is no terminal a console is refused in one sentence."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from zdtui.cli.drawing.terminal import draws_ascii


@pytest.mark.parametrize("elsewhere", [(0,), (1,), (2,), (0, 1), (0, 1, 2)], ids=str)
def test_each_stream_that_is_no_terminal_is_told(elsewhere: tuple[int, ...], tmp_path: Path) -> None:
    """A pseudo-terminal stands for the others, so that it is this stream and no other that is refused.

    The demo asks before it makes anything.
    """
    ours, theirs = pty.openpty()
    said = tmp_path / "said"
    with said.open("w+b") as file, open(os.devnull, "rb") as nothing:
        streams = [theirs, theirs, theirs]
        for number in elsewhere:
            streams[number] = nothing.fileno() if number == 0 else file.fileno()
        done = subprocess.run(
            [sys.executable, "-m", "zdtui", "demo"],
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            env={**os.environ, "TERM": "xterm-256color"},
            check=False,
        )
    os.close(theirs)
    told = said.read_text() if 2 in elsewhere else os.read(ours, 4096).decode()
    os.close(ours)
    assert done.returncode == 2
    assert told.startswith("zdtui: the console needs a terminal; use ssh -t (standard ")
    assert told.count("\n") == 1
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("environment", "plain"),
    [
        ({}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_AT.utf8"}, False),
        ({"LANG": "de_AT.ISO-8859-1"}, True),
        ({"LANG": "de_AT.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "POSIX"}, True),
    ],
)
def test_the_locale_says_what_the_terminal_can_draw(environment: dict[str, str], plain: bool) -> None:
    assert draws_ascii(environment) is plain


def test_python_puts_a_locale_in_the_place_of_c_and_we_are_not_fooled() -> None:
    """Python does that while it starts: only another Python can be asked."""
    asked = "from zdtui.cli.drawing.terminal import draws_ascii; print(draws_ascii())"
    bare = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_CTYPE", "LANG")}
    for said, plain in (({"LANG": "C"}, "True"), ({}, "False"), ({"LANG": "C.UTF-8"}, "False")):
        told = subprocess.run(
            [sys.executable, "-c", asked], env={**bare, **said}, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == plain, said


def test_without_a_command_and_a_terminal_the_help_is_told_once() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "zdtui"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.count("Usage: zdtui") == 1
    assert "Error" not in told.stderr
