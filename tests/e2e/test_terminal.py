"""What the terminal does to us and we to it: stalls, hang-ups, signals, hostile text, colours, bytes."""

import os
import re
import signal
import time
from functools import partial
from signal import Signals

import psycopg
import pytest

from tests.e2e.conftest import Stage
from tests.e2e.terminal import Terminal, is_open

COLOUR = re.compile(rb"\x1b\[[0-9;:]*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38|48)[0-9;:]*m")


ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(15)%' AND pid <> pg_backend_pid()"
BATCHES = "SELECT sum(batches)::bigint FROM zdtui.checkpoint"


def opened(stage: Stage, width: int = 80, height: int = 23, **env: str) -> Terminal:
    terminal = Terminal(stage.command, width, height, {**stage.env, **env})
    terminal.wait_for("READY")
    return terminal


def backfilling(stage: Stage, plan_pause: str = "200ms") -> Terminal:
    stage.plan.write_text(stage.plan.read_text().replace("batch_pause: 60ms", f"batch_pause: {plan_pause}"))
    terminal = opened(stage)
    terminal.confirm("next is sync-trigger")
    for step, following in (("sync-trigger", "deploy-writers"),):
        assert step
        terminal.confirm(f"next is {following}")
    terminal.type("S")
    terminal.wait_for(is_open)
    terminal.type("nothing to deploy\r")
    terminal.wait_for("next is soak-writers")
    terminal.confirm("next is backfill-names")
    terminal.confirm("RUNNING")
    terminal.wait_for(lambda screen: re.search(r"RUNNING +\d+ ?%", screen))
    return terminal


def has_more(stage: Stage, before: int, _screen: str) -> bool:
    """Whether more batches are done than before, or nearly all."""
    return before >= 150 or bool(stage.ask(BATCHES) > before)


def test_a_terminal_that_stalls_for_30_seconds_does_not_stop_a_backfill(stage: Stage) -> None:
    with backfilling(stage) as terminal:
        terminal.stall()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            before = stage.ask(BATCHES)
            terminal.wait_for(partial(has_more, stage, before))
            time.sleep(1)
        terminal.go_on()
        terminal.wait_for(lambda screen: "RUNNING" in screen or "READY" in screen)
        terminal.type("p")
        terminal.wait_for(lambda screen: "HELD" in screen or "READY" in screen)


def test_a_stalled_terminal_can_be_terminated(stage: Stage) -> None:
    with backfilling(stage) as terminal:
        terminal.stall()
        time.sleep(1)
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(45) == 143
    assert stage.kinds("backfill-names")[-1] == "step held"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_stops_at_a_safe_point_and_leaves_the_terminal_right(stage: Stage, number: Signals, code: int) -> None:
    with backfilling(stage) as terminal:
        terminal.signal(number)
        assert terminal.process.wait(45) == code
        end = time.monotonic() + 30
        while b"\x1b[?1049l" not in bytes(terminal.raw):
            assert time.monotonic() < end, "the alternate screen was not left"
            time.sleep(0.05)
    assert stage.kinds("backfill-names")[-1] == "step held"
    assert stage.kinds()[-1] == "console left"
    assert stage.ask("SELECT count(DISTINCT step) FROM zdtui.checkpoint") == 1


def test_a_hang_up_ends_the_console_and_cancels_what_works(long_stage: Stage) -> None:
    with opened(long_stage) as terminal:
        terminal.confirm("RUNNING")
        terminal.wait_for(lambda _: long_stage.ask(ASLEEP))
        terminal.close()
        terminal.process.wait(45)
    end = time.monotonic() + 30
    while long_stage.ask(ASLEEP):
        assert time.monotonic() < end, "the statement works on unwatched"
        time.sleep(0.1)
    assert long_stage.kinds("sleep")[-1] == "step held"
    assert long_stage.ask("SELECT to_regclass('made') IS NULL")


HOSTILE = "[/b] a[i] \x1b]52;c;ZXZpbA==\x07 \x1b[31mred \x9b2J"


def test_hostile_text_of_another_session_never_reaches_the_terminal(stage: Stage) -> None:
    with psycopg.connect(stage.dsn) as other:
        other.execute("SET application_name = '[/b]a[i]'")
        other.execute(f"SELECT $x${HOSTILE}$x$, pg_sleep(0)".encode())
        with opened(stage, 200, 50) as terminal:
            terminal.wait_for(lambda screen: "[/b] a[i]" in screen, 30)
            raw = bytes(terminal.raw)
            assert terminal.process.poll() is None
        other.rollback()
    assert b"\x1b]52" not in raw
    assert b"\x1b[31mred" not in raw
    assert "\x9b2J".encode() not in raw


def test_without_colour_everything_essential_is_there(stage: Stage) -> None:
    with opened(stage, NO_COLOR="1") as terminal:
        screen = terminal.screen()
        raw = bytes(terminal.raw)
    for essential in ("split-user-name", "staging", "READY", "PAUSE", "roll back", "help", "quit"):
        assert essential in screen
    assert not COLOUR.search(raw)


@pytest.mark.parametrize("term", ["xterm-16color", "xterm-256color", "screen"])
def test_terminals_of_few_colours(stage: Stage, term: str) -> None:
    with opened(stage, TERM=term) as terminal:
        assert "split-user-name" in terminal.screen()


def test_the_byte_budget(stage: Stage) -> None:
    with opened(stage) as terminal:
        time.sleep(3)
        before = terminal.count
        time.sleep(20)
        rate = (terminal.count - before) / 20
    assert rate < 4096, f"{rate:.0f} bytes a second"


def test_bad_input_is_one_sentence_and_exit_code_2(stage: Stage) -> None:
    import subprocess
    import sys

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "zdtui", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, **stage.env},
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    assert run("run", "nowhere.yaml") == (2, "zdtui: nowhere.yaml: there is no such plan; check the path\n")
    code, said = run("run", str(stage.plan), "--dsn", "host=127.0.0.1 port=1 connect_timeout=2")
    assert code == 2
    assert said.startswith("zdtui: cannot connect to 127.0.0.1:1")
    assert said.count("\n") == 1
    assert run("check", "split-user-nam")[0] == 2
    assert run("frobnicate")[0] == 2
