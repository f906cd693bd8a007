"""Two ALTER TABLEs are told to be one only where PostgreSQL's grammar lets them be one."""

import pytest

from zdtui.hazards.find import findings_of_sql

ADD = "BEGIN; ALTER TABLE t ADD COLUMN a int; COMMIT"
AGAIN = "ALTER TABLE t ADD COLUMN b int"


def is_told(sql: str) -> bool:
    return "altered-again" in [hazard.rule for each in findings_of_sql(sql, "m.sql") for hazard in each.hazards]


@pytest.mark.parametrize("second", [AGAIN, "ALTER TABLE t DROP COLUMN x", "ALTER TABLE t ALTER COLUMN x SET NOT NULL"])
def test_actions_of_one_table_may_be_written_into_one(second: str) -> None:
    assert is_told(f"{ADD}; {second}")


STAND_ALONE = [
    "ALTER TABLE t RENAME COLUMN x TO y",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE t RENAME CONSTRAINT c TO d",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER TABLE t DETACH PARTITION p",
    "ALTER TABLE t MERGE PARTITIONS (p, q) INTO r",
    "CREATE INDEX i ON t (a)",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
]


@pytest.mark.parametrize("alone", STAND_ALONE)
def test_what_stands_alone_is_told_to_join_nothing_and_nothing_to_join_it(alone: str) -> None:
    assert not is_told(f"{ADD}; {alone}")
    assert not is_told(f"BEGIN; {alone}; COMMIT; {AGAIN}")
