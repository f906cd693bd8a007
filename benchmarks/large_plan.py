"""What a key costs in the real console with a plan of ten steps, and with one of ten thousand, in a real pty.

`make bench-large-plan`. Each console is left to settle, then `j` is pressed again and again; told are the milliseconds
from the key to the next byte on the terminal, and the processor time of the console for each key. The last line is
JSON.
"""

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.console import cpu_seconds, served_demo
from benchmarks.machine import machine
from tests.e2e.terminal import Terminal
from zdtui.demo.shop import DATABASE

SIZES = (10, 10_000)
PATIENCE = 300.0
"""Seconds until a console with ten thousand steps is ready."""
ANSWER = 5.0
"""Seconds a key is given."""


HEAD = f"""\
zdtui: 1
name: many-steps
title: Many steps
target: {{database: {DATABASE}, environment: development}}
steps:
"""
STEP = """\
  - id: step-{number}
    title: Step {number}
    phase: expand
    sql: SELECT {number}
    rollback: {{none: it only looks}}
"""


def plan_of(steps: int) -> str:
    """A plan of so many steps, none of which is ever run."""
    return HEAD + "".join(STEP.format(number=number) for number in range(1, steps + 1))


def a_key(terminal: Terminal, key: str) -> float | None:
    """Seconds from the key to the next byte; None when none came."""
    before, began = terminal.count, time.monotonic()
    terminal.type(key)
    while terminal.count == before:
        if time.monotonic() - began > ANSWER:
            return None
        time.sleep(0.0005)
    return time.monotonic() - began


def measured(dsn: str, steps: int, keys: int) -> dict[str, float]:
    """So many keys, down and up again."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.yaml"
        plan.write_text(plan_of(steps), "utf-8")
        with Terminal([sys.executable, "-m", "zdtui", "run", str(plan), "--dsn", dsn], 200, 50) as terminal:
            began = time.monotonic()
            terminal.wait_for("READY", seconds=PATIENCE)
            ready = time.monotonic() - began
            time.sleep(5)
            idle_before, idle_began = cpu_seconds(terminal.process.pid), time.monotonic()
            time.sleep(5)
            idle = (cpu_seconds(terminal.process.pid) - idle_before) / (time.monotonic() - idle_began)
            before, began = cpu_seconds(terminal.process.pid), time.monotonic()
            took = []
            for number in range(keys):
                took.append(a_key(terminal, "jjjjkkkk"[number % 8]))
                time.sleep(0.1)
            passed = time.monotonic() - began
            used = cpu_seconds(terminal.process.pid) - before - idle * passed
            terminal.type("q")
            terminal.process.wait(30)
    answered = [each for each in took if each is not None]
    return {
        "ready_s": round(ready, 2),
        "key_ms": round(median(answered) * 1000, 1),
        "key_cpu_ms": round(max(0.0, used) / keys * 1000, 1),
        "idle_cpu_share": round(idle, 3),
        "unanswered": len(took) - len(answered),
    }


def main() -> None:
    """Ten steps, then ten thousand; one JSON line last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=80)
    parser.add_argument("--steps", type=int, nargs="*", default=SIZES)
    given = parser.parse_args()
    for name, value in machine().items():
        print(f"{name}: {value}")
    demo, dsn = served_demo()
    try:
        figures = {str(steps): measured(dsn, steps, given.keys) for steps in given.steps}
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(20)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
