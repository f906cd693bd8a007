"""What ALTER TABLE on a busy table costs the application, and how soon it is done: plainly, by retrying, and by zdtui.

`make bench-locks`. A server of its own; the application is a process of its own that sends reads at a fixed rate,
whatever becomes of the ones before (open loop): a stall is the time from when a read was due to its answer.

Scenarios. `holder`: a transaction reads the table and stays open for 3 s, again and again, 0.5 s apart. `overlap`:
sixteen sessions whose transactions of 50 ms overlap without a gap. `crowd`: as `holder`, with 1 000 connections.
Ways. `none`: no DDL. `plain`: ALTER TABLE without any timeout. `retry`: a lock_timeout of 500 ms and an exponential
backoff from 1 s with jitter, tried again until it works, as pgroll does (strong_migrations: the same with its own
figures). `zdtui`: the engine, a confirmed step, the plan's defaults. `gap`: how soon after the end of
the transaction in the way our statement is done. The last line is JSON.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks.machine import machine
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.plan.load import load_plan
from zdtui.plan.model import Step
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

ROWS = 10_000
RATE = 400
"""Reads a second."""
HOLD, APART, ORDERED = 3.0, 0.5, 1.0
"""Seconds a holder stays, between two, and after it began until the DDL is ordered."""
QUICK_HOLD, QUICK_ORDERED = 1.5, 0.5
"""The same of a quick run."""
LONGEST = 20.0
"""Seconds after which a way that has not got its lock is given up: done_s is then null."""
AFTER = 0.3
"""Seconds after the DDL that still count: what it held up has to come through."""
WAYS = ("none", "plain", "retry", "zdtui")
APPLICATION = Path(__file__).with_name("locks_application.py")


@dataclass(frozen=True)
class Scenario:
    """What the application does meanwhile."""

    name: str
    connections: int = 50
    overlapping: int = 0
    """Sessions whose transactions of 50 ms overlap."""
    holder: bool = False


SCENARIOS = (
    Scenario("holder", holder=True),
    Scenario("overlap", overlapping=16),
    Scenario("crowd", connections=1000, holder=True),
)


class Application:
    """The process that reads, told by lines on its standard input."""

    def __init__(self, dsn: str, scenario: Scenario) -> None:
        arguments = [dsn, str(scenario.connections), str(RATE), str(scenario.overlapping), str(ROWS)]
        self._process = subprocess.Popen(
            [sys.executable, str(APPLICATION), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._said() != {"ready": True}:
            raise SystemExit("the application did not start")

    def worst(self, began: float, ended: float) -> float:
        """Milliseconds of the worst stall of what was due between two moments of time.monotonic()."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{began} {ended}\n")
        self._process.stdin.flush()
        return float(self._said()["worst_ms"])

    def _said(self) -> dict[str, float]:
        assert self._process.stdout is not None
        found: dict[str, float] = json.loads(self._process.stdout.readline() or "{}")
        return found

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()


class Holder:
    """A session that reads the table and stays in its transaction, again and again."""

    def __init__(self, dsn: str, hold: float) -> None:
        self._hold = hold
        self._over = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._go_on, args=(dsn,), daemon=True)
        self._thread.start()

    def wait_for_the_next(self) -> None:
        """Until a transaction has just begun to hold."""
        self._begun.clear()
        self._begun.wait(self._hold + APART + 10)

    def _go_on(self, dsn: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as session:
            while not self._over.is_set():
                with session.transaction():
                    session.execute("SELECT v FROM t WHERE id = 1")
                    self._begun.set()
                    self._over.wait(self._hold)
                self._over.wait(APART)

    def end(self) -> None:
        """Stop it."""
        self._over.set()
        self._thread.join(10)


def plain(dsn: str, column: str) -> float | None:
    """ALTER TABLE without any timeout."""
    with psycopg.connect(dsn, autocommit=True) as session:
        began = time.monotonic()
        session.execute(f"ALTER TABLE t ADD COLUMN {column} int".encode())
        return time.monotonic() - began


def retry(dsn: str, column: str) -> float | None:
    """lock_timeout 500 ms; after each refusal a pause that doubles from 1 s to a minute, half of it jitter."""
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("SET lock_timeout = '500ms'")
        began, pause = time.monotonic(), 1.0
        while time.monotonic() - began < LONGEST:
            try:
                session.execute(f"ALTER TABLE t ADD COLUMN {column} int".encode())
            except psycopg.errors.LockNotAvailable:
                time.sleep(pause * random.uniform(0.5, 1.0))
                pause = min(60.0, pause * 2)
            else:
                return time.monotonic() - began
    return None


class Console:
    """The engine, a run that is open, and a step that waits for a confirmation."""

    def __init__(self, dsn: str, column: str, folder: Path) -> None:
        name = f"add-{column.replace('_', '-')}"
        path = folder / f"{name}.yaml"
        path.write_text(
            f"zdtui: 1\nname: {name}\ntitle: A column\nsteps:\n"
            "  - id: open\n    title: Open the run\n    phase: expand\n    check: SELECT true\n"
            "    rollback: {none: nothing}\n"
            f"  - id: add\n    title: Add it\n    phase: expand\n"
            f"    sql: ALTER TABLE t ADD COLUMN {column} int\n    rollback: ALTER TABLE t DROP COLUMN {column}\n"
        )
        self.plan = load_plan(str(path))
        self._changed = threading.Event()
        self.engine = Engine(self.plan, Target(dsn), operator="bench")
        self.engine.subscribe(self._changed.set)
        self.engine.start()
        self._until(lambda: self.engine.snapshot.connection_state is ConnectionState.CONNECTED)
        self._confirm(self.plan.steps[0])

    def run(self) -> float | None:
        """Confirm the step; seconds until its success was written, in its own transaction."""
        began = time.time()
        self._confirm(self.plan.steps[1])
        done = self._done_at()
        return None if done is None else done - began

    def start_waiting(self) -> None:
        """Confirm the step, and return once it waits for somebody in its way."""
        step = self.plan.steps[1]
        self.engine.submit(c.RunStep(step.id, step_digest(step), "y"))
        self._until(lambda: (at := self.engine.snapshot.activity) is not None and at.locking is not None)

    def until_done(self) -> float:
        """The time at which its success was written."""
        self._until(lambda: self._done_at() is not None)
        return self._done_at() or 0.0

    def _done_at(self) -> float | None:
        log, step = self.engine.snapshot.run.log, self.plan.steps[1].id
        done = (each.at.timestamp() for each in log if isinstance(each.event, e.StepSucceeded) and each.step == step)
        return next(done, None)

    def _confirm(self, step: Step) -> None:
        self.engine.submit(c.RunStep(step.id, step_digest(step), "y"))
        over = (StepStatus.DONE, StepStatus.HELD, StepStatus.FAILED)
        self._until(lambda: self.engine.snapshot.run.step(step.id).status in over)

    def end(self) -> None:
        """Let go of the run."""
        self.engine.stop("measured")
        self.engine.join(10)

    def _until(self, reached: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not reached():
            if self.engine.failure or time.monotonic() - began > LONGEST + 10:
                said = self.engine.failure or self.engine.snapshot.refusal or self.engine.snapshot.verdict
                raise SystemExit(f"the engine: {said}")
            self._changed.clear()
            self._changed.wait(0.2)


@dataclass
class Bench:
    """One server, one scenario at a time."""

    dsn: str
    folder: Path
    hold: float
    """Seconds a holder stays."""
    ordered: float
    """Seconds after a holder has begun until the DDL is ordered."""
    number: int = 0

    def once(self, scenario: Scenario, way: str, application: Application, holder: Holder | None) -> dict[str, object]:
        """One run of one way: the worst stall and when it was done."""
        self.number += 1
        column = f"c{self.number}"
        console = Console(self.dsn, column, self.folder) if way == "zdtui" else None
        if holder is not None:
            holder.wait_for_the_next()
            time.sleep(self.ordered)
        began = time.monotonic()
        done = console.run() if console is not None else self._by(way, scenario, column)
        time.sleep(AFTER)
        worst = application.worst(began, time.monotonic())
        if console is not None:
            console.end()
        return {"worst_stall_ms": round(worst, 1), "done_s": None if done is None else round(done, 3)}

    def _by(self, way: str, scenario: Scenario, column: str) -> float | None:
        if way == "plain":
            return plain(self.dsn, column)
        if way == "retry":
            return retry(self.dsn, column)
        time.sleep(self.hold - self.ordered if scenario.holder else 1.0)
        return 0.0

    def gaps(self, runs: int) -> dict[str, float]:
        """Milliseconds from the end of the transaction in the way to the end of the statement, by our path."""
        found = [self._gap(place) for place in range(runs)]
        return {"median_ms": round(statistics.median(found), 1), "worst_ms": round(max(found), 1)}

    def _gap(self, place: int) -> float:
        self.number += 1
        console = Console(self.dsn, f"c{self.number}", self.folder)
        with psycopg.connect(self.dsn) as holder:
            holder.execute("SELECT v FROM t WHERE id = 1")
            console.start_waiting()
            time.sleep(0.25 + 0.0137 * place)
            holder.rollback()
            freed = time.time()
        done = console.until_done()
        console.end()
        return (done - freed) * 1000

    def scenario(self, scenario: Scenario, runs: int) -> dict[str, dict[str, object]]:
        """Every way, interleaved, the median of its runs."""
        application = Application(self.dsn, scenario)
        holder = Holder(self.dsn, self.hold) if scenario.holder else None
        found: dict[str, list[dict[str, object]]] = {way: [] for way in WAYS}
        try:
            for _ in range(runs):
                for way in WAYS:
                    found[way].append(self.once(scenario, way, application, holder))
                    sys.stderr.write(f"{scenario.name:8} {way:6} {found[way][-1]}\n")
        finally:
            if holder is not None:
                holder.end()
            application.end()
        return {way: median(found[way]) for way in WAYS}


def median(found: list[dict[str, object]]) -> dict[str, object]:
    """Key by key; done_s is null when one of the runs never got its lock."""
    stalls = [float(str(each["worst_stall_ms"])) for each in found]
    done = [each["done_s"] for each in found]
    every = [float(str(each)) for each in done if each is not None]
    return {
        "worst_stall_ms": round(statistics.median(stalls), 1),
        "done_s": round(statistics.median(every), 3) if len(every) == len(done) else None,
    }


@contextmanager
def served() -> Iterator[tuple[str, Path]]:
    """A server with the table, and a folder for plans."""
    folder = claim_folder("zdtui-bench-locks")
    settings = ClusterSettings(max_connections=1100, superuser_on_loopback=True)
    cluster = Cluster.create(folder.path / "pg", 18, settings)
    try:
        cluster.start()
        dsn = cluster.dsn("postgres", SUPERUSER)
        with psycopg.connect(dsn, autocommit=True) as session:
            session.execute("CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)")
            session.execute(f"INSERT INTO t SELECT g, 0 FROM generate_series(1, {ROWS}) AS g")
            session.execute("VACUUM ANALYZE t")
        yield dsn, folder.path
    finally:
        cluster.stop("immediate")
        folder.remove()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each way, under 30 s")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scenario", choices=[each.name for each in SCENARIOS], action="append")
    given = parser.parse_args()
    chosen = [each for each in SCENARIOS if not given.scenario or each.name in given.scenario]
    with served() as (dsn, folder):
        bench = Bench(dsn, folder, *((QUICK_HOLD, QUICK_ORDERED) if given.quick else (HOLD, ORDERED)))
        figures = {each.name: bench.scenario(each, 1 if given.quick else given.runs) for each in chosen}
        gap = bench.gaps(3 if given.quick else 25)
    sys.stdout.write(json.dumps({"benchmark": "locks", "machine": machine(), **figures, "gap": gap}) + "\n")


if __name__ == "__main__":
    main()
