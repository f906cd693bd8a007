"""Which locks a statement wants, by its text alone: the reach and the mode, as a table."""

import pytest

from zdtui.postgres.table_locks.lock_facts import Reach, Want
from zdtui.run.locks.required_locks import wants
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.split import split

ALL, SHARE = LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE
WRITES, DDL = LockMode.SHARE_ROW_EXCLUSIVE, LockMode.SHARE_UPDATE_EXCLUSIVE


def wanted(sql: str) -> set[tuple[str, Reach, LockMode]]:
    return {(want.name, want.reach, want.mode) for statement in split(sql) for want in wants(statement)}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD COLUMN a int", {("t", Reach.FAMILY, ALL)}),
        ("ALTER TABLE ONLY t ADD COLUMN a int", {("t", Reach.ITSELF, ALL)}),
        ('ALTER TABLE "S"."T" RENAME TO u', {('"S"."T"', Reach.ITSELF, ALL)}),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", {("t", Reach.FAMILY, DDL)}),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p NOT VALID",
            {("t", Reach.FAMILY, WRITES), ("p", Reach.FAMILY, WRITES)},
        ),
        ("CREATE INDEX ON t (a)", {("t", Reach.FAMILY, SHARE)}),
        ("DROP INDEX i", {("i", Reach.FAMILY, ALL), ("i", Reach.TABLE, ALL)}),
        ("LOCK TABLE a, b IN SHARE MODE", {("a", Reach.FAMILY, SHARE), ("b", Reach.FAMILY, SHARE)}),
        ("TRUNCATE t CASCADE", {("t", Reach.FAMILY, ALL), ("t", Reach.CASCADE, ALL)}),
        ("UPDATE t SET a = 1", {("t", Reach.ITSELF, LockMode.ROW_EXCLUSIVE)}),
        ("CREATE INDEX CONCURRENTLY ON t (a)", set()),
        ("VACUUM FULL t", set()),
        ("DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$", set()),
        ("SELECT 1", set()),
        ("this is not SQL", set()),
    ],
)
def test_what_is_wanted(sql: str, expected: set[tuple[str, Reach, LockMode]]) -> None:
    assert wanted(sql) == expected


def test_dropping_a_foreign_key_reaches_the_table_it_points_to_by_its_name() -> None:
    (statement,) = split("ALTER TABLE t DROP CONSTRAINT t_fk")
    assert Want("t", Reach.REFERENCED, ALL, "t_fk") in wants(statement)


def test_a_step_wants_what_each_of_its_statements_does() -> None:
    both = wanted("ALTER TABLE a ADD COLUMN x int; ALTER TABLE b ADD COLUMN x int")
    assert {name for name, _, _ in both} == {"a", "b"}
