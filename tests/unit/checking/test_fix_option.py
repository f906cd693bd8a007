"""`zdtui check --fix` writes into the plan's own file, whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

PLAN = """zdtui: 1
name: fix
title: Fix
steps:
  - id: index
    title: Build it
    phase: expand
    sql: CREATE INDEX placed ON orders (placed_at)
    rollback: DROP INDEX placed
"""


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zdtui", "check", "--no-squawk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_stop_is_put_right_in_the_file_and_the_check_then_passes(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    file.chmod(0o640)
    assert check(str(file)).returncode == 1
    done = check("--fix", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "create-index-blocks-writes: build it beside the traffic" in done.stderr
    assert "CREATE INDEX CONCURRENTLY IF NOT EXISTS placed" in file.read_text()
    assert os.stat(file).st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_plan_that_needs_nothing_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        PLAN.replace("INDEX placed", "INDEX CONCURRENTLY IF NOT EXISTS placed", 1).replace(
            "DROP INDEX", "DROP INDEX CONCURRENTLY IF EXISTS"
        )
    )
    before = file.read_bytes(), os.stat(file).st_mtime_ns
    assert check("--fix", str(file)).returncode == 0
    assert (file.read_bytes(), os.stat(file).st_mtime_ns) == before
