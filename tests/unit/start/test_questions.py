"""What `zdtui new` asks becomes a statement that can be drafted; and a plan of one's own loads."""

import pytest

from zdtui.draft.draft import draft_plan
from zdtui.draft.known import OLDEST
from zdtui.draft.of_sql import known_of_sql
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Irreversible, SqlRollback
from zdtui.start.questions import CHANGES, Change, plan_of_one_step

TABLES = """
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, total int);
"""
ANSWERS = {
    "table": "orders",
    "column": "note",
    "type": "bigint",
    "default": "",
    "name": "another",
    "columns": "customer_id",
    "other": "customers",
    "keys": "id",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_every_change_that_is_asked_for_can_be_drafted(change: Change) -> None:
    answers = {each.name: ANSWERS[each.name] for each in change.questions}
    if change.what == "add a column":
        answers["column"] = "price"
    if change.what == "change a column's type":
        answers["column"] = "total"
    drafted = draft_plan(change.statement_of(answers), known_of_sql(TABLES, OLDEST, "schema.sql"))
    assert parse_plan(drafted.text, "drafted.yaml").steps


def test_what_may_be_empty_adds_nothing_then() -> None:
    (add, *_) = CHANGES
    answers = {"table": "t", "column": "c", "type": "int", "default": ""}
    assert add.statement_of(answers) == "ALTER TABLE t ADD COLUMN c int"
    assert add.statement_of({**answers, "default": "0"}) == "ALTER TABLE t ADD COLUMN c int DEFAULT 0"


@pytest.mark.parametrize(("back", "kind"), [("DROP TABLE t", SqlRollback), ("", Irreversible)])
def test_a_plan_of_one_s_own_loads(back: str, kind: type) -> None:
    plan = parse_plan(plan_of_one_step("Türen öffnen", "CREATE TABLE t (i int)", back), "own.yaml")
    (step,) = plan.steps
    assert "CREATE TABLE t (i int)" in step.action.confirm_text()
    assert isinstance(step.rollback, kind)
