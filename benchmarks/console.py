"""First paint, bytes to the terminal, processor time and memory of the real console on the demo, in a real pty.

`make bench-console`. The demo is served with its standby and traffic; the console is started on it at 80x23 (what an
80x24 tmux leaves) and at 200x50, and watched with four live panes for half a minute each. The last line is JSON.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.machine import machine  # noqa: E402 (run as a program from a checkout)
from tests.e2e.terminal import Terminal  # noqa: E402

SIZES = {"80x24": (80, 23), "200x50": (200, 50)}
PLAN = "split-user-name"
FIRST_FRAME = (b"split-user-name", b"add-columns", b"PAUSE")
"""The plan's name, its first step and the footer: looked for in the bytes, so that no emulator's time is counted."""
PATIENCE = 30.0
STARTS = 3
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
    began = time.monotonic()
    terminal = Terminal([sys.executable, "-m", "zdtui", "run", PLAN, "--dsn", dsn], *size)
    while not all(word in terminal.raw for word in FIRST_FRAME):
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"no first frame:\n{terminal.screen()}")
        time.sleep(0.002)
    return terminal, time.monotonic() - began


def measure(dsn: str, size: tuple[int, int], seconds: float) -> dict[str, float]:
    """The figures of one size: the median of three starts, then a steady half minute of the last one."""
    paints = []
    with opened(dsn, size)[0] as first:  # compiles what was never imported here, as an installation does once
        first.wait_for("READY")
    for start in range(STARTS):
        terminal, paint = opened(dsn, size)
        paints.append(paint)
        if start < STARTS - 1:
            with terminal:
                terminal.wait_for("READY")
                terminal.type("q")
                terminal.process.wait(15)
    with terminal:
        terminal.wait_for("READY")
        time.sleep(5)
        pid, bytes_before, cpu_before, began = terminal.process.pid, terminal.count, 0.0, time.monotonic()
        cpu_before = cpu_seconds(pid)
        time.sleep(seconds)
        passed = time.monotonic() - began
        return {
            "first_paint_s": round(sorted(paints)[STARTS // 2], 3),
            "bytes_per_s": round((terminal.count - bytes_before) / passed),
            "cpu_share": round((cpu_seconds(pid) - cpu_before) / passed, 4),
            "rss_mb": round(resident_mb(pid), 1),
        }


def main() -> None:
    """Both sizes, one JSON line last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="steady state to watch, for each size")
    seconds = parser.parse_args().seconds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, value in machine().items():
        print(f"{name}: {value}")
    demo, dsn = served_demo()
    try:
        figures = {name: measure(dsn, size, seconds) for name, size in SIZES.items()}
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(20)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
