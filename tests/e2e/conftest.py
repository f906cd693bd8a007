"""A shop, a plan of its own with short waits, and the program as an operator starts it."""

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.plan.shipped import plans_folder


@dataclass
class Stage:
    """A database and a plan to run against it."""

    dsn: str
    plan: Path
    state: Path

    @property
    def command(self) -> list[str]:
        """The program and its arguments."""
        return [sys.executable, "-m", "zdtui", "run", str(self.plan), "--dsn", self.dsn]

    @property
    def shell(self) -> str:
        """The same for a shell, with a state folder of its own."""
        return f"XDG_STATE_HOME={self.state} ZDTUI_OPERATOR=ana@bastion {shlex.join(self.command)}"

    @property
    def env(self) -> dict[str, str]:
        """The same for a child process."""
        return {"XDG_STATE_HOME": str(self.state), "ZDTUI_OPERATOR": "ana@bastion"}

    def ask(self, sql: str) -> Any:
        """The single value of a query on a session of its own."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            row = connection.execute(sql.encode()).fetchone()
            return None if row is None else row[0]

    def kinds(self, step: str | None = None) -> list[str]:
        """The kinds of events in the journal, in order; of one step, or of all."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            where = "WHERE step = %s" if step else ""
            found = connection.execute(
                f"SELECT kind FROM zdtui.event {where} ORDER BY sequence".encode(), [step] if step else None
            )
            return [row[0] for row in found.fetchall()]


@pytest.fixture
def stage(shop: Database, tmp_path: Path) -> Stage:
    """The tour on a shop of its own: waits of a second, and a backfill slow enough to be watched."""
    text = (plans_folder() / "split-user-name.yaml").read_text()
    text = text.replace("wait: 10s", "wait: 1s").replace("database: shop", f"database: {shop.name}")
    text = re.sub(r"max_batch_rows: \d+", "max_batch_rows: 20\n      batch_rows: 20", text)
    text = text.replace("batch_pause: 100ms", "batch_pause: 60ms")
    plan = tmp_path / "split-user-name.yaml"
    plan.write_text(text)
    return Stage(shop.dsn(), plan, tmp_path / "state")


LONG_PLAN = """
zdtui: 1
name: long
title: A long statement
steps:
  - id: sleep
    title: Sleep on the server
    phase: expand
    statement_timeout: 10min
    sql: |
      CREATE TABLE made (i int);
      SELECT pg_sleep(15);
    rollback: DROP TABLE made
"""


@pytest.fixture
def long_stage(stage: Stage, tmp_path: Path) -> Stage:
    """A plan whose one step works for fifteen seconds."""
    plan = tmp_path / "long.yaml"
    plan.write_text(LONG_PLAN)
    return Stage(stage.dsn, plan, stage.state)
