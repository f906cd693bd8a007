"""What a person may send while a rehearsal goes through the steps."""

import pytest

from tests.integration.run.driver import plan_of, sql_step, step
from zdtui.plan.model import ManualAction, StepId
from zdtui.rehearse.by_a_person import GOES_BY_ITSELF, refused
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState, StepState, StepStatus

PLAN = plan_of(sql_step("one", "SELECT 1"), step("deploy", ManualAction(instructions="deploy it")))
ONE = StepId("one")


def view(**state: object) -> RunView:
    return RunView(plan=PLAN, run=RunState(steps={ONE: StepState(**state)}))  # type: ignore[arg-type]


def test_the_steps_are_the_rehearsals() -> None:
    assert refused(view(), c.RunStep(ONE, "digest", "y")) == GOES_BY_ITSELF
    assert refused(view(), c.RollBack((ONE,), "digest", "y")) == GOES_BY_ITSELF
    assert refused(view(), c.SkipStep(ONE, "why")) == GOES_BY_ITSELF


@pytest.mark.parametrize("command", [c.Pause(), c.CancelStatement(), c.AddNote("x"), c.Leave("q")])
def test_a_person_may_stop_it_and_remark(command: c.Command) -> None:
    assert refused(view(), command) is None


def test_what_is_done_by_hand_and_what_a_person_paused_is_theirs() -> None:
    assert refused(view(), c.RunStep(StepId("deploy"), "digest", "y", "done")) is None
    paused = view(status=StepStatus.HELD, hold=e.HoldKind.PAUSED)
    assert refused(paused, c.RunStep(ONE, "digest", "y")) is None
    locked = view(status=StepStatus.HELD, hold=e.HoldKind.LOCK)
    assert refused(locked, c.RunStep(ONE, "digest", "y")) == GOES_BY_ITSELF
