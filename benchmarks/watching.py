"""What watching costs: transactions a second lost, processor time of the server and of ourselves, beside pg_activity.

`make bench-watching`. A server of its own with 10, 200 and 1 000 sessions, one in twenty of them in a transaction; with
1 000, 300 wait for one row. pgbench works beside as fast as it can, in short runs: with nobody watching, with zdtui's
watcher (every pane at 1 Hz, without a screen), with the same at 10 Hz, and with pg_activity at its default rate in a
terminal, interleaved. Who does not watch is stopped (SIGSTOP), so that its sessions stay as they are.

`tps_lost_percent`: a tenth of what the watcher at 10 Hz costs, because what it costs at 1 Hz is far below the noise of
pgbench: median over the rounds against nobody watching in the same round. `noise_percent`: a tenth of the standard
error, which is the error of that figure. Shares are of one core: `server_cpu_share` sums the backends watched from, to
the nanosecond (their CPU clocks: utime + stime without ticks), `cpu_share` is the watching process. The last line is
JSON; the figures of a pg_activity that is not installed are null.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks.machine import machine
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder

SIZES = (10, 200, 1000)
WAITING = {1000: 300}
"""Sessions that wait for one row, by size."""
IN_TRANSACTION = 20
"""One session of so many sits in a transaction."""
SETTLE = 0.4
"""Seconds after a watcher goes on: the poll it is late with is not counted."""
MAGNIFIED = 10
"""How often a second the watcher looks whose cost in transactions is measured."""
PATIENCE = 30.0
WHERE, HERE = b"\x1b[6n", b"\x1b[1;1R"
"""A terminal is asked where its cursor is, and what it answers."""
TABLE = "pgbench_accounts"
HEADLESS = Path(__file__).with_name("watching_headless.py")
PG_ACTIVITY = shutil.which("pg_activity", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used, all threads (clock_getcpuclockid(3): CPUCLOCK_SCHED of the pid)."""
    return time.clock_gettime((~pid << 3) | 2)


@dataclass
class Watching:
    """A process that watches, and the backends it watches from."""

    process: subprocess.Popen[str]
    backends: list[int] = field(default_factory=list)

    def go_on(self) -> None:
        """Watch."""
        self.process.send_signal(signal.SIGCONT)
        time.sleep(SETTLE)

    def rest(self) -> None:
        """Stand still."""
        self.process.send_signal(signal.SIGSTOP)
        self._until_stopped()

    def _until_stopped(self) -> None:
        end = time.monotonic() + PATIENCE
        while Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{type(self).__name__} did not stand still")
            time.sleep(0.01)

    def used(self) -> tuple[float, float]:
        """Seconds of processor so far: the backends', and its own."""
        return sum(cpu_seconds(pid) for pid in self.backends), cpu_seconds(self.process.pid)

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


class Headless(Watching):
    """zdtui's watcher, which looks so many times a second."""

    def __init__(self, dsn: str, rate: int) -> None:
        command = [sys.executable, str(HEADLESS), dsn, TABLE, str(1 / rate)]
        super().__init__(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if not said:
            raise SystemExit("the watcher did not start")
        self.backends = json.loads(said)["pids"]

    def rest(self) -> None:
        """Between two polls: a question that is left unanswered would cost the session."""
        assert self.process.stdin is not None
        self.process.stdin.write("rest\n")
        self.process.stdin.flush()
        self._until_stopped()


class PgActivity(Watching):
    """pg_activity in a terminal of 200 x 50 that is read and not drawn."""

    def __init__(self, dsn: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color"}
        super().__init__(
            subprocess.Popen(
                [str(PG_ACTIVITY), dsn],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=env,
                text=True,
                start_new_session=True,
            )
        )
        os.close(slave)
        self._drawn = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self._drawn.wait(PATIENCE):
            raise SystemExit("pg_activity drew nothing")
        time.sleep(SETTLE)
        with psycopg.connect(dsn, autocommit=True) as asking:
            found = asking.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_activity'")
            self.backends = [pid for (pid,) in found]
        if not self.backends:
            raise SystemExit("pg_activity has no session")

    def _read(self) -> None:
        """Everything it draws. It begins by asking where the cursor is, and waits 10 s for a terminal that is dumb."""
        seen = b""
        try:
            while data := os.read(self._master, 65536):
                seen = (seen + data)[-200_000:]
                if WHERE in data:
                    os.write(self._master, data.count(WHERE) * HERE)
                if b"PostgreSQL" in seen and b"Duration mode" in seen:
                    self._drawn.set()
        except OSError:
            return

    def end(self) -> None:
        """Kill it and hang up."""
        if self.process.poll() is None:
            super().end()
            os.close(self._master)


class Sessions:
    """The connections of an application."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._open: list[psycopg.Connection] = []

    def grow_to(self, size: int, waiting: int) -> None:
        """Open more; the last `waiting` of them wait for the row that the first one has."""
        while len(self._open) < size:
            place = len(self._open)
            session = psycopg.connect(self._dsn, autocommit=True, application_name=f"application {place}")
            session.execute("SELECT abalance FROM pgbench_accounts WHERE aid = %s", (place + 1,))
            if place % IN_TRANSACTION == 1:
                session.execute("BEGIN; SELECT abalance FROM pgbench_accounts WHERE aid = 1")
            self._open.append(session)
        if waiting:
            self._open[0].execute("BEGIN; UPDATE contended SET v = v + 1")
            free = [session for session in self._open if session.info.transaction_status == 0]
            for session in free[-waiting:]:
                session.pgconn.send_query(b"UPDATE contended SET v = v + 1 WHERE id = 1")
            self._until_waiting(waiting)

    def _until_waiting(self, wanted: int) -> None:
        end = time.monotonic() + PATIENCE
        with psycopg.connect(self._dsn, autocommit=True) as asking:
            while True:
                row = asking.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
                if row is not None and row[0] >= wanted:
                    return
                if time.monotonic() > end:
                    raise SystemExit(f"only {row} of {wanted} sessions wait")
                time.sleep(0.05)


@dataclass(frozen=True)
class Window:
    """One run of pgbench."""

    tps: float
    server_cpu: float
    """Share of a core of the backends watched from."""
    cpu: float


@dataclass(frozen=True)
class Bench:
    """pgbench on one server."""

    dsn: str
    pgbench: str
    seconds: int
    """Of a run in which processor time is measured."""
    tps_seconds: int
    """Of a run in which transactions are counted."""
    clients: int

    def run(self, watching: Watching | None, seconds: int) -> Window:
        """One run, watched or not."""
        if watching is None:
            return Window(self._tps(seconds), 0.0, 0.0)
        before, began = watching.used(), time.monotonic()
        tps = self._tps(seconds)
        after, passed = watching.used(), time.monotonic() - began
        return Window(tps, (after[0] - before[0]) / passed, (after[1] - before[1]) / passed)

    def _tps(self, seconds: int) -> float:
        how = ["-N", "-n", "-M", "prepared", "-c", str(self.clients), "-j", "1", "-T", str(seconds)]
        done = subprocess.run([self.pgbench, *how, self.dsn], capture_output=True, text=True, check=False)
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        if found is None:
            raise SystemExit(f"pgbench: {done.stderr.strip()}")
        return float(found.group(1))

    def measured(self, rounds: int) -> dict[str, float | None]:
        """The figures of the sessions that are open now."""
        names = ["none", "magnified", "zdtui", *(["pg_activity"] if PG_ACTIVITY else [])]
        watchers: dict[str, Watching] = {}
        found: dict[str, list[Window]] = {name: [] for name in names}
        try:
            for place in range(rounds):
                for name in _turned(names, place):
                    found[name].append(self._turn(name, watchers, last=place == rounds - 1))
                    sys.stderr.write(f"{name:12} {found[name][-1]}\n")
        finally:
            for each in watchers.values():
                each.end()
        return figures(found)

    def _turn(self, name: str, watchers: dict[str, Watching], last: bool) -> Window:
        """A watcher is started at its first turn, rests between its turns, and ends with its last."""
        if name == "none":
            return self.run(None, self.tps_seconds)
        if name == "magnified":
            return self._magnified()
        if name in watchers:
            watchers[name].go_on()
        else:
            watchers[name] = Headless(self.dsn, 1) if name == "zdtui" else PgActivity(self.dsn)
        window = self.run(watchers[name], self.seconds)
        if last:
            watchers[name].end()
        else:
            watchers[name].rest()
        return window

    def _magnified(self) -> Window:
        """It is never at rest, so it is started anew each time."""
        watching = Headless(self.dsn, MAGNIFIED)
        try:
            return self.run(watching, self.tps_seconds)
        finally:
            watching.end()


def _turned(names: list[str], place: int) -> list[str]:
    """Each round begins with another, so that none is always the first."""
    start = place % len(names)
    return names[start:] + names[:start]


def figures(found: dict[str, list[Window]]) -> dict[str, float | None]:
    """The keys of one size."""
    ours, theirs = found["zdtui"], found.get("pg_activity", [])
    lost, noise = _lost(found["none"], found["magnified"])
    return {
        "tps": round(statistics.median(each.tps for each in found["none"])),
        "tps_lost_percent": lost,
        "noise_percent": noise,
        "server_cpu_share": _mean([each.server_cpu for each in ours]),
        "cpu_share": _mean([each.cpu for each in ours]),
        "server_cpu_share_pg_activity": _mean([each.server_cpu for each in theirs]),
        "cpu_share_pg_activity": _mean([each.cpu for each in theirs]),
    }


def _lost(alone: Sequence[Window], watched: Sequence[Window]) -> tuple[float, float | None]:
    """Percent of the transactions lost to one look a second, and its standard error (None from a single round)."""
    losses = [
        100 / MAGNIFIED * (1 - with_it.tps / without.tps) for without, with_it in zip(alone, watched, strict=False)
    ]
    error = round(statistics.stdev(losses) / len(losses) ** 0.5, 2) if len(losses) > 1 else None
    return round(statistics.median(losses), 2), error


def _mean(shares: list[float]) -> float | None:
    return round(statistics.fmean(shares), 5) if shares else None


@contextmanager
def served() -> Iterator[Cluster]:
    """A server that does nothing by itself meanwhile."""
    folder = claim_folder("zdtui-bench-watching")
    quiet = {"autovacuum": "off", "checkpoint_timeout": "1h", "synchronous_commit": "off"}
    settings = ClusterSettings(max_connections=1100, superuser_on_loopback=True, parameters=quiet)
    cluster = Cluster.create(folder.path / "pg", 18, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        folder.remove()


def main() -> None:
    """Every size, one JSON line last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a second each; no noise then")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=2, help="of each run of pgbench")
    parser.add_argument("--clients", type=int, default=4, help="connections of pgbench")
    given = parser.parse_args()
    rounds, seconds, tps_seconds = (1, 1, 1) if given.quick else (given.rounds, given.seconds, given.seconds)
    if PG_ACTIVITY is None:
        sys.stderr.write("pg_activity is not installed (pip install --group bench): its figures are null\n")
    with served() as cluster:
        dsn = cluster.dsn("postgres", SUPERUSER)
        bench = Bench(dsn, cluster.binaries.program("pgbench"), seconds, tps_seconds, given.clients)
        subprocess.run([bench.pgbench, "-i", "-q", "-s", "5", dsn], capture_output=True, check=True)
        with psycopg.connect(dsn, autocommit=True) as session:
            session.execute("CREATE TABLE contended AS SELECT 1 AS id, 0 AS v")
        sessions, found = Sessions(dsn), {}
        for size in SIZES:
            sessions.grow_to(size, WAITING.get(size, 0))
            sys.stderr.write(f"{size} sessions\n")
            found[str(size)] = bench.measured(rounds)
    sys.stdout.write(json.dumps({"benchmark": "watching", "machine": machine(), **found}) + "\n")


if __name__ == "__main__":
    main()
