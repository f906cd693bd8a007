"""Draws docs/benchmarks-*.svg from benchmarks/latest.jsonl, the newest line that each program has printed.

`make bench-plot`. To keep a new figure, put the last line of a program into that file in place of the old one.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "zdtui", "svg.fonttype": "none", "font.size": 10, "axes.spines.right": False})
mpl.rcParams.update({"axes.spines.top": False, "figure.constrained_layout.use": True})

from matplotlib import pyplot as plt  # noqa: E402 (the drawing is chosen first)

ROOT = Path(__file__).parents[1]
OURS, THEIRS, REST, LIMIT = "#2563eb", "#9ca3af", "#059669", "#dc2626"
Figures = dict[str, Any]


def backfill(figures: Figures) -> None:
    """Speed, WAL and growth as multiples of one UPDATE's."""
    speed = {
        "two workers": figures["ratio_two_workers"],
        "stripes": figures["ratio_one_update"],
        "stripes by key": figures["ratio_key_stripes"],
        "plain keyset": figures["ratio_keyset"],
        "as pgroll does": figures["ratio_one_update"] / figures["ratio_pgroll"],
    }
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8), width_ratios=(3, 2))
    names = list(speed)[::-1]
    bars = left.barh(names, [speed[name] for name in names], color=[THEIRS, OURS, OURS, OURS, OURS])
    left.bar_label(bars, fmt="%.2f", padding=3)
    left.axvline(1.0, color=LIMIT, linewidth=1)
    left.set_title("rows a second, one UPDATE = 1")
    grown = {"one UPDATE": figures["growth_one_update"], "stripes": figures["growth"]}
    bars = right.barh(["WAL, stripes", *grown], [figures["ratio_wal"], *grown.values()], color=[OURS, THEIRS, OURS])
    right.bar_label(bars, fmt="%.2f", padding=3)
    right.set_yticks(range(3), ["WAL: stripes", "size: one UPDATE", "size: stripes"])
    right.axvline(1.0, color=LIMIT, linewidth=1)
    right.set_title("of its WAL; size after / before")
    save(figure, "backfill")


def curve(figures: Figures) -> None:
    """What the application feels against how fast the table is filled: p95 hollow, p99 filled."""
    figure, axes = plt.subplots(figsize=(9, 4))
    points = {name: each for name, each in figures.items() if isinstance(each, dict) and each.get("rows_per_s")}
    for name, point in points.items():
        rows, color = point["rows_per_s"] / 1000, _color(name)
        axes.plot([rows, rows], [point["p95_ms"], point["p99_ms"]], color=color, linewidth=1)
        axes.plot(rows, point["p99_ms"], marker="o", color=color)
        axes.plot(rows, point["p95_ms"], marker="o", color=color, markerfacecolor="white")
        label = name.split("+")[0].split(" ")[0].replace("ms", " ms")
        axes.annotate(label, (rows, point["p99_ms"]), xytext=(0, 6), textcoords="offset points", ha="center")
    axes.axhline(figures["idle"]["p99_ms"], color=LIMIT, linewidth=1)
    axes.annotate("idle, p99", (0, figures["idle"]["p99_ms"]), xytext=(2, 3), textcoords="offset points")
    highest = max(point["p99_ms"] for point in points.values())
    axes.set(xlabel="thousand rows a second", ylabel="felt by the application, ms", ylim=(0, highest * 1.3))
    axes.set_xlim(0, max(point["rows_per_s"] for point in points.values()) / 900)
    save(figure, "foreground")


def _color(name: str) -> str:
    return THEIRS if name.endswith(" flushed") else REST if "+" in name else OURS


def locks(figures: Figures) -> None:
    """The worst stall of each way to take a strong lock."""
    scenarios, ways = ("holder", "overlap", "crowd"), ("none", "plain", "retry", "zdtui")
    figure, axes = plt.subplots(figsize=(9, 3))
    for place, way in enumerate(ways):
        stalls = [figures[scenario][way]["worst_stall_ms"] for scenario in scenarios]
        where = [number + (place - 1.5) * 0.2 for number in range(len(scenarios))]
        color = OURS if way == "zdtui" else LIMIT if way == "plain" else THEIRS
        bars = axes.bar(where, stalls, width=0.18, color=color, alpha=0.5 if way == "none" else 1.0)
        axes.bar_label(bars, labels=[f"{way}\n{stall:.0f}" for stall in stalls], fontsize=8)
    axes.set(yscale="log", ylabel="worst stall, ms", ylim=(1, 10_000))
    axes.set_xticks(range(len(scenarios)), scenarios)
    save(figure, "locks")


def save(figure: Any, name: str) -> None:
    """Without a date, so that the same figures are the same file."""
    figure.savefig(ROOT / "docs" / f"benchmarks-{name}.svg", metadata={"Date": None})


DRAWN = {"backfill": backfill, "foreground curve": curve, "locks": locks}


def main() -> None:
    """Draw what there are figures of."""
    lines = (ROOT / "benchmarks" / "latest.jsonl").read_text().splitlines()
    found = {each["benchmark"]: each for each in map(json.loads, lines)}
    for name, draw in DRAWN.items():
        if name not in found:
            sys.exit(f"latest.jsonl has no line of {name}")
        draw(found[name])


if __name__ == "__main__":
    main()
