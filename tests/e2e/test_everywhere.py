"""Pausing in the real program: from every place, behind every dialog, and with a terminal that reads nothing."""

import fcntl
import struct
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Stage
from tests.e2e.terminal import Terminal
from tests.fix_db import Database

FILLING = """
zdtui: 1
name: filling
title: A backfill that takes its time
target: {{database: {database}, environment: staging}}
steps:
  - id: mark
    title: A step that can be rolled back
    phase: expand
    sql: CREATE TABLE mark (i int)
    rollback: DROP TABLE mark
  - id: fill
    title: Fill slowly
    phase: backfill
    backfill:
      table: users
      set: {{phone: phone}}
      batch_rows: 10
      max_batch_rows: 10
      batch_pause: 80ms
    rollback:
      none: it changes nothing
"""
PLACES = {
    "1": "[1 Step]",
    "2": "[2 Locks]",
    "3": "[3 Queries]",
    "4": "[4 Replication]",
    "5": "[5 Progress]",
    "?": "Stop at the next safe point",
    "\x10": "All actions",
    "l": "Log  following",
    "c": "[checks]",
    "X": "Esc let it run",
    "q": "Esc stay",
    " ": "FROZEN",
}
"""The keys that lead to a place, and what is to be seen there."""
TYPING = {"n": "Esc not now", "3/": "filter: "}
BACK = "\x1b"
F9 = "\x1b[20~"
FRAMES = 100
"""Whole repaints that are more than the pty and Textual's queue of frames can hold."""


@pytest.fixture
def filling(shop: Database, tmp_path: Path) -> Stage:
    """A backfill of three hundred small batches: half a minute."""
    plan = tmp_path / "filling.yaml"
    plan.write_text(FILLING.format(database=shop.name))
    return Stage(shop.dsn(), plan, tmp_path / "state")


@pytest.fixture
def terminal(filling: Stage) -> Iterator[Terminal]:
    """The console, with the backfill as its next step."""
    with Terminal(filling.command, 100, 30, filling.env) as terminal:
        terminal.wait_for("READY")
        terminal.confirm("next is fill")
        yield terminal


def go_on(terminal: Terminal) -> None:
    """Run the backfill, or go on with it."""
    terminal.confirm("RUNNING")


def leave(terminal: Terminal, seen: str, by: str = BACK) -> None:
    """Back to the console. A question that was withdrawn meanwhile has to be closed as well."""
    terminal.type(by)
    terminal.wait_for(lambda screen: seen not in screen and "Esc close" not in screen)


def resize(terminal: Terminal, width: int, height: int = 30) -> None:
    """Give the pty another size, so that the console paints all of it anew."""
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


def held(filling: Stage) -> int:
    """How often the backfill was held, by the journal."""
    return filling.kinds("fill").count("step held")


def paused_from(terminal: Terminal, filling: Stage, place: tuple[str, str], pause: str) -> None:
    """Go to a place, pause there, see it in the journal, and go back."""
    keys, seen = place
    go_on(terminal)
    before = held(filling)
    for key in keys:
        terminal.type(key)
    terminal.wait_for(lambda screen: seen in screen and "a moment:" not in screen)
    assert held(filling) == before, f"{keys!r} alone has paused"
    terminal.type(pause)
    terminal.wait_for(lambda _: held(filling) == before + 1)
    if not keys.isdigit():
        leave(terminal, seen, " " if keys == " " else BACK)
    terminal.wait_for("HELD")


def test_p_pauses_from_every_place(terminal: Terminal, filling: Stage) -> None:
    for place in PLACES.items():
        paused_from(terminal, filling, place, "p")


def test_f9_pauses_while_one_types(terminal: Terminal, filling: Stage) -> None:
    for place in TYPING.items():
        paused_from(terminal, filling, place, F9)


def test_the_rollback_pauses_before_it_shows_anything(terminal: Terminal, filling: Stage) -> None:
    go_on(terminal)
    terminal.type("B")
    terminal.wait_for("Esc not now")
    terminal.wait_for(lambda _: held(filling) == 1)
    leave(terminal, "Esc not now")
    terminal.wait_for("HELD")


def test_a_pause_is_heard_once_a_choked_terminal_reads_again(terminal: Terminal, filling: Stage) -> None:
    """Frames that nobody reads stop the screen's loop inside a write. It must come back, with the key that waited."""
    go_on(terminal)
    terminal.stall()
    for number in range(FRAMES):
        resize(terminal, 99 + number % 2)
        time.sleep(0.05)
    before = filling.ask("SELECT sum(batches)::bigint FROM zdtui.checkpoint")
    terminal.type("p")
    terminal.wait_for(lambda _: filling.ask("SELECT sum(batches)::bigint FROM zdtui.checkpoint") > before + 5)
    assert held(filling) == 0, "the screen was not choked, so this proves nothing"
    terminal.go_on()
    terminal.wait_for("HELD")
    assert held(filling) == 1
