"""A campaign of faults against the console: kills, freezes, dead links, promotions, full disks, while a plan runs.

`make chaos`. A primary with a standby, an application that writes, and the console as a process of its own, run by an
operator who confirms, takes over, and settles doubts by looking with plain SQL. Faults strike at moments drawn from a
seed, several in one run of the plan. After each run it is looked at from outside: every step once, every row as a clean
run gives it, no acknowledged write lost, the journal whole and the same as what was shown, nobody twice, nothing left.

Each run has a seed of its own, told with whatever it violates; `--seed N --runs 1` repeats it. The last line is JSON.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.campaign.run import Extent, Result, campaign, progress
from benchmarks.machine import machine

QUICK = 25


def beside(given: argparse.Namespace) -> Result:
    """Several campaigns at once, each a process of its own, the seeds dealt out among them."""
    share = -(-given.faults // given.workers)
    command = [sys.executable, str(Path(__file__)), "--faults", str(share), "--stride", str(given.workers)]
    command += [word for name in given.kinds for word in ("--kinds", name)]
    processes = [
        subprocess.Popen([*command, "--seed", str(given.seed + place)], stdout=subprocess.PIPE, text=True)
        for place in range(given.workers)
    ]
    whole = Result()
    for process in processes:
        lines = process.communicate()[0].strip().splitlines()
        if process.returncode not in (0, 1) or not lines:
            raise SystemExit(f"a campaign ended with {process.returncode}")
        found = json.loads(lines[-1])
        whole.faults += found["faults"]
        whole.runs += found["runs"]
        whole.violations += found["violated"]
        whole.by_kind += Counter(found["by_kind"])
        whole.interventions += found["interventions"]
    return whole


def heed_signals() -> None:
    """Have the consoles begin with the signals as a shell gives them, also where `nohup` or `&` has us ignore some.

    An ignored signal is ignored by a child too, until it says otherwise; one that is handled is not.
    """
    for number in (signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def main() -> int:
    """Run it, and print the figures; 1 when anything was violated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the first run of the plan; the next has the next one")
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--kinds", action="append", default=[], help="only these kinds; may be given again")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} faults")
    parser.add_argument("--runs", type=int, help="at most so many runs of the plan")
    parser.add_argument("--most", type=int, default=Extent(1, 1).most, help="faults in one run of the plan")
    parser.add_argument("--workers", type=int, default=1, help="campaigns at once")
    parser.add_argument("--rootless", action="store_true", help="without the kinds that need root")
    parser.add_argument("--record", action="store_true", help="tell what happened in every run")
    parser.add_argument("--stride", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    heed_signals()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    given.faults = QUICK if given.quick else given.faults
    began = time.monotonic()
    extent = Extent(
        given.faults, given.seed, tuple(given.kinds), given.stride, given.runs, given.most, given.rootless, given.record
    )
    result = beside(given) if given.workers > 1 else campaign(extent, progress)
    figures = {
        "benchmark": "chaos",
        "seed": given.seed,
        "faults": result.faults,
        "kinds": len(result.by_kind),
        "violations": len(result.violations),
        "runs": result.runs,
        "interventions": result.interventions,
        "seconds": round(time.monotonic() - began),
        "by_kind": dict(sorted(result.by_kind.items())),
        "violated": result.violations,
        "machine": machine(),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if result.violations else 0


if __name__ == "__main__":
    sys.exit(main())
