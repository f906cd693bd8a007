"""Twenty-five faults of the campaign, at moments drawn from fixed seeds: nothing is violated."""

import json

import pytest

from benchmarks.campaign.run import Extent, campaign

FAULTS = 25
SEED = 500


@pytest.mark.timeout(900)
def test_twenty_five_faults_violate_nothing():
    said: list[str] = []
    result = campaign(Extent(FAULTS, SEED, rootless=True), said.append)
    assert result.violations == [], json.dumps(result.violations, indent=1)
    assert result.faults >= FAULTS, "\n".join(said)
    assert len(result.by_kind) >= 15, result.by_kind
