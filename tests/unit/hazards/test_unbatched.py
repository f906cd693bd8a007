"""Which UPDATE and DELETE name their row, and which take as many as they find."""

import pytest

from zdtui.hazards.find import findings_of_sql


def severities(sql: str) -> list[str]:
    *_, last = findings_of_sql(sql, "-")
    return [str(hazard.severity) for hazard in last.hazards if hazard.rule == "unbatched-change"]


@pytest.mark.parametrize(
    "where",
    [
        "id = 7",
        "id IN (1, 2, 3)",
        "t.id = '5f0c'::uuid",
        '"id" = $1',
        "(id = 7)",
        "id = -1 AND a > 3",
        "name = 'it''s'",
    ],
)
def test_a_row_by_its_key_is_no_hazard(where: str) -> None:
    assert severities(f"UPDATE t SET a = 1 WHERE {where}") == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = u.a FROM u WHERE t.id = u.id",
        "UPDATE t SET a = 1 WHERE id = other",
        "UPDATE t SET a = 1 WHERE id = 7 OR a IS NULL",
        "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u)",
        "UPDATE t SET a = 1 WHERE b IS NULL",
        "DELETE FROM t USING u WHERE t.id = u.id",
        "DELETE FROM t WHERE made < now() - interval '1 year'",
    ],
)
def test_what_finds_many_rows_is_a_warning(sql: str) -> None:
    assert severities(sql) == ["warn"]


@pytest.mark.parametrize("sql", ["UPDATE t SET a = 1", "DELETE FROM t"])
def test_every_row_is_a_stop(sql: str) -> None:
    assert severities(sql) == ["stop"]
