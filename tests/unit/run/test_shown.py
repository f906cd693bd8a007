"""What is confirmed of a backfill says how its rows will be found."""

import pytest

from zdtui.plan.load import parse_plan
from zdtui.plan.model import Step
from zdtui.run.decisions.confirm_text import shown, shown_retry, step_digest

PLAN = """
zdtui: 1
name: fill
title: Fill
steps:
  - id: fill
    title: Fill
    phase: backfill
    backfill: {{table: t, set: {{x: a + 1}}{more}}}
    rollback: {{none: the column is new}}
"""


def fill(more: str) -> Step:
    return parse_plan(PLAN.format(more=more), "fill.yaml").steps[0]


def rows_of(text: str) -> str:
    return text.split(" WHERE ", 1)[1].split("\n", 1)[0]


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        (", where: x IS NULL", "ctid >= :after AND ctid < :upto  -- pages, or (primary key)"),
        (", where: x IS NULL, key: [id]", "ctid >= :after AND ctid < :upto  -- pages, or id"),
        (", where: x IS NULL, walk: key", "(primary key) > :after AND (primary key) <= :upto"),
        (", key: [a, b]", "(a, b) > :after AND (a, b) <= :upto"),
        ("", "(primary key) > :after AND (primary key) <= :upto"),
    ],
)
def test_by_page_where_it_may_be_else_by_key(more: str, rows: str) -> None:
    assert rows_of(shown(fill(more))) == rows


def test_another_way_is_another_text_to_confirm() -> None:
    assert step_digest(fill(", where: x IS NULL")) != step_digest(fill(", where: x IS NULL, walk: key"))


def test_rows_that_are_tried_again_are_told_by_where_they_stand() -> None:
    assert rows_of(shown_retry(fill(", where: x IS NULL"))) == "its key is that of a row in zdtui.rejected"
