"""Twenty-five faults of the campaign, at moments drawn from fixed seeds: nothing is violated."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).parents[3] / "benchmarks" / "chaos.py"
FAULTS = 25
SEED = 500


@pytest.mark.timeout(900)
def test_twenty_five_faults_violate_nothing():
    command = [sys.executable, str(CAMPAIGN), "--rootless", "--faults", str(FAULTS), "--seed", str(SEED)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=880, check=False)
    assert ran.returncode == 0, ran.stderr[-8000:]
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert figures["violations"] == 0
    assert figures["faults"] >= FAULTS, ran.stderr
    assert figures["kinds"] >= 15, figures["by_kind"]
