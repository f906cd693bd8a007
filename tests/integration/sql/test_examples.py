"""Every rule's examples really run on PostgreSQL: the bad one does what the rule warns of, the good one works too."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver
from tests.unit.hazards.test_rules import plan_text
from zdtui.hazards.rules import RULES
from zdtui.plan.load import parse_plan
from zdtui.plan.model import ManualAction
from zdtui.run.state import StepStatus
from zdtui.sql.split import split

REFUSED = {("unknown-statement", "bad")}
"""Examples that PostgreSQL itself refuses."""


@pytest.mark.parametrize("which", ["bad", "good"])
@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.example.steps], ids=lambda rule: rule.name)
def test_an_example_of_sql_runs(server: Database, rule, which: str) -> None:
    text = rule.example.bad if which == "bad" else rule.example.good
    with server.connect() as connection:
        for statement in split(rule.example.given):
            connection.execute(statement.text.encode())
        if (rule.name, which) in REFUSED:
            with pytest.raises(Exception, match="syntax error"):
                connection.execute(text.encode())
            return
        for statement in split(text):
            connection.execute(statement.text.encode())


@pytest.mark.parametrize("which", ["bad", "good"])
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.example.steps], ids=lambda rule: rule.name)
async def test_an_example_of_steps_runs(server18: Database, rule, which: str) -> None:
    steps = rule.example.bad if which == "bad" else rule.example.good
    server18.execute(rule.example.given)
    plan = parse_plan(plan_text(steps), "example.yaml")
    async with Driver(plan, server18.dsn()) as driver:
        for step in plan.steps:
            note = "done" if isinstance(step.action, ManualAction) else ""
            state = await driver.run(step.id, note)
            assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"
