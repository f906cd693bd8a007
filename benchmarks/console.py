"""First paint, bytes to the terminal, processor time and memory of the real console on the demo, in a real pty.

`make bench-console`. The demo is served with its standby and traffic; the console is started on it at 80x23 (what an
80x24 tmux leaves) and at 200x50, and watched while a backfill works: at 200x50 all four live panes at once, at 80x23
each of them, of which the one that costs most is told. The last line is JSON.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bare import LINE
from benchmarks.machine import machine
from screens.panes import LIVE, STEP
from tests.e2e.dialogs import open_dialog, run_next
from tests.e2e.plans import FILL
from tests.e2e.terminal import Terminal
from zdtui.demo.shop import DATABASE

ROOT = Path(__file__).resolve().parents[1]

SIZES = {"80x24": (80, 23), "200x50": (200, 50)}
PLAN = "split-user-name"
FIRST_FRAME = (b"split-user-name", b"add-columns", b"PAUSE")
"""The plan's name, its first step and the footer: looked for in the bytes, so that no emulator's time is counted."""
PATIENCE = 30.0
STARTS = 7
PANES = {"1": STEP, **{str(pane.number): pane.id for pane in LIVE}}
SIDE_BY_SIDE = 120
"""Columns from which all panes are on the screen."""
TICKS = os.sysconf("SC_CLK_TCK")


def served_demo() -> tuple[subprocess.Popen[str], str]:
    """The demo without a console, and its DSN."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "zdtui", "demo", "--serve"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert demo.stdout is not None
    for line in demo.stdout:
        if line.startswith("dsn: "):
            return demo, line.removeprefix("dsn: ").strip()
    raise SystemExit("the demo ended before it was ready")


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def opened(dsn: str, size: tuple[int, int]) -> tuple[Terminal, float]:
    """A console, and the seconds from its exec to the first frame with the plan's name and its first step."""
    return painted([sys.executable, "-m", "zdtui", "run", PLAN, "--dsn", dsn], size, FIRST_FRAME)


def painted(command: list[str], size: tuple[int, int], frame: Collection[bytes]) -> tuple[Terminal, float]:
    """A program in a terminal, and the seconds from its exec until all of this was on its way to the screen."""
    began = time.monotonic()
    terminal = Terminal(command, *size)
    while not all(word in terminal.raw for word in frame):
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"no first frame:\n{terminal.screen()}")
        time.sleep(0.002)
    return terminal, time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    seconds: float
    """To watch each pane, or all of them where they fit."""
    settle: float = 3.0
    """Seconds left to a server that has just been filled, and to a pane that has just been chosen."""
    starts: int = STARTS
    panes: Mapping[str, str] = field(default_factory=lambda: PANES)
    """Watched where one is shown at a time, by the key that shows it."""


QUICK = Extent(seconds=2.0, settle=1.5, starts=2, panes={"3": "queries"})


def bare_paint(size: tuple[int, int]) -> float:
    """Seconds from exec to the first frame of an application that is nothing but Textual."""
    terminal, paint = painted([sys.executable, str(ROOT / "benchmarks/bare.py")], size, (LINE.encode(),))
    with terminal:
        terminal.type("q")
        terminal.process.wait(15)
    return paint


def first_paint(dsn: str, size: tuple[int, int], starts: int) -> tuple[float, float]:
    """Seconds of ours and of a bare application, in turns; medians, after a start of each that compiles its imports."""
    with opened(dsn, size)[0] as first:
        first.wait_for("READY")
    bare_paint(size)
    paints, bare = [], []
    for _ in range(starts):
        terminal, paint = opened(dsn, size)
        with terminal:
            terminal.wait_for("READY")
            terminal.type("q")
            terminal.process.wait(15)
        paints.append(paint)
        bare.append(bare_paint(size))
    return median(paints), median(bare)


def watched(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Bytes a second to the terminal, and the share of one core, over so many seconds."""
    pid = terminal.process.pid
    bytes_before, cpu_before, began = terminal.count, cpu_seconds(pid), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    return (terminal.count - bytes_before) / passed, (cpu_seconds(pid) - cpu_before) / passed


def steady(plan: Path, dsn: str, size: tuple[int, int], extent: Extent) -> dict[str, float]:
    """While a backfill works: where a pane at a time is shown, each is watched and the one that costs most is told."""
    with Terminal([sys.executable, "-m", "zdtui", "run", str(plan), "--dsn", dsn], *size) as terminal:
        terminal.wait_for(lambda screen: "READY" in screen or "HELD" in screen)
        run_next(terminal)
        terminal.wait_for("RUNNING")
        readings = []
        for key, pane in (extent.panes if size[0] < SIDE_BY_SIDE else {"1": "all panes"}).items():
            terminal.type(key)
            time.sleep(extent.settle)
            reading = watched(terminal, extent.seconds)
            print(f"{size[0]}x{size[1]} {pane}: {reading[0]:.0f} bytes a second, {reading[1]:.1%} of a core")
            readings.append(reading)
        resident = resident_mb(terminal.process.pid)
        open_dialog(terminal, "q")
        terminal.type("l")
        terminal.process.wait(15)
    return {
        "bytes_per_s": round(max(each for each, _ in readings)),
        "cpu_share": round(max(each for _, each in readings), 4),
        "rss_mb": round(resident, 1),
    }


def told(ours: float, bare: float) -> dict[str, float]:
    """The first paint, and how many times that of a bare application it is."""
    return {
        "first_paint_s": round(ours, 3),
        "first_paint_bare_s": round(bare, 3),
        "first_paint_ratio_bare": round(ours / bare, 2),
    }


def measure(dsn: str, extent: Extent) -> dict[str, dict[str, float]]:
    """The figures of every size: first paints before anything has run, then the steady state."""
    paints = {name: first_paint(dsn, size, extent.starts) for name, size in SIZES.items()}
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "fill.yaml"
        plan.write_text(FILL.format(database=DATABASE, pause="200ms"), "utf-8")
        return {name: {**told(*paints[name]), **steady(plan, dsn, size, extent)} for name, size in SIZES.items()}


def main() -> None:
    """Both sizes, one JSON line last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="to watch each pane, or all of them where they fit")
    parser.add_argument("--quick", action="store_true", help="fewer starts, and of the panes the one that costs most")
    given = parser.parse_args()
    extent = QUICK if given.quick else Extent(given.seconds)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, value in machine().items():
        print(f"{name}: {value}")
    demo, dsn = served_demo()
    try:
        time.sleep(extent.settle)
        figures = measure(dsn, extent)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(20)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
