"""A standby that replays slowly: how fast a backfill may go, and how near zdtui comes to that without being told.

`make bench-lag`. A primary and a streaming standby of their own; the standby's replay is stopped and let go again by
signals, so that it works for a fixed share of the time. First the best constant rate is looked for by halving: the
most rows a second, in batches of 1 000 on a clock, that keep the replay lag under the limit. Then the real engine runs
the same backfill at full speed with that limit as its throttle. Both lags come
from the same watcher. The last line is JSON.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks.backfill_ways import until
from benchmarks.machine import machine
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.demo.processes import children_of, command_line
from zdtui.demo.shop import wait_for_standby
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.watch.samples import Unseen

REPLAYS, RESTS = 0.002, 0.06
"""Seconds the standby's replay works and is stopped, again and again."""
BATCH = 1000
HIGHEST = 120_000.0
"""Rows a second: twice what the search begins with."""
PLAN = """
zdtui: 1
name: bench-lag
title: A backfill beside a slow standby
guards: {{replication_lag: off, blocked_sessions: off}}
throttle: {{replication_lag: {limit}, autovacuum: ignore}}
steps:
  - id: fill
    title: Fill
    phase: backfill
    backfill: {{table: public.t, set: {{v: v + 1}}}}
    rollback: {{none: it is a benchmark}}
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    rows: int = 5_000_000
    seconds: float = 20.0
    """Of each measurement."""
    limit: float = 2.0
    """Seconds of replay lag that are not to be exceeded."""
    halvings: int = 6
    """Of the search for the best constant rate."""
    runs: int = 3
    """Of zdtui."""


QUICK = Extent(rows=400_000, seconds=3.0, limit=1.0, halvings=3, runs=1)
"""A limit that so short a run could exceed."""


@dataclass
class SlowReplay:
    """Stops and continues the standby's startup process until it is closed."""

    pid: int
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin, on a thread."""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.ended.is_set():
            os.kill(self.pid, signal.SIGCONT)
            time.sleep(REPLAYS)
            os.kill(self.pid, signal.SIGSTOP)
            time.sleep(RESTS)
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Let it replay freely again."""
        self.ended.set()
        self.thread.join()


@dataclass
class Lags:
    """The replay lag as the engine's watcher sees it, taken ten times a second on a thread."""

    engine: Engine
    seen: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin."""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.ended.wait(0.1):
            self.seen.append(self.now)

    @property
    def now(self) -> float:
        """Seconds."""
        sample = self.engine.snapshot.samples.replication.sample
        lag = None if sample is None else sample.worst_lag
        assert not isinstance(lag, Unseen), lag.why
        return 0.0 if lag is None else lag.total_seconds()

    def stop(self) -> float:
        """The worst of all."""
        self.ended.set()
        self.thread.join()
        return max(self.seen, default=0.0)


def constant_rate(dsn: str, extent: Extent, rate: float, engine: Engine) -> tuple[float, float]:
    """Rows a second really changed, and the worst lag, at a fixed rate."""
    drained(engine)
    lags = Lags(engine)
    lags.start()
    done, began = 0, time.monotonic()
    with psycopg.connect(dsn, autocommit=True) as connection:
        while (worked := time.monotonic() - began) < extent.seconds:
            at = done % extent.rows
            connection.execute("UPDATE t SET v = v + 1 WHERE id > %s AND id <= %s", (at, at + BATCH))
            done += BATCH
            time.sleep(max(0.0, done / rate - (time.monotonic() - began)))
    worked = time.monotonic() - began
    time.sleep(extent.limit)
    return done / worked, lags.stop()


def drained(engine: Engine) -> None:
    """Wait until the standby has replayed everything."""
    lags = Lags(engine)
    until(lambda: lags.now < 0.2, "the standby has caught up")


def best_constant(dsn: str, extent: Extent, engine: Engine) -> float:
    """The most rows a second that kept the lag under the limit."""
    low, high, best = 0.0, HIGHEST, 0.0
    for _ in range(extent.halvings):
        rate = (low + high) / 2
        real, worst = constant_rate(dsn, extent, rate, engine)
        print(f"constant {rate:9,.0f} rows/s: really {real:9,.0f}, worst lag {worst:.2f} s", flush=True)
        if worst <= extent.limit:
            low, best = rate, max(best, real)
        else:
            high = rate
    return best


def throttled(plan: Plan, extent: Extent, engine: Engine) -> tuple[float, float]:
    """Rows a second after the first quarter, in which it learns, and the worst lag of all the time."""
    drained(engine)
    lags = Lags(engine)
    step = plan.steps[0]
    engine.submit(c.SetThrottleLevel(c.ThrottleLevel.FULL))
    engine.submit(c.RunStep(step.id, step_digest(step), "y"))
    until(lambda: rows_of(engine) > 0, "the backfill began")
    lags.start()
    time.sleep(extent.seconds / 4)
    began, before = time.monotonic(), rows_of(engine)
    time.sleep(extent.seconds)
    rate = (rows_of(engine) - before) / (time.monotonic() - began)
    engine.submit(c.Pause())
    until(lambda: engine.snapshot.activity is None, "the backfill paused")
    time.sleep(extent.limit)
    return rate, lags.stop()


def rows_of(engine: Engine) -> int:
    """Rows the backfill has changed."""
    activity = engine.snapshot.activity
    return 0 if activity is None or activity.progress is None else activity.progress.rows


def main() -> None:
    """Measure, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=Extent().seconds, help="of each measurement")
    arguments.add_argument("--rows", type=int, default=Extent().rows)
    arguments.add_argument("--quick", action="store_true", help="three seconds, a limit of one")
    chosen = arguments.parse_args()
    extent = QUICK if chosen.quick else Extent(chosen.rows, chosen.seconds)
    folder = claim_folder("zdtui-bench")
    settings = ClusterSettings(parameters={"wal_receiver_status_interval": "1s", "autovacuum": "off"})
    primary = Cluster.create(folder.path / "primary", 18, settings)
    standby: Cluster | None = None
    try:
        primary.start()
        with psycopg.connect(primary.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL, pad text) WITH (fillfactor = 80)")
            connection.execute(f"INSERT INTO t SELECT g, 0, repeat('x', 100) FROM generate_series(1, {extent.rows}) g")
            connection.execute("VACUUM ANALYZE t")
        standby = primary.make_standby(folder.path / "standby")
        wait_for_standby(primary, standby.name)
        measure(primary.dsn(), standby, extent)
    finally:
        for cluster in (standby, primary):
            if cluster is not None:
                cluster.stop("immediate")
        folder.remove()


def measure(dsn: str, standby: Cluster, extent: Extent) -> None:
    """Both ways, and the JSON line."""
    plan = parse_plan(PLAN.format(limit=f"{extent.limit:g}s"), "bench-lag.yaml")
    startup = next(pid for pid in children_of(standby.pid) if "startup" in command_line(pid))
    slow = SlowReplay(startup)
    engine = Engine(plan, Target(dsn))
    engine.start()
    until(lambda: engine.snapshot.connection_state is ConnectionState.CONNECTED, "connected")
    slow.start()
    try:
        best = best_constant(dsn, extent, engine)
        rates, worst = [], []
        for _ in range(extent.runs):
            rate, lag = throttled(plan, extent, engine)
            print(f"zdtui: {rate:,.0f} rows/s, worst lag {lag:.2f} s", flush=True)
            rates.append(rate)
            worst.append(lag)
    finally:
        slow.stop()
        engine.stop("the benchmark is over", force=True)
        engine.join(10.0)
    figures = {
        "worst_lag_s": round(max(worst), 2),
        "limit_s": extent.limit,
        "ratio_best_constant": round(statistics.median(rates) / best, 2) if best else None,
        "best_constant_rows_per_s": round(best),
        "rows_per_s": round(statistics.median(rates)),
    }
    print(json.dumps({"benchmark": "lag", **figures, "machine": machine()}))


if __name__ == "__main__":
    main()
