"""Rehearsing the next step from the console: when that may begin, and that a run is never in its way."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.run.plans import START, done, fold, opened, plan, started, view_of
from zdtui.evidence.standing import Beside
from zdtui.evidence.under_way import MOST_LINES, UnderWay
from zdtui.plan.model import StepId
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.reading import reading_digest
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import RunState

TOUR = plan()
ADD = c.Rehearse(StepId("add"))
GOING = UnderWay(StepId("add"))


def at(run: RunState | None = None, **fields: Any) -> RunView:
    return view_of(plan=TOUR, run=run or fold(), **{"evidence": Beside(), **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"console_role": ConsoleRole.OBSERVER},
        {"cannot_write": "the role may not write"},
        {"under_way": replace(GOING, over=True)},
    ],
    ids=str,
)
def test_it_may_begin_whatever_becomes_of_the_run(fields: dict[str, Any]) -> None:
    assert decide(at(**fields), ADD).effects == (f.Rehearse(StepId("add")),)


def test_after_a_step_the_next_one() -> None:
    after = at(fold(*done(TOUR, "add", "deploy")))
    assert decide(after, c.Rehearse(StepId("fill"))).effects == (f.Rehearse(StepId("fill")),)
    assert "only the next step" in (decide(after, ADD).refusal or "")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"connection_state": ConnectionState.LOST}, "the connection to the server is lost"),
        ({"evidence": None}, "not looked for yet"),
        ({"under_way": GOING}, "the rehearsal of add is under way"),
        ({"rehearsal": "move 1 of 9"}, "this is a rehearsal already"),
        ({"run": fold(*done(TOUR, "add"))}, "only the next step"),
        ({"run": fold(*done(TOUR, *(each.id for each in TOUR.steps)))}, "every step is done"),
        (
            {
                "run": fold(
                    opened(TOUR), started(TOUR, "add"), e.StepHeld(step=StepId("add"), why=e.HoldKind.LOCK, detail="x")
                )
            },
            "add is held: a copy of the schema would not be as the step found it",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_why_it_may_not(fields: dict[str, Any], why: str) -> None:
    decision = decide(at(**fields), ADD)
    assert why in (decision.refusal or "")
    assert decision.effects == ()


def test_what_sends_nothing_is_not_rehearsed() -> None:
    by_hand = at(fold(*done(TOUR, "add")))
    assert decide(by_hand, c.Rehearse(StepId("deploy"))).refusal == (
        "deploy sends nothing: there is nothing to rehearse"
    )


def test_what_nobody_has_read_of_a_proposal_is_not_rehearsed_as_a_superuser() -> None:
    """SQL of the scratch server's superuser can start programs on this machine."""
    proposed = NotJournaled(Proposal(by="claude", digest=TOUR.digest))
    decision = decide(at(not_journaled=proposed), ADD)
    assert decision.held_back
    assert "add was proposed by claude, and nobody has read it yet" in (decision.refusal or "")
    add = TOUR.step("add")
    read = e.StepRead(step=add.id, text_digest=reading_digest(TOUR, add), by="ana", read_at=START)
    assert decide(at(not_journaled=replace(proposed, readings=(read,))), ADD).effects == (f.Rehearse(add.id),)


def test_only_what_goes_on_is_stopped() -> None:
    assert decide(at(under_way=GOING), c.StopRehearsal()).effects == (f.StopRehearsal(),)
    for nothing in (None, replace(GOING, over=True)):
        assert "no rehearsal is under way" in (decide(at(under_way=nothing), c.StopRehearsal()).refusal or "")


def test_what_it_says_does_not_grow_without_end() -> None:
    said = GOING
    for number in range(MOST_LINES * 2):
        said = said.saying(str(number))
    assert len(said.lines) == MOST_LINES + 1
    assert said.lines[-1] == str(MOST_LINES * 2 - 1)
