"""A statement that the server refuses is a stop that says so; what it takes is none. The table is tried on real servers."""

import pytest

from tests.unit.hazards.refused_statements import REFUSED, SCHEMA, TAKEN, lines, newer
from zdtui.hazards.example import plan_of, schema_of
from zdtui.hazards.find import findings_of_plan, findings_of_sql
from zdtui.hazards.hazard import Finding, Severity

RULES = {"server-refuses", "commit-in-transaction"}
KEY = "CREATE TABLE alone_key (id int PRIMARY KEY);"


def refusals(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    return [(each.sentence, each.severity) for found in findings for each in found.hazards if each.rule in RULES]


def said_of(sql: str, version: int) -> list[tuple[str, Severity]]:
    return refusals(findings_of_sql(sql, "x.sql", version=version, schema=schema_of(SCHEMA + KEY)))


@pytest.mark.parametrize("version", [15, 16, 18])
@pytest.mark.parametrize("sql", lines(REFUSED))
def test_what_the_server_refuses_is_a_stop(sql: str, version: int) -> None:
    found = said_of(sql, version)
    assert found
    assert {severity for _, severity in found} == {Severity.STOP}


@pytest.mark.parametrize("version", [15, 16, 18])
@pytest.mark.parametrize("sql", lines(TAKEN))
def test_what_it_takes_is_none(sql: str, version: int) -> None:
    assert said_of(sql, version) == []


@pytest.mark.parametrize(("since", "sql"), newer())
def test_what_came_later_is_a_stop_before(since: int, sql: str) -> None:
    for version in range(13, 19):
        assert bool(said_of(sql, version)) is (version < since), version


def test_in_a_step_the_block_that_commits_and_the_value_that_is_used_at_once_stop() -> None:
    step = "- id: a\n  title: A\n  phase: expand\n  sql: |\n    {}\n  rollback: {{none: it stays}}\n"
    uses = "ALTER TYPE mood ADD VALUE 'glad'; INSERT INTO users VALUES (1, 'x', 'glad');"
    for sql in ("CALL commits();", "DO $$ BEGIN COMMIT; END $$;", uses):
        found = refusals(findings_of_plan(plan_of(step.format(sql)), schema=schema_of(SCHEMA)))
        assert [severity for _, severity in found] == [Severity.STOP], sql


def test_a_file_without_begin_is_only_warned_of_a_value_that_is_used_at_once() -> None:
    (found,) = said_of("ALTER TYPE mood ADD VALUE 'glad'; UPDATE users SET mood = 'glad' WHERE id = 1", 18)
    assert found[1] is Severity.WARN
