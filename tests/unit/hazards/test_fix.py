"""--fix writes the safer way into the plan, keeps the author's text around it, and does it once."""

from pathlib import Path

import pytest

from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.fix import Change, fixed
from zdtui.hazards.hazard import Severity
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import Plan, SqlAction
from zdtui.plan.shipped import plans_folder, shipped_plans

HEAD = "zdtui: 1\nname: fix\ntitle: Fix\nsteps:\n"
INDEX = """\
  # why we need it: the report
  - id: index     # keep this
    title: Build it
    phase: expand
    sql: |
      -- the report reads by date
      CREATE UNIQUE INDEX placed
        ON orders (placed_at)   -- and by nothing else
        WHERE state = 'new';
    rollback: DROP INDEX placed
"""
KEY = """\
  - id: key
    title: Add the key
    phase: expand
    sql: ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)
    rollback: ALTER TABLE orders DROP CONSTRAINT orders_user

  - id: after
    title: Something else
    phase: expand
    sql: SELECT 1
    rollback: {none: nothing}
"""


def fixed_text(plan: Plan) -> tuple[str, tuple[Change, ...]]:
    """The text of the plan that is put right, and the changes."""
    better, changes = fixed(plan)
    return better.source, changes


def rules(text: str) -> set[str]:
    """What stops or warns."""
    found = [hazard for each in findings_of_plan(parse_plan(text, "p.yaml")) for hazard in each.hazards]
    return {hazard.rule for hazard in found if hazard.severity is not Severity.NOTE}


def test_an_index_is_built_and_dropped_concurrently_and_every_comment_stays() -> None:
    text, changes = fixed_text(parse_plan(HEAD + INDEX, "p.yaml"))
    assert [change.rule for change in changes] == ["create-index-blocks-writes", "drop-index-blocks"]
    assert "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS placed\n" in text
    assert "DROP INDEX CONCURRENTLY IF EXISTS placed\n" in text
    for kept in ("# why we need it", "# keep this", "-- the report reads by date", "-- and by nothing else"):
        assert kept in text
    assert rules(text) == set()
    assert len(text.splitlines()) == len((HEAD + INDEX).splitlines())


def sql_of(plan: Plan) -> list[str]:
    """What its steps run, in order."""
    return [each.action.sql for each in plan.steps if isinstance(each.action, SqlAction)]


def test_a_key_is_added_unproven_and_proved_in_a_step_of_its_own() -> None:
    text, changes = fixed_text(parse_plan(HEAD + KEY, "p.yaml"))
    assert [change.step for change in changes] == ["key"]
    plan = parse_plan(text, "p.yaml")
    assert [step.id for step in plan.steps] == ["key", "key-validate", "after"]
    assert sql_of(plan)[0].endswith("REFERENCES users (id) NOT VALID")
    assert sql_of(plan)[1].strip() == "ALTER TABLE orders VALIDATE CONSTRAINT orders_user;"
    assert rules(text) == set()


def test_doing_it_again_changes_nothing() -> None:
    once, _ = fixed_text(parse_plan(HEAD + INDEX + KEY, "p.yaml"))
    again, changes = fixed_text(parse_plan(once, "p.yaml"))
    assert again == once
    assert changes == ()


def test_what_is_silenced_or_cannot_be_done_for_sure_is_left_alone() -> None:
    silenced = (
        HEAD
        + INDEX.replace("    rollback: DROP INDEX placed\n", "    rollback: {none: x}\n")
        + ("    silence: {create-index-blocks-writes: the table is empty}\n")
    )
    assert fixed_text(parse_plan(silenced, "p.yaml"))[1] == ()
    rename = (
        HEAD + "  - {id: a, title: A, phase: switch, sql: ALTER TABLE t RENAME COLUMN x TO y, rollback: {none: x}}\n"
    )
    assert fixed_text(parse_plan(rename, "p.yaml")) == (rename, ())


def test_statements_that_are_all_or_nothing_stay_so() -> None:
    both = HEAD + INDEX.replace("        WHERE state = 'new';\n", "        WHERE state = 'new';\n      SELECT 1;\n")
    text, changes = fixed_text(parse_plan(both, "p.yaml"))
    assert [change.rule for change in changes] == ["drop-index-blocks"]
    assert "CREATE UNIQUE INDEX placed" in text


def test_sql_of_a_file_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "more.sql").write_text("CREATE INDEX i ON t (x);\n")
    file = tmp_path / "plan.yaml"
    file.write_text(HEAD + "  - {id: a, title: A, phase: expand, sql_file: more.sql, rollback: {none: x}}\n")
    assert fixed_text(load_plan(file))[1] == ()


@pytest.mark.parametrize("name", shipped_plans())
def test_the_shipped_plans_keep_their_loads(name: str) -> None:
    plan = load_plan(plans_folder() / f"{name}.yaml")
    text, _ = fixed_text(plan)
    assert parse_plan(text, plan.path)


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        (
            'ALTER TABLE orders ALTER "userId" SET NOT NULL',
            [
                'ALTER TABLE orders ADD CONSTRAINT "orders_userId_is_set" CHECK ("userId" IS NOT NULL) NOT VALID;',
                'ALTER TABLE orders VALIDATE CONSTRAINT "orders_userId_is_set";',
                'ALTER TABLE orders ALTER "userId" SET NOT NULL',
                'ALTER TABLE orders DROP CONSTRAINT "orders_userId_is_set";',
            ],
        ),
        (
            "ALTER TABLE orders ADD UNIQUE (a, b)",
            [
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_a_b_key ON orders (a, b);",
                "ALTER TABLE orders ADD CONSTRAINT orders_a_b_key UNIQUE USING INDEX orders_a_b_key",
            ],
        ),
        (
            "ALTER TABLE ONLY orders ADD COLUMN c int, ADD FOREIGN KEY (a) REFERENCES users (id)",
            [
                "ALTER TABLE ONLY orders ADD COLUMN c int, ADD CONSTRAINT orders_a_fkey FOREIGN KEY (a) "
                "REFERENCES users (id) NOT VALID",
                "ALTER TABLE orders VALIDATE CONSTRAINT orders_a_fkey;",
            ],
        ),
    ],
)
def test_what_takes_several_steps_is_put_around_the_authors_own(sql: str, steps: list[str]) -> None:
    step = (
        f"  # mine\n  - id: mine\n    title: {sql[:20]}\n    phase: switch\n    sql: {sql}\n    rollback: {{none: x}}\n"
    )
    text, changes = fixed_text(parse_plan(HEAD + step, "p.yaml"))
    plan = parse_plan(text, "p.yaml")
    assert len(changes) == 1
    assert [each.strip() for each in sql_of(plan)] == steps
    assert "  # mine\n  - id: mine\n" in text
    assert not [rule for rule in rules(text) if rule != "rollback-incomplete"]


def test_what_yaml_folds_and_what_belongs_to_a_longer_step_is_left_and_not_promised() -> None:
    folded = "    sql: >-\n      CREATE INDEX i\n      ON t (x)\n"
    longer = "    sql: |\n      UPDATE t SET a = 1 WHERE id = 7;\n      ALTER TABLE t ALTER a SET NOT NULL;\n"
    for sql in (folded, longer):
        text = f"{HEAD}  - id: a\n    title: A\n    phase: expand\n{sql}    rollback: {{none: x}}\n"
        plan = parse_plan(text, "p.yaml")
        assert fixed_text(plan) == (text, ())
        hazards = [hazard for finding in findings_of_plan(plan) for hazard in finding.hazards]
        assert not any(hazard.safer is not None and hazard.safer.fixable for hazard in hazards)


def test_a_title_that_looks_like_the_statement_stays() -> None:
    text = f"{HEAD}  - id: a\n    title: CREATE INDEX i ON t (x)\n    phase: expand\n"
    text += "    sql: CREATE INDEX i ON t (x)\n    rollback: DROP INDEX CONCURRENTLY i\n"
    assert "    title: CREATE INDEX i ON t (x)\n" in fixed_text(parse_plan(text, "p.yaml"))[0]
    assert findings_of_plan(parse_plan(text, "p.yaml"))[0].place.line == 8
