"""What it costs to make a key bigint that three tables refer to: the plan that `zdtui draft` writes, under load.

`make bench-widen-key`. A server of its own; the application is a process of its own that goes on writing orders with
what refers to them, changing them and deleting them, and reads beside. The drafted plan goes to the switch; the
application writes 10 000 rows more; the switch is taken back; then it is made again, and the plan ends. Every
acknowledged write has to be there each time. `held_ms`: for how long ACCESS EXCLUSIVE was seen on the key's table,
looked at a thousand times a second; `statements_ms`: what the statements took of it, as the journal has them.
`stall_ms`: the longest that a transaction of the application took meanwhile. The last line is JSON.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks.machine import machine
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.draft.draft import draft_plan
from zdtui.draft.live import known_of_server
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, StepId, WaitAction
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.decide import undoable
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus
from zdtui.sql.text.name import Name

PATIENCE = 3600.0
AFTER_SWITCH = 10_000
CHILDREN = ("items", "payments", "visits")
SETUP = """
CREATE TABLE orders (id serial PRIMARY KEY, total int NOT NULL, note text);
CREATE TABLE items (id bigserial PRIMARY KEY, order_id int NOT NULL REFERENCES orders ON DELETE CASCADE, n int);
CREATE TABLE payments (id bigserial PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE, n int);
CREATE TABLE visits (id bigserial PRIMARY KEY, order_id int NOT NULL REFERENCES orders ON DELETE CASCADE, n int);
INSERT INTO orders (total, note) SELECT g, 'n' FROM generate_series(1, {rows}) g;
INSERT INTO items (order_id, n) SELECT g, g FROM generate_series(1, {children}) g;
INSERT INTO payments (order_id, n) SELECT g, g FROM generate_series(1, {children}) g;
INSERT INTO visits (order_id, n) SELECT g, g FROM generate_series(1, {children}) g;
CREATE INDEX ON items (order_id);
CREATE INDEX ON payments (order_id);
CREATE INDEX ON visits (order_id, n);
VACUUM ANALYZE
"""
LOCKED = """
SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'orders'::regclass)
"""


class Application:
    """In a process of its own: two sessions that write and one that reads."""

    def __init__(self, dsn: str, told: Connection) -> None:
        self.dsn, self.told = dsn, told
        self.expected: dict[int, int | None] = {}
        """By order what its total has to be; None: it was deleted."""
        self.longest = 0.0
        self.written = 0
        self.over = threading.Event()
        self.rest = threading.Event()
        self.pauses = 0
        self.resting = threading.Semaphore(0)

    def work(self) -> None:
        """Until the other end says so."""
        threads = [threading.Thread(target=each) for each in (self.write, self.write, self.read)]
        for thread in threads:
            thread.start()
        while (asked := self.told.recv()) != "end":
            if asked == "pause":
                self.rest.set()
                self.pauses += 1
                for _ in threads:
                    self.resting.acquire()
                self.told.send(dict(self.expected))
            elif asked == "go on":
                self.rest.clear()
            else:
                self.told.send((self.written, self.longest * 1000))
                self.longest = 0.0
        self.over.set()
        for thread in threads:
            thread.join()

    def each(self, what: Callable[[psycopg.Connection[Any], int], None]) -> None:
        """Again and again, a pause between; a deadlock with the swap is tried again, as an application would."""
        with psycopg.connect(self.dsn, autocommit=True, prepare_threshold=None) as session:
            number = rested = 0
            while not self.over.is_set():
                if self.pauses > rested:
                    rested += 1
                    self.resting.release()
                    while self.rest.is_set() and self.pauses == rested and not self.over.is_set():
                        time.sleep(0.005)
                    continue
                number += 1
                began = time.perf_counter()
                try:
                    what(session, number)
                except psycopg.errors.DeadlockDetected:
                    continue
                self.longest = max(self.longest, time.perf_counter() - began)

    def write(self) -> None:
        """Orders with what refers to them; then one of them is changed, and now and then one deleted."""
        mine: list[int] = []

        def once(session: psycopg.Connection[Any], number: int) -> None:
            with session.transaction():
                row = session.execute(
                    "INSERT INTO orders (total, note) VALUES (%s, 'w') RETURNING id", [number]
                ).fetchone()
                assert row is not None
                for child in CHILDREN:
                    session.execute(f"INSERT INTO {child} (order_id, n) VALUES (%s, %s)".encode(), [row[0], number])
            mine.append(row[0])
            self.expected[row[0]] = number
            self.written += 1 + len(CHILDREN)
            other = mine[number * 7919 % len(mine)]
            if number % 50 == 0:
                session.execute("DELETE FROM orders WHERE id = %s", [other])
                self.expected[other] = None
            elif self.expected[other] is not None:
                session.execute("UPDATE orders SET total = %s WHERE id = %s", [-number, other])
                self.expected[other] = -number

        self.each(once)

    def read(self) -> None:
        """One order with its items, by the key."""

        def once(session: psycopg.Connection[Any], number: int) -> None:
            text = "SELECT o.id, o.total, i.n FROM orders o LEFT JOIN items i ON i.order_id = o.id WHERE o.id = %s"
            session.execute(text, [number * 7919 % 100_000]).fetchall()

        self.each(once)


def application(dsn: str, told: Connection) -> None:
    """The process."""
    Application(dsn, told).work()


class Looking:
    """For how long ACCESS EXCLUSIVE was seen on the key's table."""

    def __init__(self, dsn: str) -> None:
        self.dsn, self.longest, self.over = dsn, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Looking":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as session:
            before, since = time.perf_counter(), None
            while not self.over.is_set():
                row = session.execute(LOCKED).fetchone()
                now = time.perf_counter()
                if row is not None and row[0]:
                    since = before if since is None else since
                    self.longest = max(self.longest, now - since)
                else:
                    since = None
                before = now
                time.sleep(0.001)


class Console:
    """An engine without a screen on the drafted plan."""

    def __init__(self, dsn: str, plan: Plan) -> None:
        self.plan, self.dsn = plan, dsn
        self._changed = threading.Event()
        self.engine = Engine(plan, Target(dsn), operator="bench")
        self.engine.subscribe(self._changed.set)
        self.engine.start()
        self.until(lambda: self.engine.snapshot.connection_state is ConnectionState.CONNECTED)
        self.engine.submit(c.SetThrottleLevel(c.ThrottleLevel.FULL))

    def run(self, first: str | None, last: str | None) -> dict[str, float]:
        """The steps from `first` to `last`, both included; the seconds of each."""
        begin = 0 if first is None else self.plan.index(first)
        end = len(self.plan.steps) if last is None else self.plan.index(last) + 1
        took = {}
        for step in self.plan.steps[begin:end]:
            if self.engine.snapshot.run.step(step.id).status is StepStatus.DONE:
                continue
            began = time.perf_counter()
            self.engine.submit(c.RunStep(step.id, step_digest(step), str(step.id)))
            self.until(partial(self.is_over, step.id))
            state = self.engine.snapshot.run.step(step.id)
            if state.status is not StepStatus.DONE:
                raise SystemExit(f"{step.id} ended as {state}")
            took[str(step.id)] = round(time.perf_counter() - began, 2)
            print(f"{step.id}: {took[str(step.id)]} s", file=sys.stderr)
        return took

    def is_over(self, step: StepId) -> bool:
        """Whether the step is done or stands."""
        over = (StepStatus.DONE, StepStatus.HELD, StepStatus.FAILED)
        return self.engine.snapshot.run.step(step).status in over and not self.engine.snapshot.activity

    def roll_back_to(self, name: str) -> float:
        """The seconds until the step and those after it are taken back."""
        steps = undoable(self.plan, self.engine.snapshot.run)
        chosen = steps[: [each.id for each in steps].index(self.plan.step(name).id) + 1]
        began = time.perf_counter()
        self.engine.submit(c.RollBack(tuple(each.id for each in chosen), rollback_digest(chosen), name))
        self.until(lambda: self.engine.snapshot.run.step(self.plan.step(name).id).status is StepStatus.PENDING)
        self.until(lambda: not self.engine.snapshot.activity)
        return round(time.perf_counter() - began, 2)

    def on_server(self, name: str) -> float:
        """Milliseconds that the statements of the step's last attempt took, as the journal has them."""
        took: list[float] = []
        for each in self.engine.snapshot.run.log:
            if each.step == name and isinstance(each.event, e.StatementFinished):
                took = [each.event.seconds] if each.event.index == 0 else [*took, each.event.seconds]
        return ms(sum(took[1:]))

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
        self.engine.join(60)


def lost(dsn: str, told: Connection, columns: tuple[str, str]) -> int:
    """Acknowledged writes that are not there, by the key's and the references' columns of those names."""
    told.send("pause")
    expected: dict[int, int | None] = told.recv()
    key, reference = columns
    with psycopg.connect(dsn) as session:
        found = session.execute(f"SELECT {key}, total FROM orders WHERE note = 'w'".encode()).fetchall()
        totals: dict[int, int] = dict(found)
        wrong = {order for order, total in expected.items() if totals.get(order) != total}
        kept = {order for order, total in expected.items() if total is not None}
        for child in CHILDREN:
            rows = session.execute(
                f"SELECT {reference} FROM {child} WHERE {reference} > %s".encode(), [min(expected) - 1]
            )
            wrong |= kept ^ {row[0] for row in rows}
    told.send("go on")
    return len(wrong)


def figures(told: Connection) -> tuple[int, float]:
    """Rows written so far, and the longest statement since the last time somebody asked."""
    told.send("figures")
    written, stall = told.recv()
    return int(written), float(stall)


def there_back_and_there(dsn: str, plan: Plan, told: Connection) -> dict[str, object]:
    """The whole way, with what it cost."""
    console = Console(dsn, plan)
    before = console.run(None, "analyze-id")
    figures(told)
    with Looking(dsn) as switch:
        console.run(None, "swap-id")
    at_switch, stall_switch = figures(told)
    of_switch = console.on_server("swap-id")
    while figures(told)[0] < at_switch + AFTER_SWITCH:
        time.sleep(0.2)
    lost_switch = [lost(dsn, told, names) for names in (("id", "order_id"), ("id_old", "order_id_old"))]
    after, _ = figures(told)
    with Looking(dsn) as back:
        seconds = console.roll_back_to("swap-id")
    _, stall_back = figures(told)
    of_back = console.on_server("swap-id")
    lost_back = [lost(dsn, told, names) for names in (("id", "order_id"), ("id_new", "order_id_new"))]
    figures(told)
    with Looking(dsn) as again:
        console.run(None, "renew-way-back-id")
    _, stall_again = figures(told)
    lost_again = [lost(dsn, told, names) for names in (("id", "order_id"), ("id_old", "order_id_old"))]
    console.run(None, None)
    lost_end = lost(dsn, told, ("id", "order_id"))
    console.end()
    return {
        "steps": len(plan.steps),
        "to_the_switch_s": round(sum(before.values()), 1),
        "slowest_s": dict(sorted(before.items(), key=lambda each: -each[1])[:5]),
        "switch": {
            "held_ms": ms(switch.longest),
            "statements_ms": of_switch,
            "stall_ms": round(stall_switch, 1),
            "lost": lost_switch,
        },
        "written_after_it": after - at_switch,
        "back": {
            "held_ms": ms(back.longest),
            "statements_ms": of_back,
            "stall_ms": round(stall_back, 1),
            "lost": lost_back,
            "seconds": seconds,
        },
        "again": {"held_ms": ms(again.longest), "stall_ms": round(stall_again, 1), "lost": lost_again},
        "lost_in_the_end": lost_end,
        "written": figures(told)[0],
    }


def ms(seconds: float) -> float:
    """Milliseconds, for a figure."""
    return round(seconds * 1000, 1)


def measured(dsn: str, rows: int, children: int) -> dict[str, object]:
    """The figures of one server."""
    with psycopg.connect(dsn, autocommit=True) as session:
        for text in SETUP.format(rows=rows, children=children).split(";"):
            session.execute(text.encode())
    known = asyncio.run(known_of_server(Target(dsn), {Name(None, "orders")}))
    plan = parse_plan(draft_plan("ALTER TABLE orders ALTER COLUMN id TYPE bigint", known).text, "widen.yaml")
    plan = plan.model_copy(
        update={"steps": tuple(each for each in plan.steps if not isinstance(each.action, WaitAction))}
    )
    ours, theirs = multiprocessing.Pipe()
    worker = multiprocessing.get_context("spawn").Process(target=application, args=(dsn, theirs), daemon=True)
    worker.start()
    try:
        return there_back_and_there(dsn, plan, ours)
    finally:
        ours.send("end")
        worker.join(30)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000, help="of the table whose key it is")
    parser.add_argument("--children", type=int, default=500_000, help="rows of each table that refers to it")
    parser.add_argument("--version", type=int, default=18)
    given = parser.parse_args()
    folder = claim_folder("zdtui-bench-widen-key")
    cluster = Cluster.create(folder.path / "server", given.version, ClusterSettings(superuser_on_loopback=True))
    try:
        cluster.start()
        found = measured(cluster.dsn("postgres", SUPERUSER), given.rows, given.children)
    finally:
        cluster.stop("immediate")
        folder.remove()
    shape = {"rows": given.rows, "children": given.children, "postgres": given.version}
    print(json.dumps({"benchmark": "widen key", **shape, **found, "machine": machine()}))


if __name__ == "__main__":
    main()
