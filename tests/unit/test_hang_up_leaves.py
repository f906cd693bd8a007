"""A signal that finds the program leaving changes nothing: neither its exit code nor its last lines."""

import signal
import subprocess
import sys

import pytest

LEAVES = """
import os, signal, sys
from zdtui.cli.hang_up import HangUp
if {minded}:
    signal.signal({number}, lambda number, frame: print("minded"))
with HangUp(leave=lambda: None) as hang_up:
    pass
os.kill(os.getpid(), {number})
print("the last line")
sys.exit(7 if hang_up.exit_code is None else hang_up.exit_code)
"""


def left(number: int, minded: bool) -> "subprocess.CompletedProcess[str]":
    program = LEAVES.format(number=number, minded=minded)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_a_signal_after_the_console_has_left_changes_nothing(number: signal.Signals) -> None:
    done = left(int(number), minded=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, "the last line\n", "")


def test_whoever_minds_them_has_them_back() -> None:
    assert left(int(signal.SIGTERM), minded=True).stdout == "minded\nthe last line\n"
