"""A batch is no change of a whole table, and a condition that is always true is one."""

import pytest

from zdtui.hazards.example import schema_of
from zdtui.hazards.find import findings_of_sql
from zdtui.hazards.hazard import Severity

USERS = "CREATE TABLE users (id bigint PRIMARY KEY, age int)"


def worst(text: str) -> Severity | None:
    findings = findings_of_sql(text, "x.sql", schema=schema_of(USERS))
    return max((each.severity for one in findings for each in one.hazards), key=lambda each: each.rank, default=None)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE users SET age = 0 WHERE id IN (SELECT id FROM users WHERE age IS NULL LIMIT 1000)",
        "DELETE FROM users WHERE id IN (SELECT id FROM users ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)",
        "DELETE FROM users WHERE ctid = ANY (ARRAY(SELECT ctid FROM users FETCH FIRST 500 ROWS ONLY))",
        "UPDATE users u SET age = 0 WHERE u.id > 1000 AND u.id <= 2000 AND age IS NULL",
        "UPDATE users SET age = 0 WHERE id BETWEEN $1 AND $2",
        "WITH batch AS (SELECT id FROM users LIMIT 1000 FOR UPDATE SKIP LOCKED)\n"
        "UPDATE users SET age = 0 FROM batch WHERE users.id = batch.id",
    ],
)
def test_a_batch_is_let_be(text: str) -> None:
    assert worst(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE users SET age = 0 WHERE id IN (SELECT id FROM users LIMIT 100000000)",
        "UPDATE users SET age = 0 WHERE id BETWEEN 1 AND 100000000",
        "UPDATE users SET age = 0 WHERE age BETWEEN 1 AND 20",
        "UPDATE users SET age = 0 WHERE id BETWEEN 1 AND 20 OR age = 7",
        "UPDATE users SET age = 0 WHERE id IN (SELECT id FROM users WHERE age > 7)",
        "WITH batch AS (SELECT id FROM users) UPDATE users SET age = 0 FROM batch WHERE users.id = batch.id",
    ],
)
def test_what_is_not_bounded_warns(text: str) -> None:
    assert worst(text) is Severity.WARN


@pytest.mark.parametrize("where", ["true", "(TRUE)", "1 = 1", "NOT false", "'a' = 'a'", "age = 7 OR 1=1", "id = id"])
@pytest.mark.parametrize("change", ["UPDATE users SET age = 0", "DELETE FROM users"])
def test_a_condition_that_is_always_true_is_a_stop_as_none_is(change: str, where: str) -> None:
    assert worst(f"{change} WHERE {where}") is Severity.STOP
