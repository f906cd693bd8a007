"""What a step costs besides its statement: confirmed, run and journaled by the engine, beside the bare statement.

`make bench-step`. A plan of steps that each add a column, one after the other on a console that has been open for a
while; and a console that is told to run a step as soon as it is connected. `journeys` are those to the server and back
of a step by session: they count the same on a machine that is busy. The last line is JSON.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from psycopg.abc import PQGen

from benchmarks.machine import machine
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.plan.load import parse_plan
from zdtui.postgres.sessions.connect import Target
from zdtui.postgres.sessions.session import Session, backend_pid
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

PATIENCE = 60.0
WARM = 3
"""Steps before those that count: caches are filled and statements prepared."""
PLAN = "zdtui: 1\nname: {name}\ntitle: Columns\nsteps:\n"
STEP = (
    "  - id: {name}\n    title: A column\n    phase: expand\n"
    "    sql: ALTER TABLE {table} ADD COLUMN {column} int\n    rollback: ALTER TABLE {table} DROP COLUMN {column}\n"
)


class Journeys:
    """How often each backend was asked something and answered."""

    def __init__(self) -> None:
        self.counted: Counter[int] = Counter()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Every question of a session of ours, while the block lasts."""
        wait, counted = Session.wait, self.counted

        async def counting_wait(session: Session, asked: PQGen[Any], *rest: Any, **named: Any) -> Any:
            counted[backend_pid(session)] += 1
            return await wait(session, asked, *rest, **named)

        with patch.object(Session, "wait", counting_wait):
            yield


class Console:
    """An engine without a screen on a plan of steps that each add a column."""

    def __init__(self, dsn: str, table: str, steps: int) -> None:
        name = f"columns-of-{table}"
        text = PLAN.format(name=name) + "".join(
            STEP.format(name=f"add-{number}", table=table, column=f"c{number}") for number in range(steps)
        )
        self.plan = parse_plan(text, f"{name}.yaml")
        self._changed = threading.Event()
        self.engine = Engine(self.plan, Target(dsn), operator="bench")
        self.engine.subscribe(self._changed.set)
        self.engine.start()
        self.until(lambda: self.engine.snapshot.connection_state is ConnectionState.CONNECTED)

    def run(self, number: int) -> float:
        """Milliseconds from the confirmation of a step until its success was written."""
        step, began = self.plan.steps[number], time.time()
        self.engine.submit(c.RunStep(step.id, step_digest(step), "y"))
        over = (StepStatus.DONE, StepStatus.HELD, StepStatus.FAILED)
        self.until(lambda: self.engine.snapshot.run.step(step.id).status in over and not self.engine.snapshot.activity)
        log = self.engine.snapshot.run.log
        done = [each.at for each in log if isinstance(each.event, e.StepSucceeded) and each.step == step.id]
        if not done:
            raise SystemExit(f"{step.id} ended as {self.engine.snapshot.run.step(step.id)}")
        return (done[0].timestamp() - began) * 1000

    def until(self, reached: Callable[[], object]) -> None:
        """Wait for it, no longer than PATIENCE."""
        end = time.monotonic() + PATIENCE
        while not reached():
            if self.engine.failure or time.monotonic() > end:
                raise SystemExit(f"the engine: {self.engine.failure or self.engine.snapshot.verdict}")
            self._changed.clear()
            self._changed.wait(0.05)

    def end(self) -> None:
        """Let go of the run."""
        self.engine.stop("measured")
        self.engine.join(PATIENCE)


def bare(dsn: str, steps: int) -> list[float]:
    """Milliseconds of the same statement by itself on a session that is open."""
    found = []
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("CREATE TABLE bare (id int PRIMARY KEY)")
        for number in range(steps):
            began = time.perf_counter()
            session.execute(f"ALTER TABLE bare ADD COLUMN c{number} int".encode())
            found.append((time.perf_counter() - began) * 1000)
    return found[WARM:]


def measured(dsn: str, steps: int, starts: int) -> dict[str, object]:
    """Steps on an open console, first steps of consoles just connected, and the bare statement."""
    with psycopg.connect(dsn, autocommit=True) as session:
        for table in ("open", *(f"first{number}" for number in range(starts))):
            session.execute(f"CREATE TABLE {table} (id int PRIMARY KEY)".encode())
    journeys = Journeys()
    with journeys.counting():
        console = Console(dsn, "open", steps)
        warm = [console.run(number) for number in range(WARM)]
        journeys.counted.clear()
        found = [console.run(number) for number in range(WARM, steps)]
        holder = console.engine.snapshot.conductor_backend
        working = journeys.counted.pop(0 if holder is None else holder.pid)
        console.end()
    firsts = []
    for number in range(starts):
        console = Console(dsn, f"first{number}", 1)
        firsts.append(console.run(0))
        console.end()
    alone = bare(dsn, steps)
    return {
        "steps": len(found),
        "step_ms": {"median": round(statistics.median(found), 1), "least": round(min(found), 1)},
        "after_connecting_ms": {"median": round(statistics.median(firsts), 1), "least": round(min(firsts), 1)},
        "bare_ms": {"median": round(statistics.median(alone), 2), "least": round(min(alone), 2)},
        "first_of_the_run_ms": round(warm[0], 1),
        "cost_ms": round(statistics.median(found) - statistics.median(alone), 1),
        "journeys": {
            "working": round(working / len(found), 1),
            "journal": round(max(journeys.counted.values()) / len(found), 1),
        },
    }


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="20 steps, 3 consoles")
    given = parser.parse_args()
    steps, starts = (20, 3) if given.quick else (given.steps, given.starts)
    folder = claim_folder("zdtui-bench-step")
    cluster = Cluster.create(folder.path / "server", 18, ClusterSettings(superuser_on_loopback=True))
    try:
        cluster.start()
        figures = measured(cluster.dsn("postgres", SUPERUSER), steps + WARM, starts)
    finally:
        cluster.stop("immediate")
        folder.remove()
    print(json.dumps({"benchmark": "step", **figures, "machine": machine()}))


if __name__ == "__main__":
    main()
