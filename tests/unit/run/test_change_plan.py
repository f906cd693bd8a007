"""A plan that was edited is gone on with where nothing was begun of what changed; else one sentence says why not."""

from typing import Any

import pytest

from tests.unit.run.plans import done, fold, opened, plan, started, step, view_of
from zdtui.plan.model import NoRollback, Phase, Plan, SqlAction, Step, StepId
from zdtui.run.decisions.change_plan import changed_steps, why_missing
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.view import RunView
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import ChangePlan
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import RunState

TOUR = plan()


def edited(*replaced: Step, without: tuple[str, ...] = (), **fields: Any) -> Plan:
    """The tour with these steps in the place of those of their ids, and without some."""
    by_id = {each.id: each for each in replaced}
    steps = (*(by_id.pop(each.id, each) for each in TOUR.steps if each.id not in without),)
    return TOUR.model_copy(update={"steps": (*steps, *by_id.values()), "digest": "d2", "source": "two", **fields})


OTHER_ADD = step("add", SqlAction(sql="ALTER TABLE add ADD COLUMN y int"))
OTHER_UNDO = step("add", rollback=NoRollback(reason="it may stay"))
OTHER_FILL = TOUR.step("fill").model_copy(update={"verify": ("SELECT true",)})
NEW = step("new", phase=Phase.CONTRACT)


def held(of: Plan, name: str, *, applied: bool = False) -> RunState:
    """A run in which that step was begun and failed."""
    failed = e.StepFailed(step=StepId(name), direction=e.Direction.FORWARD, message="no", applied=applied)
    return fold(opened(of), started(of, name), failed)


def test_before_the_run_anything_may_change_and_nothing_is_journaled() -> None:
    after = edited(OTHER_ADD, NEW, without=("drop",))
    assert decide(view_of(TOUR, RunState()), ChangePlan(after)).effects == (f.ChangePlan(after),)


@pytest.mark.parametrize(
    ("after", "named"),
    [
        (edited(OTHER_FILL), "fill changed"),
        (edited(OTHER_FILL, NEW), "fill, new changed"),
        (edited(without=("soak",)), "soak changed"),
        (edited(), "no text of a step changed"),
        (edited(*(each.model_copy(update={"verify": ("SELECT 1=1",)}) for each in TOUR.steps[1:])), "and 1 more step"),
    ],
)
def test_steps_that_were_not_begun_may_change_and_the_journal_says_which(after: Plan, named: str) -> None:
    run = fold(*done(TOUR, "add"))
    (change,) = decide(view_of(TOUR, run, operator="ana@bastion"), ChangePlan(after)).effects
    assert isinstance(change, f.ChangePlan)
    assert change.amended is not None
    assert change.amended.reason.startswith("edited in the console by ana@bastion: ")
    assert named in change.amended.reason
    assert (change.amended.plan_digest, change.amended.plan_text) == ("d2", "two")


@pytest.mark.parametrize("after", [edited(OTHER_ADD), edited(OTHER_UNDO)], ids=["forward", "back"])
def test_what_was_begun_is_not_changed_either_way(after: Plan) -> None:
    for run in (fold(*done(TOUR, "add")), held(TOUR, "add", applied=True)):
        decision = decide(view_of(TOUR, run), ChangePlan(after))
        assert decision.held_back
        assert (decision.refusal or "").startswith("add was begun with another text: the console keeps it.")


def test_what_failed_and_left_nothing_may_be_mended_and_a_backfill_has_left_its_checkpoints() -> None:
    assert decide(view_of(TOUR, held(TOUR, "add")), ChangePlan(edited(OTHER_ADD))).refusal is None
    filling = fold(*done(TOUR, "add", "deploy"), started(TOUR, "fill"))
    stopped = e.StepHeld(step=StepId("fill"), why=e.HoldKind.PAUSED, detail="paused")
    run = fold(*done(TOUR, "add", "deploy"), started(TOUR, "fill"), stopped)
    for state in (filling, run):
        assert "fill was begun" in (decide(view_of(TOUR, state), ChangePlan(edited(OTHER_FILL))).refusal or "")


def test_a_step_that_was_begun_cannot_be_left_out_nor_when_the_run_is_opened_again_with_a_reason() -> None:
    run, after = fold(*done(TOUR, "add")), edited(without=("add",))
    missing = "the amended plan has no step add, which this run has already begun"
    assert decide(view_of(TOUR, run), ChangePlan(after)).refusal == missing
    assert why_missing(run, after) == missing
    assert why_missing(run, edited(OTHER_ADD)) is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"console_role": ConsoleRole.OBSERVER}, "looks on"),
        ({"working": StepId("add")}, "add is under way"),
        ({"cannot_write": "no rights"}, "no rights"),
    ],
)
def test_who_may_not_command_changes_nothing(fields: dict[str, Any], says: str) -> None:
    now: RunView = view_of(TOUR, RunState(), **fields)
    assert says in (decide(now, ChangePlan(edited(OTHER_FILL))).refusal or "")


def test_another_name_is_another_run_and_the_same_text_is_nothing() -> None:
    now = view_of(TOUR, RunState())
    assert "a run belongs to a name" in (decide(now, ChangePlan(edited(name="other"))).refusal or "")
    decision = decide(now, ChangePlan(TOUR))
    assert (decision.refusal, decision.events, decision.effects) == (None, (), ())


def test_a_run_that_goes_on_with_a_text_it_does_not_know_takes_no_other() -> None:
    run = fold(opened(TOUR.model_copy(update={"digest": "d0"})))
    assert "--amend" in (decide(view_of(TOUR, run), ChangePlan(edited(NEW))).refusal or "")


def test_what_changed_is_told_by_the_texts_alone() -> None:
    assert changed_steps(TOUR, edited(OTHER_ADD, NEW, without=("drop",))) == ("add", "drop", "new")
    assert changed_steps(TOUR, edited(TOUR.step("add").model_copy(update={"title": "Another", "notes": "n"}))) == ()
