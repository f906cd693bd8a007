"""What keeps a step from being run because of its hazards, and how a person takes one on."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.run.plans import done, fold, opened, plan, view_of
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Severity
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.hazard_gate import findings_of, stops, text_digest
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import SilenceHazard
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import RunState
from zdtui.sql.effects import Effects
from zdtui.sql.operation import Operation
from zdtui.sql.split import split

TOUR = plan()
ADD = TOUR.step("add")


def finding(*hazards: Hazard, step: str = "add", part: Part = Part.ACTION) -> Finding:
    statement = split("ALTER TABLE add ADD COLUMN x int")[0]
    place = Place(path="tour.yaml", line=7, column=5, step=StepId(step), part=part)
    operations = (Operation(kind="ALTER TABLE ADD COLUMN"),)
    return Finding(statement=statement, place=place, operations=operations, effects=Effects(), hazards=hazards)


STOP = Hazard(rule="table-rewrite", severity=Severity.STOP, sentence="nobody reads the table meanwhile")
WARN = Hazard(rule="missing-if-exists", severity=Severity.WARN, sentence="a retry fails")
RUN_ADD = c.RunStep(ADD.id, step_digest(ADD), "y")
TAKE_ON = c.SilenceHazard(ADD.id, STOP.rule, "the table has four rows", text_digest(ADD))


def at(*findings: Finding, run: RunState | None = None, **fields: Any) -> RunView:
    return view_of(plan=TOUR, run=run or fold(), findings=findings, operator="ana@bastion", **fields)


def test_a_stop_keeps_the_step_from_being_run_and_says_what_it_does() -> None:
    refusal = decide(at(finding(STOP)), RUN_ADD).refusal
    assert refusal is not None
    assert "table-rewrite stops add: nobody reads the table meanwhile" in refusal
    assert "H acknowledges it" in refusal


@pytest.mark.parametrize("hazard", [WARN, replace(STOP, silenced="said so in the plan")])
def test_a_warning_and_a_stop_silenced_in_the_plan_do_not(hazard: Hazard) -> None:
    assert decide(at(finding(hazard)), RUN_ADD).refusal is None


def test_a_stop_of_the_rollback_counts_before_the_step_runs_but_never_stops_the_rollback() -> None:
    findings = finding(STOP, part=Part.ROLLBACK)
    assert "table-rewrite" in (decide(at(findings), RUN_ADD).refusal or "")
    back = c.RollBack((ADD.id,), rollback_digest([ADD]), "y")
    assert decide(at(findings, run=fold(*done(TOUR, "add"))), back).refusal is None


def test_a_stop_of_another_step_is_of_no_concern() -> None:
    assert decide(at(finding(STOP, step="drop")), RUN_ADD).refusal is None


def test_taking_it_on_is_journaled_with_the_reason_and_lets_the_step_run() -> None:
    decision = decide(at(finding(STOP)), TAKE_ON)
    assert [type(effect) for effect in decision.effects] == [f.OpenRun, f.Record]
    effect = decision.effects[1]
    assert isinstance(effect, f.Record)
    event = effect.event
    assert event == e.HazardSilenced(
        step=ADD.id, rule="table-rewrite", reason="the table has four rows", sql_digest=text_digest(ADD)
    )
    after = at(finding(STOP), run=fold(opened(TOUR), event))
    assert decide(after, RUN_ADD).refusal is None
    assert after.findings is not None
    assert findings_of(after.findings, ADD, after.run.step(ADD.id))[0].hazards[0].silenced == "the table has four rows"


def test_what_was_taken_on_for_another_text_is_not_taken_on_for_this_one() -> None:
    event = e.HazardSilenced(step=ADD.id, rule=STOP.rule, reason="r", sql_digest="another text")
    run = fold(opened(TOUR), event)
    assert stops((finding(STOP),), ADD, run.step(ADD.id)) == (STOP,)


@pytest.mark.parametrize(
    ("situation", "command", "says"),
    [
        (at(finding(STOP)), replace(TAKE_ON, reason="  "), "needs a reason"),
        (at(finding(STOP)), replace(TAKE_ON, rule="another"), "no hazard another stops add"),
        (at(finding(WARN)), TAKE_ON, "no hazard table-rewrite stops add"),
        (at(finding(STOP)), replace(TAKE_ON, text_digest="old"), "not what was shown"),
        (at(finding(STOP)), replace(TAKE_ON, step=StepId("gone")), "the plan has no step gone"),
        (at(finding(STOP), console_role=ConsoleRole.OBSERVER), TAKE_ON, "looks on"),
    ],
)
def test_what_is_not_taken_on(situation: RunView, command: SilenceHazard, says: str) -> None:
    decision = decide(situation, command)
    assert says in (decision.refusal or "")
    assert not decision.effects


def test_it_stays_taken_on_when_the_step_was_rolled_back() -> None:
    event = e.HazardSilenced(step=ADD.id, rule=STOP.rule, reason="r", sql_digest=text_digest(ADD))
    run = fold(*done(TOUR, "add"), event, e.StepRolledBack(step=ADD.id, seconds=1.0))
    assert stops((finding(STOP),), ADD, run.step(ADD.id)) == ()
