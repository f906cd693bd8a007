"""What the application feels of a backfill on its own table, at each setting of the dial.

`make bench-foreground`. pgbench sends an UPDATE and a SELECT by key at a fixed rate, open loop: latency counts from
the moment a transaction was due, so that one that waits behind another is not left out. It is measured alone, beside
one UPDATE of the whole table, and beside zdtui at full, normal and gentle; only what was due while the table was being
filled counts. Each run gets a fresh copy of the table, the ways take turns, figures are medians. The last line is JSON.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.backfill import SETTINGS as BACKFILL_SETTINGS
from benchmarks.backfill_tables import Table, build, fresh
from benchmarks.backfill_ways import ENDED, STEP, Console, one_update
from benchmarks.machine import machine
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.run.bulk.worker import SETTINGS as SETTINGS_OF_BATCHES
from zdtui.run.model.commands import ThrottleLevel

SETTINGS = {**BACKFILL_SETTINGS, "min_wal_size": "4GB"}
"""WAL files are kept to be written over, as on a server that has run for a while: making a new one takes some 50 ms in
which nobody commits."""
CLIENTS = 8
SCRIPT = """
\\set id random(1, {rows})
UPDATE t SET pad = pad WHERE id = :id;
SELECT email FROM t WHERE id = :id;
"""
WARM_UP = 2.0
"""Seconds of traffic before the table is touched."""
WAYS = ("idle", "one_update", "full", "normal", "gentle")
CURVE = (
    "idle",
    *("20ms", "8ms", "5ms", "3ms", "2ms"),
    *("8ms+8ms", "5ms+5ms", "3ms+3ms", "2ms+2ms"),
    *("8ms flushed", "3ms flushed", "3ms+3ms flushed"),
)
"""Batches that aim at so long, a pause after each, and whether each waits until its commit is on the disk."""


@dataclass(frozen=True, slots=True)
class Felt:
    """What the application felt, in milliseconds, and how fast the table was filled meanwhile."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    rows_per_s: float | None


class Traffic:
    """pgbench at a fixed rate, until its time is over."""

    def __init__(self, cluster: Cluster, dsn: str, rows: int, rate: float, seconds: float) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zdtui-traffic-")
        self._path = Path(self._folder.name)
        script = self._path / "script"
        script.write_text(SCRIPT.format(rows=rows))
        program = cluster.binaries.folder / "pgbench"
        arguments = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-R", str(rate), "-T", str(round(seconds))]
        log = ["-l", "--log-prefix", str(self._path / "log"), "-f", str(script)]
        self._process = subprocess.Popen(
            [str(program), *arguments, *log, dsn], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def stop(self) -> None:
        """End it now."""
        self._process.terminate()
        self._process.wait()

    def latencies(self, began: float, ended: float) -> list[float]:
        """Milliseconds of what was due between two moments of time.time()."""
        found = []
        for file in self._path.glob("log.*"):
            for line in file.read_text().splitlines():
                fields = line.split()
                if len(fields) < 6 or not fields[2].isdigit():
                    continue
                latency = int(fields[2]) / 1e6
                due = int(fields[4]) + int(fields[5]) / 1e6 - latency
                if began <= due <= ended:
                    found.append(latency * 1000)
        self._folder.cleanup()
        return sorted(found)


def felt(cluster: Cluster, table: Table, way: str, rate: float, seconds: float) -> Felt:
    """One run."""
    dsn = fresh(cluster, table)
    traffic = Traffic(cluster, dsn, table.rows, rate, WARM_UP + seconds + 5)
    time.sleep(WARM_UP)
    try:
        began, ended, rows = _fill(dsn, way, seconds)
        time.sleep(0.5)
    finally:
        traffic.stop()
    found = traffic.latencies(began, ended)
    if len(found) < 100:
        raise SystemExit(f"{way}: only {len(found)} transactions were seen")

    def percentile(share: float) -> float:
        return round(found[min(len(found) - 1, int(len(found) * share))], 2)

    speed = None if rows is None else round(rows / (ended - began))
    return Felt(percentile(0.5), percentile(0.95), percentile(0.99), round(found[-1], 1), speed)


def _fill(dsn: str, way: str, seconds: float) -> tuple[float, float, int | None]:
    """When it began and ended, by time.time(), and how many rows were changed; no longer than `seconds`."""
    began = time.time()
    if way == "idle":
        time.sleep(seconds)
        return began, time.time(), None
    if way == "one_update":
        done: list[int] = []
        thread = threading.Thread(target=lambda: done.append(one_update(dsn)[1]))
        thread.start()
        thread.join()
        return began, time.time(), done[0]
    batch, flushed = way.split(" ")[0], way.endswith(" flushed")
    point = batch[0].isdigit()
    aim, _, pause = batch.partition("+")
    more = f", batch_duration: {aim}, batch_pause: {pause or '0ms'}" if point else ""
    before, SETTINGS_OF_BATCHES["synchronous_commit"] = (
        SETTINGS_OF_BATCHES["synchronous_commit"],
        "on" if flushed else "off",
    )
    with Console(dsn, f", where: x IS NULL{more}") as console:
        console.start(ThrottleLevel.FULL if point else ThrottleLevel(way))
        began, rows = time.time(), 0
        while time.time() - began < seconds and console.status not in ENDED:
            rows = max(rows, console.rows)
            time.sleep(0.01)
        ended = time.time()
        if console.status in ENDED:
            rows = console.engine.snapshot.run.step(STEP).rows or rows
        SETTINGS_OF_BATCHES["synchronous_commit"] = before
        return began, ended, rows


def main() -> None:
    """Measure, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=2_000_000)
    arguments.add_argument("--rate", type=float, default=1000.0, help="transactions a second")
    arguments.add_argument("--seconds", type=float, default=15.0, help="of each measurement at most")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--quick", action="store_true", help="250,000 rows, one run of 2.5 seconds")
    arguments.add_argument("--ways", nargs="+", default=list(WAYS), choices=(*WAYS, *CURVE))
    arguments.add_argument("--curve", action="store_true", help="batches and pauses of several lengths, at full")
    chosen = arguments.parse_args()
    chosen.ways = list(CURVE) if chosen.curve else chosen.ways
    rows, runs, seconds = (250_000, 1, 2.5) if chosen.quick else (chosen.rows, chosen.runs, chosen.seconds)
    table = Table("main", rows)
    folder = claim_folder("zdtui-bench")
    cluster = Cluster.create(folder.path / "server", 18, ClusterSettings(parameters=SETTINGS))
    ran: dict[str, list[Felt]] = {way: [] for way in chosen.ways}
    try:
        cluster.start()
        build(cluster, table)
        one_update(fresh(cluster, table))  # once unmeasured: from then on there are WAL files to write over
        for _ in range(runs):
            for way in chosen.ways:
                ran[way].append(found := felt(cluster, table, way, chosen.rate, seconds))
                print(f"{way:12} {found}", flush=True)
    finally:
        cluster.stop("immediate")
        folder.remove()
    figures = {way: _median(each) for way, each in ran.items()}
    print(
        json.dumps(
            {
                "benchmark": "foreground curve" if chosen.curve else "foreground",
                "rate": chosen.rate,
                **figures,
                "machine": machine(),
            }
        )
    )


def _median(ran: list[Felt]) -> dict[str, float | None]:
    speeds = [each.rows_per_s for each in ran if each.rows_per_s is not None]
    return {
        "p50_ms": statistics.median(each.p50_ms for each in ran),
        "p95_ms": statistics.median(each.p95_ms for each in ran),
        "p99_ms": statistics.median(each.p99_ms for each in ran),
        "max_ms": statistics.median(each.max_ms for each in ran),
        "rows_per_s": statistics.median(speeds) if speeds else None,
    }


if __name__ == "__main__":
    main()
