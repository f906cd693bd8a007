"""Whether `make prove-draft` runs the tests, and with how many seeds."""

import os

PROVING = "PROVE_SEEDS" in os.environ
SEEDS = range(int(os.environ.get("PROVE_SEEDS", "1")))
