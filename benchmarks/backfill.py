"""Filling a column: zdtui beside one UPDATE, beside what pgroll does, and beside the loop everybody writes.

`make bench-backfill`. Every run gets a fresh copy of the same table (a template database, copied file by file), after a
checkpoint and with the table in the cache; the ways take turns, and ratios are medians. The server is the embedded one
with durable settings: fsync and full-page writes on, autovacuum off on the table. The last line is JSON.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.backfill_tables import Table, build, fresh
from benchmarks.backfill_ways import (
    OldSnapshot,
    Ran,
    ScanMethod,
    as_everybody_does,
    as_pgroll_does,
    measured,
    median,
    one_update,
    pauses,
    zdtui,
)
from benchmarks.machine import machine
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder

SETTINGS = {
    "autovacuum": "off",
    "shared_buffers": "4GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "fsync": "on",
    "full_page_writes": "on",
}
LOOP_SHARE = 0.02
"""Of the rows, for the loop that is quadratic."""
MAIN: dict[str, ScanMethod] = {
    "one UPDATE": one_update,
    "zdtui": zdtui(),
    "zdtui, two workers": zdtui(", where: x IS NULL, workers: 2"),
    "zdtui, by key": zdtui(""),
    "zdtui, plain keyset": zdtui(", walk: key"),
    "as pgroll does": as_pgroll_does,
}


def main() -> None:
    """Measure, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=2_000_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--large", type=int, default=20_000_000, help="rows of the large table; 0: none")
    arguments.add_argument("--quick", action="store_true", help="150,000 rows, one run, the main table")
    chosen = arguments.parse_args()
    rows, runs, large = (150_000, 1, 0) if chosen.quick else (chosen.rows, chosen.runs, chosen.large)
    folder = claim_folder("zdtui-bench")
    cluster = Cluster.create(folder.path / "server", 18, ClusterSettings(parameters=SETTINGS))
    try:
        cluster.start()
        figures = _main_table(cluster, rows, runs)
        figures["tables"] = {} if chosen.quick else _other_tables(cluster, rows // 4)
        figures["large"] = _large(cluster, large) if large else {}
    finally:
        cluster.stop("immediate")
        folder.remove()
    settings = {name: value for name, value in SETTINGS.items() if name != "autovacuum"}
    print(json.dumps({"benchmark": "backfill", **figures, "settings": settings, "machine": machine()}))


def _main_table(cluster: Cluster, rows: int, runs: int) -> dict[str, object]:
    table = Table("main", rows)
    build(cluster, table)
    ran: dict[str, list[Ran]] = {name: [] for name in MAIN}
    for _ in range(runs):
        for name, way in MAIN.items():
            ran[name].append(_told(cluster, table, name, way))
    loop = _told(cluster, table, "the usual loop", lambda dsn: as_everybody_does(dsn, LOOP_SHARE))
    paused = pauses(fresh(cluster, table), 5)
    one, ours = ran["one UPDATE"], ran["zdtui"]

    def speed(name: str) -> float:
        return _ratio(ran[name], one, lambda each: each.rows_per_s)

    return {
        "rows": rows,
        "ratio_one_update": speed("zdtui"),
        "ratio_pgroll": _ratio(ours, ran["as pgroll does"], lambda each: each.rows_per_s),
        "ratio_two_workers": speed("zdtui, two workers"),
        "ratio_key_stripes": speed("zdtui, by key"),
        "ratio_keyset": speed("zdtui, plain keyset"),
        "ratio_wal": _ratio(ours, one, lambda each: each.wal_bytes),
        "growth": round(median(ours, lambda each: each.growth), 2),
        "growth_one_update": round(median(one, lambda each: each.growth), 2),
        "longest_batch_ms": round(max(each.longest_ms for each in ours)),
        "pause_ms": round(max(paused)) if paused else None,
        "rss_mb": round(max(each.rss_mb for each in ours)),
        "ways": {name: _figures(each) for name, each in ran.items()},
        "usual_loop": {"share_done": LOOP_SHARE, "rows_per_s": round(loop.rows_per_s)},
    }


def _other_tables(cluster: Cluster, rows: int) -> dict[str, object]:
    """Narrow and wide rows, few and many indexes, room on the page, and a snapshot that is held."""
    tables = (
        Table("narrow", rows, pad=0),
        Table("wide", rows // 4, pad=1000),
        Table("few_indexes", rows, indexes=0),
        Table("many_indexes", rows, indexes=4),
        Table("fillfactor_80", rows, fillfactor=80),
        Table("old_snapshot", rows),
    )
    return {table.name: _other_table(cluster, table) for table in tables}


def _other_table(cluster: Cluster, table: Table) -> dict[str, object]:
    build(cluster, table)
    held = table.name == "old_snapshot"
    ran: dict[str, list[Ran]] = {"one UPDATE": [], "zdtui": []}
    for _ in range(3):
        for name in ran:
            ran[name].append(_told(cluster, table, name, MAIN[name], held))
    one, ours = ran["one UPDATE"], ran["zdtui"]
    return {
        "rows": table.rows,
        "ratio_one_update": _ratio(ours, one, lambda each: each.rows_per_s),
        "ratio_wal": _ratio(ours, one, lambda each: each.wal_bytes),
        "growth": round(median(ours, lambda each: each.growth), 2),
        "growth_one_update": round(median(one, lambda each: each.growth), 2),
        "longest_batch_ms": round(max(each.longest_ms for each in ours)),
    }


def _large(cluster: Cluster, rows: int) -> dict[str, object]:
    table = Table("large", rows)
    build(cluster, table)
    ran = {name: [_told(cluster, table, name, MAIN[name])] for name in ("one UPDATE", "zdtui", "as pgroll does")}
    one, ours = ran["one UPDATE"], ran["zdtui"]
    return {
        "rows": rows,
        "ratio_one_update": _ratio(ours, one, lambda each: each.rows_per_s),
        "ratio_pgroll": _ratio(ours, ran["as pgroll does"], lambda each: each.rows_per_s),
        "ratio_wal": _ratio(ours, one, lambda each: each.wal_bytes),
        "growth": round(ours[0].growth, 2),
        "growth_one_update": round(one[0].growth, 2),
        "longest_batch_ms": round(ours[0].longest_ms),
        "rss_mb": round(ours[0].rss_mb),
    }


def _told(cluster: Cluster, table: Table, name: str, way: ScanMethod, held: bool = False) -> Ran:
    dsn = fresh(cluster, table)
    if held:
        with OldSnapshot(dsn):
            ran = measured(dsn, way)
    else:
        ran = measured(dsn, way)
    print(
        f"{table.name:14} {name:20} {ran.rows_per_s:9,.0f} rows/s  WAL {ran.wal_bytes / 2**20:7,.0f} MB  "
        f"x {ran.growth:.2f}  longest batch {ran.longest_ms:5.0f} ms  rss {ran.rss_mb:.0f} MB",
        flush=True,
    )
    return ran


def _ratio(ours: list[Ran], others: list[Ran], figure: Callable[[Ran], float]) -> float:
    """The median of the ratios of runs that were made one after the other."""
    pairs = zip(ours, others, strict=True)
    ratios = sorted(figure(mine) / figure(other) for mine, other in pairs)
    return round(ratios[len(ratios) // 2], 2)


def _figures(ran: list[Ran]) -> dict[str, object]:
    return {
        "rows_per_s": round(median(ran, lambda each: each.rows_per_s)),
        "wal_mb": round(median(ran, lambda each: each.wal_bytes) / 2**20),
        "growth": round(median(ran, lambda each: each.growth), 2),
        "longest_batch_ms": round(max(each.longest_ms for each in ran)),
        "rss_mb": round(max(each.rss_mb for each in ran)),
    }


if __name__ == "__main__":
    main()
