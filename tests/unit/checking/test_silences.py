"""A silence that names no hazard is said; one that names a hazard of ours or of squawk's is not."""

import pytest

from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input

PLAN = """\
zdtui: 1
name: p
target: {{database: shop}}
title: P
steps:
  - id: a
    title: A
    phase: expand
    sql: ALTER TABLE orders ADD COLUMN note varchar(20);
    rollback: ALTER TABLE orders DROP COLUMN note;
    silence: {{ {rule}: we know }}
"""


def notes_of(name: str, text: str) -> tuple[str, ...]:
    checked = check(Given((Input(name, text, is_plan=name.endswith(".yaml")),)))
    assert checked.unread == ()
    return checked.notes


@pytest.mark.parametrize("rule", ["column-rename", "prefer-text-field"])
def test_a_name_that_a_hazard_has_is_not_told(rule: str) -> None:
    assert notes_of("p.yaml", PLAN.format(rule=rule)) == ()
    assert notes_of("m.sql", f"-- zdtui:silence {rule}: we know\nALTER TABLE t ADD COLUMN a varchar(20);") == ()


def test_a_name_that_none_has_is_told_with_the_nearest() -> None:
    expected = "silences 'column-renam', which no hazard is called; did you mean 'column-rename'?"
    assert notes_of("p.yaml", PLAN.format(rule="column-renam")) == (f"p.yaml: step a {expected}",)
    assert notes_of("m.sql", "-- zdtui:silence column-renam: we know\nSELECT 1;") == (
        f"m.sql:2: the comment before this statement {expected}",
    )


def test_without_squawk_nothing_is_said_of_names_it_may_know() -> None:
    text = "-- zdtui:silence prefer-text-field: we know\nSELECT 1;"
    assert check(Given((Input("m.sql", text),)), with_squawk=False).notes == ()
