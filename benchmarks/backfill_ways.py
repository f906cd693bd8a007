"""The ways to fill a column that are compared: one UPDATE, what others do, written fresh, and zdtui's own engine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zdtui.plan.load import parse_plan
from zdtui.plan.model import StepId
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

NEW_VALUE = "'value ' || a"
PLAN = """
zdtui: 1
name: bench-backfill
title: A column to fill
guards: {{replication_lag: off, blocked_sessions: off}}
throttle: {{replication_lag: off, archive_backlog: off, autovacuum: ignore}}
steps:
  - id: fill
    title: Fill
    phase: backfill
    backfill: {{table: public.t, set: {{x: "'value ' || a"}}{more}}}
    rollback: {{none: it is a benchmark}}
"""
STEP = StepId("fill")
ENDED = (StepStatus.DONE, StepStatus.FAILED, StepStatus.HELD)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a way came to."""

    seconds: float
    rows: int
    wal_bytes: int
    growth: float
    """Size of the table with its indexes after it, over that before."""
    batches_ms: tuple[float, ...] = ()
    rss_mb: float = 0.0

    @property
    def rows_per_s(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds

    @property
    def longest_ms(self) -> float:
        """Milliseconds of the longest batch."""
        return max(self.batches_ms, default=0.0)


ScanMethod = Callable[[str], tuple[float, int, list[float]]]
"""Takes a DSN; seconds, rows changed, and milliseconds of each batch."""


def measured(dsn: str, way: ScanMethod) -> Ran:
    """Run it on a fresh table."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        size, wal = _size(connection), _wal(connection)
        seconds, rows, batches = way(dsn)
        grown, written = _size(connection) / size, _wal(connection) - wal
    return Ran(seconds, rows, written, grown, tuple(batches), _rss_mb())


def one_update(dsn: str) -> tuple[float, int, list[float]]:
    """The limit, as it is thought to be: everything in one statement."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        began = time.perf_counter()
        rows = connection.execute(f"UPDATE t SET x = {NEW_VALUE} WHERE x IS NULL").rowcount
        return time.perf_counter() - began, rows, []


def as_pgroll_does(dsn: str) -> tuple[float, int, list[float]]:
    """Rows of the next thousand keys locked in a CTE, updated by a join with it, the last key returned."""
    sql = (
        "WITH batch AS (SELECT id FROM t WHERE id > %s ORDER BY id LIMIT 1000 FOR NO KEY UPDATE),"
        f" changed AS (UPDATE t SET x = {NEW_VALUE.replace('%', '%%')} FROM batch WHERE t.id = batch.id RETURNING t.id)"
        " SELECT count(*), max(id) FROM changed"
    )
    batches: list[float] = []
    done, last = 0, 0
    with psycopg.connect(dsn, autocommit=True) as connection:
        began = time.perf_counter()
        while True:
            before = time.perf_counter()
            found = connection.execute(sql, [last]).fetchone()
            assert found is not None
            if not found[0]:
                return time.perf_counter() - began, done, batches
            done, last = done + found[0], found[1]
            batches.append((time.perf_counter() - before) * 1000)


def as_everybody_does(dsn: str, share: float) -> tuple[float, int, list[float]]:
    """`WHERE id IN (SELECT ... WHERE x IS NULL ORDER BY id LIMIT 1000)` until a share of the rows is done.

    It walks over all that is done for every batch, so that the whole would take the square of the time.
    """
    sql = f"UPDATE t SET x = {NEW_VALUE} WHERE id IN (SELECT id FROM t WHERE x IS NULL ORDER BY id LIMIT 1000)"
    done, batches = 0, []
    with psycopg.connect(dsn, autocommit=True) as connection:
        counted = connection.execute("SELECT reltuples FROM pg_class WHERE oid = 't'::regclass").fetchone()
        assert counted is not None
        began = time.perf_counter()
        while done < counted[0] * share:
            before = time.perf_counter()
            done += connection.execute(sql).rowcount
            batches.append((time.perf_counter() - before) * 1000)
        return time.perf_counter() - began, done, batches


def zdtui(more: str = ", where: x IS NULL", effort: c.ThrottleLevel = c.ThrottleLevel.FULL) -> ScanMethod:
    """The engine as the console uses it, the backfill with these keys besides table and set."""

    def way(dsn: str) -> tuple[float, int, list[float]]:
        with Console(dsn, more) as console:
            console.start(effort)
            began = time.perf_counter()
            while (status := console.status) not in ENDED:
                console.look()
                time.sleep(0.01)
            seconds = time.perf_counter() - began
            if status is not StepStatus.DONE:
                raise SystemExit(f"the backfill ended as {status}: {console.engine.snapshot.run.step(STEP).message}")
            return seconds, console.engine.snapshot.run.step(STEP).rows or 0, console.batches_ms

    return way


class Console:
    """An engine without a screen, connected; its step not begun."""

    def __init__(self, dsn: str, more: str) -> None:
        self.plan = parse_plan(PLAN.format(more=more), "bench-backfill.yaml")
        self.engine = Engine(self.plan, Target(dsn))
        self.batches_ms: list[float] = []

    def __enter__(self) -> "Console":
        self.engine.start()
        until(lambda: self.engine.snapshot.connection_state is ConnectionState.CONNECTED, "connected")
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop("the benchmark is over", force=True)
        self.engine.join(10.0)

    @property
    def status(self) -> StepStatus:
        """Of the step."""
        return self.engine.snapshot.run.step(STEP).status

    @property
    def rows(self) -> int:
        """Changed so far, while it works."""
        activity = self.engine.snapshot.activity
        return 0 if activity is None or activity.progress is None else activity.progress.rows

    def start(self, effort: c.ThrottleLevel) -> None:
        """Run the step, and wait until it works."""
        step = self.plan.steps[0]
        self.engine.submit(c.SetThrottleLevel(effort))
        self.engine.submit(c.RunStep(step.id, step_digest(step), "y"))
        until(lambda: self.engine.snapshot.activity is not None or self.status in ENDED, "the backfill began", 0.0005)

    def look(self) -> None:
        """Note the longest batch so far."""
        activity = self.engine.snapshot.activity
        progress = None if activity is None else activity.progress
        if progress is not None:
            self.batches_ms = [progress.longest_seconds * 1000]


def pauses(dsn: str, times: int) -> list[float]:
    """Milliseconds from the key to the pause, several times in the middle of the work."""
    found: list[float] = []
    with Console(dsn, ", where: x IS NULL") as console:
        for _ in range(times):
            console.start(c.ThrottleLevel.FULL)
            time.sleep(0.4)
            if console.status in ENDED:
                break
            began = time.perf_counter()
            console.engine.submit(c.Pause())
            until(lambda: console.status in ENDED, "paused", 0.0005)
            found.append((time.perf_counter() - began) * 1000)
            until(lambda: console.engine.snapshot.activity is None, "it has stopped")
    return found


class OldSnapshot:
    """Somebody's report: a snapshot held as long as it is open."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, application_name="a report")

    def __enter__(self) -> None:
        self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self.connection.execute("SELECT 1 FROM t LIMIT 1")

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def until(condition: Callable[[], object], what: str, every: float = 0.02) -> None:
    """Wait for at most a minute."""
    end = time.monotonic() + 60.0
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"never: {what}")
        time.sleep(every)


def median(ran: list[Ran], figure: Callable[[Ran], float]) -> float:
    """Of several runs."""
    return statistics.median(figure(each) for each in ran)


def _size(connection: psycopg.Connection[tuple[int]]) -> int:
    found = connection.execute("SELECT pg_total_relation_size('t')").fetchone()
    assert found is not None
    return found[0]


def _wal(connection: psycopg.Connection[tuple[int]]) -> int:
    found = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
    assert found is not None
    return found[0]


def _rss_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
