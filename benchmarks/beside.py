"""Two checkouts side by side: the same benchmark on each, again and again, in turns, and the ratios of what came out.

`beside.py BEFORE [AFTER]`: two folders, each with a checkout; AFTER is this one where none is given. What is compared,
is compared in one session, because a machine that others use is another one an hour later. A ratio is the median of the
ratios of runs made one after the other, after by before. The last line is JSON.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.machine import machine

HERE = Path(__file__).resolve().parents[1]

PARTS: Mapping[str, tuple[str, ...]] = {
    "backfill": ("benchmarks/backfill.py", "--quick"),
    "locks": ("benchmarks/locks.py", "--quick"),
    "watching": ("benchmarks/watching.py", "--quick"),
    "console": ("benchmarks/console.py", "--quick"),
}


def figures(checkout: Path, part: str) -> dict[str, float]:
    """One run; every number of its JSON line by its path, such as 'holder.zdtui.done_s'."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    ran = subprocess.run(
        [sys.executable, *PARTS[part]], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise SystemExit(f"{part} in {checkout} ended with {ran.returncode}: {ran.stderr[-2000:]}")
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    return dict(numbers({key: value for key, value in found.items() if key not in ("machine", "benchmark")}))


def numbers(found: object, path: str = "") -> list[tuple[str, float]]:
    """The numbers in it, in order."""
    if isinstance(found, bool) or found is None:
        return []
    if isinstance(found, int | float):
        return [(path, float(found))]
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else []
    return [each for key, value in inside for each in numbers(value, f"{path}.{key}" if path else str(key))]


def compared(part: str, before: Path, after: Path, turns: int) -> dict[str, dict[str, float]]:
    """Medians of both, and the median of the ratios; who begins alternates."""
    pairs: list[tuple[dict[str, float], dict[str, float]]] = []
    for turn in range(turns):
        order = (before, after) if turn % 2 == 0 else (after, before)
        found = {checkout: figures(checkout, part) for checkout in order}
        pairs.append((found[before], found[after]))
        sys.stderr.write(f"{part}: turn {turn + 1} of {turns}\n")
    told = {}
    for name in pairs[0][0]:
        both = [(one[name], other[name]) for one, other in pairs if name in one and name in other]
        ratios = [other / one for one, other in both if one]
        if ratios:
            told[name] = {
                "before": round(statistics.median(one for one, _ in both), 4),
                "after": round(statistics.median(other for _, other in both), 4),
                "ratio": round(statistics.median(ratios), 3),
            }
    return told


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", default=HERE)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--parts", choices=list(PARTS), action="append")
    given = parser.parse_args()
    told = {}
    for part in given.parts or PARTS:
        told[part] = compared(part, given.before.resolve(), given.after.resolve(), given.turns)
        for name, found in told[part].items():
            print(f"{part:9} {name:48} {found['before']:>12} {found['after']:>12} {found['ratio']:>7}", flush=True)
    print(json.dumps({"benchmark": "beside", "turns": given.turns, "machine": machine(), **told}))


if __name__ == "__main__":
    main()
