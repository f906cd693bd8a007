"""Twenty-five faults of the campaign, at moments drawn from fixed seeds: nothing is violated."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).parents[3] / "benchmarks" / "chaos.py"
FAULTS = 25
SEED = 500
BECOMES = "os.execv(sys.executable, [sys.executable, '-c', *sys.argv[1:]])"
STARTS = "subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"


@pytest.mark.timeout(900)
def test_twenty_five_faults_violate_nothing() -> None:
    command = [sys.executable, str(CAMPAIGN), "--rootless", "--faults", str(FAULTS), "--seed", str(SEED)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=880, check=False)
    assert ran.returncode == 0, ran.stderr[-8000:]
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert figures["violations"] == 0
    assert figures["faults"] >= FAULTS, ran.stderr
    assert figures["kinds"] >= 15, figures["by_kind"]


def test_a_campaign_begun_by_nohup_has_consoles_that_heed_signals_from_birth() -> None:
    child = "import signal; print(*(signal.getsignal(n) is not signal.SIG_IGN for n in (signal.SIGHUP, signal.SIGINT)))"
    campaign = f"import subprocess, sys; from benchmarks.chaos import heed_signals; heed_signals()\n{STARTS}"
    ignoring = f"import os, signal, sys; signal.signal(1, signal.SIG_IGN); signal.signal(2, signal.SIG_IGN)\n{BECOMES}"
    ran = subprocess.run(
        [sys.executable, "-c", ignoring, campaign, child],
        capture_output=True,
        text=True,
        cwd=CAMPAIGN.parents[1],
        check=True,
    )
    assert ran.stdout.split() == ["True", "True"]
