"""`check --fix --dsn` writes into a plan what the server takes on a partitioned table, and the application writes on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fix_db import Database
from tests.integration.checking.test_safer_beside_a_writer import Release, carry_out
from zdtui.cli.check import command
from zdtui.plan.load import load_plan

GIVEN = """
CREATE TABLE kind (id int PRIMARY KEY);
CREATE TABLE event (at date NOT NULL, kind int) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE "event 2" PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX event_at ON event (at);
INSERT INTO kind VALUES (1);
INSERT INTO event SELECT '2025-06-01'::date + g, 1 FROM generate_series(1, 400) AS g
"""
WRITES = (
    "INSERT INTO event VALUES ('2025-05-05', 1), ('2026-05-05', 1)",
    "UPDATE event SET kind = 1 WHERE at = '2025-07-01'",
)
PLAN = """zdtui: 1
name: p
title: P
steps:
  - id: mine
    title: Mine
    phase: expand
    sql: {sql}
    rollback: {rollback}
"""


class Running:
    """One release, for a plan without a deploy."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def writes_on(self) -> None:
        self._release.writes_on()

    def deploy(self) -> None:
        raise AssertionError("nobody has to deploy anything")


@pytest.mark.parametrize(
    ("sql", "rollback", "asked"),
    [
        (
            "CREATE INDEX event_kind ON event USING btree (kind) WHERE kind > 0",
            "DROP INDEX event_kind",
            "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid IN (SELECT relid FROM "
            "pg_partition_tree('event_kind'))",
        ),
        (
            "ALTER TABLE event ADD CONSTRAINT event_kind FOREIGN KEY (kind) REFERENCES kind (id)",
            "ALTER TABLE event DROP CONSTRAINT event_kind",
            "SELECT count(*) FROM pg_constraint WHERE conname = 'event_kind' AND contype = 'f' AND convalidated",
        ),
    ],
    ids=["index", "foreign key"],
)
def test_what_is_written_is_taken_and_no_write_fails(
    server: Database, tmp_path: Path, sql: str, rollback: str, asked: str
) -> None:
    server.execute(GIVEN)
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.format(sql=sql, rollback=rollback))
    done = CliRunner().invoke(command, ["--no-squawk", "--fix", "--dsn", server.dsn(), str(file)])
    assert done.exit_code == 0, done.output
    assert " CONCURRENTLY event_kind ON event " not in file.read_text()
    assert "DROP INDEX CONCURRENTLY" not in file.read_text(), "a partitioned index is not dropped so"
    release = Release(server, WRITES)
    try:
        carry_out(server, load_plan(file), Running(release))
    finally:
        release.stop()
    assert release.failed == []
    assert server.execute(asked) == [(3,)]
    server.execute(rollback)
    assert server.execute("SELECT count(*) FROM pg_class WHERE relname LIKE '%event_kind%'") == [(0,)]
