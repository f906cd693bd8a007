"""Arming: a confirmation beforehand, for one text and a limited time, held to every rule twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.run.plans import done, fold, opened, plan, step, usual, view_of
from zdtui.plan.model import Environment, Plan, StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import ArmExpired, QuietMoment, decide
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import Arm
from zdtui.run.model.console import ConsoleRole
from zdtui.watch.samples import Pane

TOUR = plan()
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BREACH = Breach("replay lag", Pane.REPLICATION, "8.1 s", "5s")
ADD = StepId("add")


def arm(name: str = "add", of: Plan = TOUR, confirmed_by: str = "y", lasts: timedelta = HOUR) -> c.Arm:
    return c.Arm(StepId(name), step_digest(of.step(name)), confirmed_by, lasts)


def armed(of: Plan = TOUR, until: datetime = NOW + HOUR, confirmed_by: str = "y") -> e.StepArmed:
    return e.StepArmed(step=ADD, sql_digest=step_digest(of.step("add")), confirmed_by=confirmed_by, until=until)


def now(*events: e.Event, of: Plan = TOUR, **fields: Any) -> RunView:
    return view_of(plan=of, run=fold(*events), operator="ana@bastion", **{"wall": NOW, **fields})


def test_arming_is_journaled_with_its_end_and_starts_nothing() -> None:
    decision = decide(now(), arm())
    assert [type(effect) for effect in decision.effects] == [f.OpenRun, f.Record]
    effect = decision.effects[1]
    assert isinstance(effect, f.Record)
    event = effect.event
    assert isinstance(event, e.StepArmed)
    assert event.until == NOW + HOUR


@pytest.mark.parametrize(
    ("situation", "command", "says"),
    [
        (now(opened(TOUR), armed()), arm(), "armed already"),
        (now(), arm(lasts=timedelta(0)), "is armed for"),
        (now(), arm(lasts=timedelta(days=2)), "is armed for"),
        (now(), c.Arm(ADD, "another", "y", HOUR), "what was confirmed is not"),
        (now(), arm("fill"), "fill cannot be armed"),
        (now(console_role=ConsoleRole.OBSERVER), arm(), "looks on"),
        (now(working=ADD), arm(), "under way"),
        (now(*done(TOUR, "add")), arm("deploy"), "deploy cannot be armed"),
        (
            now(of=plan(environment=Environment.PRODUCTION)),
            arm(of=plan(environment=Environment.PRODUCTION)),
            "type add",
        ),
    ],
)
def test_what_cannot_be_armed(situation: RunView, command: Arm, says: str) -> None:
    decision = decide(situation, command)
    assert says in (decision.refusal or "")
    assert not decision.effects


def test_a_guard_that_is_over_is_what_arming_waits_for() -> None:
    assert decide(now(breached_guards=(BREACH,)), arm()).refusal is None
    assert decide(now(opened(TOUR), armed(), breached_guards=(BREACH,)), QuietMoment(ADD)).effects == ()


def test_in_the_quiet_moment_it_starts_and_the_journal_says_how_it_was_confirmed() -> None:
    decision = decide(now(opened(TOUR), armed()), QuietMoment(ADD))
    (performed,) = decision.effects
    assert isinstance(performed, f.Perform)
    assert performed.started.confirmed_by == "y, armed"


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        (now(opened(TOUR), armed(until=NOW)), "no quiet moment"),
        (
            now(opened(TOUR), armed(of=plan(step("add", verify=("SELECT false",)), *usual()[1:]))),
            "not what add would run",
        ),
        (now(opened(TOUR), armed(), console_role=ConsoleRole.OBSERVER), "looks on"),
    ],
    ids=["too late", "another text", "not ours any more"],
)
def test_what_is_refused_when_it_fires_is_disarmed(situation: RunView, why: str) -> None:
    decision = decide(situation, QuietMoment(ADD))
    assert not decision.effects
    (disarmed,) = decision.events
    assert isinstance(disarmed, e.StepDisarmed)
    assert why in disarmed.why


def test_pause_disarms_and_expiry_disarms() -> None:
    for intent, why in ((c.Pause(), "ana@bastion"), (ArmExpired(ADD), "no quiet moment")):
        decision = decide(now(opened(TOUR), armed()), intent)
        (event,) = decision.events
        assert isinstance(event, e.StepDisarmed)
        assert why in event.why
        assert fold(opened(TOUR), armed(), event).armed is None


@pytest.mark.parametrize(
    "event",
    [
        e.ConsoleJoined(pid=1, client="zdtui"),
        e.ConsoleLeft(why="quit"),
        e.ConnectionLost(message="gone"),
        e.PauseRequested(by="guard"),
        e.StepSkipped(step=ADD, reason="no need"),
    ],
    ids=lambda event: event.kind,
)
def test_it_survives_nothing(event: e.Event) -> None:
    assert fold(opened(TOUR), armed()).armed is not None
    assert fold(opened(TOUR), armed(), event).armed is None
    assert decide(now(opened(TOUR), armed(), event), QuietMoment(ADD)).effects == ()


@pytest.mark.parametrize(("seconds", "refused"), [(0, False), (0.5, False), (5, False), (6, True), (-1, True)])
def test_the_ceiling_has_bounds_and_is_journaled(seconds: float, refused: bool) -> None:
    decision = decide(now(opened(TOUR)), c.SetQueueCeiling(timedelta(seconds=seconds)))
    assert (decision.refusal is not None) is refused
    if not refused:
        assert decision.effects == (f.SetQueueCeiling(timedelta(seconds=seconds)),)
        assert [event.kind for event in decision.events] == ["queue ceiling set"]
