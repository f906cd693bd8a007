"""A pause that somebody asks for who is not at the console."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.run.plans import START, done, fold, plan, started, view_of
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import PauseAsked, decide
from zdtui.run.decisions.decision import Decision
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.console import ConsoleRole

TOUR = plan()
ASKED = PauseAsked("zdtui agents: claude for ana (role agents)")


def test_what_works_stops_at_its_safe_point_in_the_name_of_who_asked() -> None:
    now = view_of(TOUR, fold(*done(TOUR, "add", "deploy"), started(TOUR, "fill")), working=StepId("fill"))
    decision = decide(now, ASKED)
    assert decision.events == (e.PauseRequested(by=ASKED.by),)
    assert decision.effects == (f.StopAtSafePoint(e.HoldKind.PAUSED, f"{ASKED.by} asked for a pause"),)
    assert decide(replace(now, working=None), ASKED) == Decision(events=(e.PauseRequested(by=ASKED.by),))


def test_an_armed_step_is_disarmed() -> None:
    until = START + timedelta(hours=1)
    armed = e.StepArmed(
        step=StepId("deploy"), sql_digest=step_digest(TOUR.step("deploy")), confirmed_by="y", until=until
    )
    (event,) = decide(view_of(TOUR, fold(*done(TOUR, "add"), armed)), ASKED).events
    assert event == e.StepDisarmed(step=StepId("deploy"), why=f"{ASKED.by} asked for a pause")


def test_it_is_in_the_way_of_no_rollback_and_of_nothing_that_stands_already() -> None:
    begun = done(TOUR, "add", "deploy")
    back = fold(*begun, started(TOUR, "deploy", e.Direction.BACK))
    finished = fold(*done(TOUR, *(each.id for each in TOUR.steps)), e.RunFinished())
    quiet = (
        view_of(TOUR, back, working=StepId("deploy")),
        view_of(TOUR, fold()),
        view_of(TOUR, finished),
        view_of(TOUR, fold(*begun), console_role=ConsoleRole.OBSERVER),
        view_of(TOUR, fold(*begun, e.PauseRequested(by="ana"))),
    )
    assert [decide(each, ASKED) for each in quiet] == [Decision()] * len(quiet)
