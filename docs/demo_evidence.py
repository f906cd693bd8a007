"""Rehearses the demo's plan for real, on a shop of its own that stands for staging; `make demo-evidence` runs it.

A third of the demo's rows, with a standby and a load beside it, so that the demo shows times that are scaled by size.
It takes some minutes and writes the evidence beside the plan, and its page. Look at them before you commit them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from zdtui.demo.shop import OPERATOR
from zdtui.demo.stage import DemoSettings, start_demo

ROWS = 100_000
PLAN = Path(__file__).parents[1] / "plans/split-user-name.yaml"


def main() -> int:
    """Build the shop, rehearse, put it away; the exit code of the rehearsal."""
    demo = start_demo(DemoSettings(users=ROWS, traffic=False), lambda line: None)
    try:
        with psycopg.connect(demo.primary.dsn(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {OPERATOR} CREATEDB")  # what cannot be taken back is rehearsed in a copy
        with tempfile.TemporaryDirectory() as home:
            return _rehearsed(demo.dsn, Path(home))
    finally:
        demo.close()


def _rehearsed(dsn: str, home: Path) -> int:
    """With a configuration that calls the shop staging: the evidence says what its operator calls it."""
    configuration = home / "zdtui/config.toml"
    configuration.parent.mkdir()
    configuration.write_text(f'[targets]\nstaging = "{dsn}"\n')
    configuration.chmod(0o600)
    options = ("--target", "staging", "--load", "auto", "--pass-manual", "--no-console", "--beside-standbys")
    kept = ("--output", str(PLAN.with_suffix(".evidence.json")))
    return subprocess.run(
        [sys.executable, "-m", "zdtui", "rehearse", str(PLAN), *options, *kept],
        env={**os.environ, "XDG_CONFIG_HOME": str(home)},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
