"""A plan that asks for a rehearsal: which step is let run, what is said of the others, and how one is taken on."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.evidence.made import WHEN, evidence, seen
from tests.unit.run.plans import done, fold, opened, plan, started, view_of
from zdtui.evidence.model import Outcome, RollbackVerdict, StepEvidence
from zdtui.evidence.standing import Beside, Kept
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.decide import decide, hazards_that_stop
from zdtui.run.decisions.rehearsal_gate import RULE
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState

TOUR = plan(require_rehearsal=timedelta(days=7))
ADD = TOUR.step("add")
RUN_ADD = c.RunStep(ADD.id, step_digest(ADD), "y")
TAKE_ON = c.SilenceHazard(ADD.id, RULE, "staging is being moved", text_digest(ADD))


def at(of: StepEvidence | None, run: RunState | None = None, **fields: Any) -> RunView:
    kept = Kept() if of is None else Kept(evidence(TOUR, [of]))
    usual: dict[str, Any] = {"plan": TOUR, "findings": (), "evidence": Beside(kept), "wall": WHEN + timedelta(days=2)}
    return view_of(run=run or fold(), **usual | fields)


def test_what_was_rehearsed_as_it_is_written_runs() -> None:
    assert decide(at(seen(ADD)), RUN_ADD).refusal is None


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (None, "it was not rehearsed"),
        (seen(TOUR.step("fill")), "it was not rehearsed"),
        (seen(ADD, digest="00"), "what was rehearsed was another text"),
        (seen(ADD, outcome=Outcome.FAILED), "its rehearsal failed"),
        (seen(ADD, rollback=RollbackVerdict.DIFFERS), "its rollback did not bring everything back in the rehearsal"),
    ],
)
def test_what_was_not_is_held_back_in_words(of: StepEvidence | None, why: str) -> None:
    decision = decide(at(of), RUN_ADD)
    assert decision.held_back
    asks = "this plan asks for a rehearsal of the last 7d"
    assert decision.refusal == f"not-rehearsed stops add: {why}; {asks} (h shows it, H acknowledges it)"


def test_one_that_is_too_old_is_none() -> None:
    late = at(seen(ADD), wall=WHEN + timedelta(days=8))
    assert "its rehearsal is older than 7d" in (decide(late, RUN_ADD).refusal or "")


def test_before_anybody_has_looked_nothing_is_proved() -> None:
    assert "not looked for yet" in (decide(at(None, evidence=None), RUN_ADD).refusal or "")


def test_a_plan_that_does_not_ask_is_run_without() -> None:
    assert decide(at(None, plan=plan()), RUN_ADD).refusal is None


def test_it_is_taken_on_with_a_reason_that_is_journaled_for_this_text() -> None:
    assert "needs a reason" in (decide(at(None), c.SilenceHazard(ADD.id, RULE, " ", text_digest(ADD))).refusal or "")
    opening, record = decide(at(None), TAKE_ON).effects
    assert isinstance(opening, f.OpenRun)
    assert isinstance(record, f.Record)
    assert record.event == e.HazardSilenced(
        step=ADD.id, rule=RULE, reason="staging is being moved", sql_digest=text_digest(ADD)
    )
    after = fold(opened(TOUR), record.event)
    assert decide(at(None, after), RUN_ADD).refusal is None
    other = record.event.model_copy(update={"sql_digest": "of another text"})
    assert decide(at(None, fold(opened(TOUR), other)), RUN_ADD).held_back


def test_there_is_nothing_to_take_on_where_it_was_rehearsed() -> None:
    assert decide(at(seen(ADD)), TAKE_ON).refusal == "no hazard not-rehearsed stops add"


def test_to_go_on_with_a_step_or_to_take_it_back_needs_no_rehearsal() -> None:
    begun = (opened(TOUR), started(TOUR, "add"))
    held = fold(*begun, e.StepHeld(step=ADD.id, why=e.HoldKind.PAUSED, detail="paused"))
    assert decide(at(None, held), RUN_ADD).refusal is None
    failed = fold(*begun, e.StepFailed(step=ADD.id, direction=e.Direction.FORWARD, message="no"))
    assert decide(at(None, failed), RUN_ADD).held_back, "it starts anew"
    back = c.RollBack((ADD.id,), rollback_digest([ADD]), "y")
    assert decide(at(None, fold(*done(TOUR, "add"))), back).refusal is None


@pytest.mark.parametrize("name", ["deploy", "soak"])
def test_what_sends_nothing_needs_none(name: str) -> None:
    assert hazards_that_stop(at(None), TOUR.step(name)) == ()
    assert hazards_that_stop(at(None), TOUR.step(StepId("fill")))
