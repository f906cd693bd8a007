"""What is no SQL is said so, with line and caret; what would take the run from under the console is not loaded."""

import pytest

from zdtui.errors import PlanError
from zdtui.plan.load import parse_plan

PLAN = """zdtui: 1
name: x
title: X
target: {{minimum_version: {version}}}
steps:
- id: a
  title: A
  phase: expand
  sql: |
    SELECT 1;
    {sql}
  rollback: {rollback}
"""
NOT_NEEDED = "{none: nothing to undo}"


def problems(sql: str = "SELECT 2;", rollback: str = NOT_NEEDED, version: int = 16) -> list[tuple[int, int, str]]:
    try:
        parse_plan(PLAN.format(sql=sql, rollback=rollback, version=version), "x.yaml")
    except PlanError as error:
        return [(each.line, each.column, each.sentence) for each in error.problems]
    return []


@pytest.mark.parametrize(
    "written",
    [
        "none",
        "None",
        "irreversible",
        "TODO",
        "'-- todo'",
        "tbd",
        "n/a",
        "no",
        "off",
        "'none.'",
        "not needed",
        "'# later'",
        "manual",
        "forward-only",
        "'---'",
    ],
)
def test_a_word_is_no_rollback(written: str) -> None:
    ((line, column, sentence),) = problems(rollback=written)
    assert (line, column) == (12, 13)
    assert "no SQL" in sentence
    assert "{none: ...}" in sentence


@pytest.mark.parametrize("rollback", ["DROP TABLE none", "SELECT 1", NOT_NEEDED, "{irreversible: the rows are gone}"])
def test_statements_and_reasons_are(rollback: str) -> None:
    assert problems(rollback=rollback) == []


@pytest.mark.parametrize(
    ("sql", "column", "word"),
    [
        ("alter tabel orders;", 11, "tabel"),
        ("select 1 form orders x;", 19, "orders"),
        ("SELECT :var;", 12, ":"),
        ("CREATE TABLE t (a int,);", 27, ")"),
        ("UPDATE t SET a = 1 WHERE;", 29, ";"),
    ],
)
def test_what_the_grammar_cannot_read_is_an_error_with_its_place(sql: str, column: int, word: str) -> None:
    found = problems(sql)
    assert [line for line, _, _ in found] == [11]
    if word != ";":
        assert found[0][1] == column
        assert f'"{word}"' in found[0][2]
    assert problems(sql, version=19) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SET TRANSACTION READ ONLY;",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
        "SET LOCAL transaction_read_only = on;",
        "SET default_transaction_read_only TO true;",
        "SELECT pg_advisory_unlock_all();",
        "SELECT pg_catalog.pg_advisory_unlock_all() FROM t;",
        "DISCARD ALL;",
        "RESET ALL;",
        "SELECT pg_terminate_backend(pg_backend_pid());",
    ],
)
def test_what_would_take_the_run_from_under_the_console_is_refused(sql: str) -> None:
    ((line, _, sentence),) = problems(sql)
    assert line == 11
    assert "leave it out" in sentence


@pytest.mark.parametrize(
    "sql",
    [
        "DISCARD PLANS;",
        "RESET work_mem;",
        "SET LOCAL work_mem = '64MB';",
        "SELECT pg_advisory_unlock(1);",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid();",
    ],
)
def test_its_harmless_neighbours_are_not(sql: str) -> None:
    assert problems(sql) == []


@pytest.mark.parametrize("sql", ["SELECT E'\\n' FRM t x;", "SELECT '\\', 1 FRM t x;", 'SELECT "\\" FRM t x;'])
def test_a_backslash_in_a_string_hides_no_mistake(sql: str) -> None:
    ((line, _, sentence),) = problems(sql=sql)
    assert line == 11
    assert "cannot read this" in sentence
