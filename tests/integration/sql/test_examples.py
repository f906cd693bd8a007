"""Both examples of every hazard really run on PostgreSQL, the oldest and the newest we have, and so does what the
check tells to do instead; what --fix writes into a plan leaves the same schema."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver
from zdtui.demo.embedded import SUPERUSER
from zdtui.demo.shop import OPERATOR
from zdtui.hazards.example import findings_of_example, plan_of
from zdtui.hazards.fix import fixed
from zdtui.hazards.hazard import Safer
from zdtui.hazards.rule import Rule
from zdtui.hazards.rules import RULES
from zdtui.plan.load import parse_plan
from zdtui.plan.model import ManualAction, Plan, SqlAction
from zdtui.run.model.state import StepStatus
from zdtui.sql.split import split

REFUSED = {("unknown-statement", "bad"), ("server-refuses", "bad")}
"""Examples that PostgreSQL itself refuses."""
REFUSED_STEPS = {("commit-in-transaction", "bad"): "invalid transaction termination"}
"""Examples of steps that PostgreSQL refuses, and what it says: that is the hazard."""
OF_THE_SERVER = {"password-in-plan": "DROP ROLE IF EXISTS reporting_zdtui_example"}
"""Examples about roles: a superuser's, and there but once for all databases. What takes away the one of another test."""
BEFORE_IT = {"validate-with-add": "ALTER TABLE users ADD CONSTRAINT age CHECK (age > 0) NOT VALID"}
"""What the transaction of the bad example did before the statement that is told to be written otherwise."""
SQL_RULES = [rule for rule in RULES if not rule.example.steps]
SCHEMA = """
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indrelid::regclass || ' ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index
 WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
UNION ALL SELECT attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
  FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
   AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
ORDER BY 1
"""
GIVEN = """
CREATE TABLE users (id int NOT NULL, name text, "eMail" text, PRIMARY KEY (id));
CREATE TABLE orders (no int NOT NULL, user_id int, state text);
CREATE INDEX orders_state ON orders (state);
INSERT INTO users VALUES (1, 'a', 'a@b');
INSERT INTO orders VALUES (7, 1, 'new')
"""


@pytest.mark.parametrize("which", ["bad", "good"])
@pytest.mark.parametrize("rule", SQL_RULES, ids=lambda rule: rule.name)
def test_an_example_of_sql_runs(server: Database, rule: Rule, which: str) -> None:
    text = rule.example.bad if which == "bad" else rule.example.good
    if (rule.name, which) in REFUSED:
        with pytest.raises(Exception, match=r"syntax error|cannot run inside a transaction block"):
            run(server, rule.example.given, text)
        return
    run_example(server, rule, rule.example.given, text)


@pytest.mark.parametrize("rule", SQL_RULES, ids=lambda rule: rule.name)
def test_the_safer_way_runs_as_it_is_told(server: Database, rule: Rule) -> None:
    found = (each for finding in findings_of_example(rule, rule.example.bad) for each in finding.hazards)
    safer = next(hazard.safer for hazard in found if hazard.rule == rule.name)
    given = f"{rule.example.given}; {BEFORE_IT.get(rule.name, '')}"
    run_example(server, rule, given, (safer or Safer(sentence="")).sql)


def run_example(server: Database, rule: Rule, given: str, text: str) -> None:
    if (undo := OF_THE_SERVER.get(rule.name)) is None:
        run(server, given, text)
        return
    run(server, f"{undo}; {given}", f"{text}; {undo}", SUPERUSER)


def run(server: Database, given: str, text: str, user: str = OPERATOR) -> None:
    with server.connect(user) as connection:
        for statement in (*split(given), *split(text)):
            connection.execute(statement.text.encode())


@pytest.mark.parametrize("which", ["bad", "good"])
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.example.steps], ids=lambda rule: rule.name)
async def test_an_example_of_steps_runs(server18: Database, rule: Rule, which: str) -> None:
    steps = rule.example.bad if which == "bad" else rule.example.good
    server18.execute(rule.example.given)
    if (said := REFUSED_STEPS.get((rule.name, which))) is not None:
        with pytest.raises(AssertionError, match=said):
            await run_plan(server18, plan_of(steps))
        return
    await run_plan(server18, plan_of(steps))


async def run_plan(server: Database, plan: Plan) -> None:
    async with Driver(plan, server.dsn()) as driver:
        for step in plan.steps:
            note = "done" if isinstance(step.action, ManualAction) else ""
            state = await driver.run(step.id, note)
            assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX by_user ON orders (user_id)",
        "DROP INDEX orders_state",
        "REINDEX (VERBOSE) TABLE orders",
        "ALTER TABLE orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
        "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users -- whose it is",
        "ALTER TABLE orders ADD CONSTRAINT filled CHECK (state <> ''), ADD COLUMN more int, ADD CONSTRAINT no CHECK (no > 0)",
        'ALTER TABLE users ALTER COLUMN "eMail" SET NOT NULL',
        'ALTER TABLE users ALTER name SET NOT NULL, ALTER COLUMN "eMail" SET NOT NULL',
        'ALTER TABLE users ADD UNIQUE ("eMail", name)',
        'ALTER TABLE users ADD CONSTRAINT one UNIQUE (name) INCLUDE ("eMail") DEFERRABLE INITIALLY DEFERRED',
        "ALTER TABLE orders ADD COLUMN more int, ADD PRIMARY KEY (no)",
        "ALTER TABLE orders ADD PRIMARY KEY (user_id)",
    ],
)
def test_what_is_written_into_a_plan_leaves_the_same_schema(server: Database, statement: str) -> None:
    bad = plan_of(f"- id: a\n  title: A\n  phase: expand\n  sql: |\n    {statement}\n  rollback: {{none: a test}}")
    better, changes = fixed(bad)
    text = better.source
    assert changes
    good = parse_plan(text, "fixed.yaml")
    assert (fixed(good)[0].source, fixed(good)[1]) == (text, ())
    assert schema_after(server, good) == schema_after(server, bad)


def schema_after(server: Database, plan: Plan) -> list[str]:
    run(server, "DROP TABLE IF EXISTS orders; DROP TABLE IF EXISTS users", GIVEN)
    for step in plan.steps:
        assert isinstance(step.action, SqlAction)
        run(server, "", step.action.sql)
    return [row[0] for row in server.execute(SCHEMA)]
