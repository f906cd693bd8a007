"""What a person reads of a step says something for every kind of step there is: no kind is an empty place."""

from datetime import timedelta
from typing import get_args

import pytest

from zdtui.plan.load import parse_plan
from zdtui.plan.model import (
    Action,
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    Step,
    StepId,
    WaitAction,
)
from zdtui.plan.render import render_plan
from zdtui.plan.write import write_plan
from zdtui.run.decisions.confirm_text import shown

EXAMPLES: tuple[Action, ...] = (
    SqlAction(sql="ANALYZE told_by_its_name\n"),
    BackfillAction(table="told_by_its_name", assignments=(("a", "b"),), where="a IS NULL"),
    CopyAction(source="told_by_its_name", into="t", columns=(("a", "b"),)),
    CompareAction(source="told_by_its_name", into="t", columns=(("a", "told_by_its_name"),)),
    CheckAction(query="SELECT told_by_its_name FROM t\n"),
    ManualAction(instructions="told_by_its_name"),
    WaitAction(duration=timedelta(hours=3)),
)


def said(action: Action) -> str:
    """What each text of the step has to name."""
    return "3h" if isinstance(action, WaitAction) else "told_by_its_name"


def plan_of(action: Action) -> Plan:
    """A plan of one step."""
    rollback = NoRollback(kind="none", reason="it is an example")
    step = Step(id=StepId("a"), title="t", phase=Phase.EXPAND, action=action, rollback=rollback)
    return Plan(name="p", title="t", steps=(step,), source="", path="p.yaml", digest="")


def test_every_kind_has_an_example() -> None:
    assert {type(each) for each in EXAMPLES} == set(get_args(get_args(Action)[0]))


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action.kind)
def test_every_text_of_a_step_names_what_it_does(action: Action) -> None:
    plan = plan_of(action)
    assert said(action) in shown(plan.steps[0])
    assert said(action) in "\n".join(action.summary())
    assert said(action) in render_plan(plan)


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action.kind)
def test_every_kind_is_written_and_read_again(action: Action) -> None:
    assert parse_plan(write_plan(plan_of(action)), "p.yaml").steps[0].action == action
