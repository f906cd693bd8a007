"""What the console says of a step's rehearsal: beside its SQL, in the question before it runs, and where it is missing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual import events

from screens.app import ConsoleApp
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Sheet
from screens.dialogs.rehearse import RehearseDialog, rehearse_sheet
from screens.dialogs.run_sheet import run_sheet
from screens.dialogs.take_on import take_on_sheet
from screens.scene import Scene, Tab
from screens.text import width_of
from screens.views.hazards import hazard_count, hazard_rows
from screens.views.rehearsed import rehearsal_rows
from screens.views.step_detail import step_rows
from screens.would_send import Focus, take_on, why_not_offered
from tests.console.dialogs.stage import ScriptedEngine, screen_text, until
from tests.console.scenes import NOW, TOUR, WALL, run_of, scene, snapshot_of, text_of
from tests.unit.evidence.made import evidence, seen
from zdtui.evidence.model import RelationSize
from zdtui.evidence.standing import Beside, Here, Kept
from zdtui.evidence.under_way import UnderWay
from zdtui.plan.model import Plan, Step
from zdtui.run.decisions.decide import hazards_that_stop
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model import events as e
from zdtui.run.model.commands import Rehearse, StopRehearsal

FIRST = TOUR.step("add-columns")
ASKS = TOUR.model_copy(update={"require_rehearsal": timedelta(days=7)})


def at_first(beside: Beside | None, plan: Plan = TOUR, **fields: Any) -> Snapshot:
    return snapshot_of(plan, fields.pop("run", run_of(plan, done=())), findings=(), evidence=beside, **fields)


def beside(step: Step = FIRST, here: Here | None = None, **changes: Any) -> Beside:
    return Beside(Kept(evidence(TOUR, [seen(step, **changes)], rehearsed_at=WALL - timedelta(days=2))), here or Here())


def of_first(snapshot: Snapshot, **fields: Any) -> Scene:
    return scene(snapshot, step=FIRST.id, tab=Tab.SQL, **fields)


def drawn(snapshot: Snapshot, width: int = 100, **fields: Any) -> str:
    return " ".join(text_of(step_rows(of_first(snapshot, width=width, **fields))).split())


def test_it_stands_beside_the_sql_and_in_the_question() -> None:
    told = "rehearsed 2 days ago on staging: 3.1 s, ACCESS EXCLUSIVE on users 14 ms, worst stall 20 ms, rollback exact"
    snapshot = at_first(beside())
    assert f"✓ {told}" in drawn(snapshot)
    assert f"+ {told}" in drawn(snapshot, ascii_only=True)
    facts = run_sheet(snapshot, FIRST, False, Now(NOW, WALL)).facts
    assert [each.text for each in facts if each.label == "proof"] == [told]


def test_nothing_is_said_where_nobody_rehearsed_and_nobody_asked() -> None:
    assert "rehears" not in drawn(at_first(None))
    assert "rehears" not in drawn(at_first(Beside()))
    by_hand = TOUR.step("deploy-writers")
    shown = text_of(step_rows(scene(at_first(beside()), step=by_hand.id, tab=Tab.SQL, width=100)))
    assert "rehears" not in shown


@pytest.mark.parametrize("width", [40, 80, 120])
def test_what_is_unlike_this_place_stands_below_and_is_an_estimate(width: int) -> None:
    leg = seen(FIRST).legs[0].model_copy(update={"rewrites": ("public.users",)})
    size = RelationSize(relation="public.users", bytes=10 * 1024**2)
    there = beside(here=Here(18, {}, {"public.users": 40 * 1024**2}), legs=(leg,), sizes=(size,))
    shown = drawn(at_first(there), width)
    assert "here, by size alone: about 12 s, ACCESS EXCLUSIVE on users 56 ms; an estimate" in shown
    assert "it was on PostgreSQL 16, this is 18" in shown
    assert all(width_of(each.text) <= width for each in rehearsal_rows(of_first(at_first(there), width=width), FIRST))


def test_evidence_that_is_not_read_is_said_so() -> None:
    note = "the evidence is not read: p.evidence.json was written by a newer zdtui"
    assert f"! {note}" in drawn(at_first(Beside(Kept(note=note))))


def test_a_missing_rehearsal_stands_among_the_hazards_and_is_acknowledged_as_they_are() -> None:
    snapshot = at_first(Beside(), ASKS)
    assert hazard_count(snapshot, FIRST) == 1
    assert "✗ stop not-rehearsed" in text_of(hazard_rows(of_first(snapshot), FIRST))
    assert "not-rehearsed stops add-columns: it was not rehearsed" in (run_sheet_of(snapshot).withdrawn or "")
    assert why_not_offered(Focus(snapshot), take_on) is None
    (missing,) = hazards_that_stop(snapshot, FIRST)
    sheet = take_on_sheet(snapshot, FIRST, missing)
    assert "rehearse it first" in next(each.text for each in sheet.facts if each.label == "safer")


def test_one_that_was_acknowledged_says_why() -> None:
    taken_on = e.HazardSilenced(
        step=FIRST.id, rule="not-rehearsed", reason="staging is down", sql_digest=seen(FIRST).digest
    )
    snapshot = at_first(Beside(), ASKS, run=run_of(ASKS, taken_on, done=()))
    assert hazard_count(snapshot, FIRST) == 0
    assert "acknowledged: staging is down" in text_of(hazard_rows(of_first(snapshot), FIRST))
    sheet = run_sheet_of(snapshot)
    assert sheet.withdrawn is None
    assert "not-rehearsed, acknowledged: staging is down" in [each.text for each in sheet.facts]


def run_sheet_of(snapshot: Snapshot) -> Sheet:
    return run_sheet(snapshot, FIRST, False, Now(NOW, WALL))


async def test_r_asks_and_then_shows_what_the_rehearsal_says_as_it_comes() -> None:
    engine = ScriptedEngine(at_first(Beside()))
    app = ConsoleApp(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.post_message(events.Key("r", "r"))
        await until(pilot, lambda: isinstance(app.screen, RehearseDialog), "the question is asked")
        asked = app.screen
        await until(pilot, lambda: isinstance(asked, Dialog) and asked.answering, "an answer counts")
        assert "a PostgreSQL of its own on this machine" in screen_text(app)
        await pilot.press("y")
        await until(pilot, lambda: app.screen is not asked and isinstance(app.screen, RehearseDialog), "it is shown")
        assert [each for each in engine.submitted if isinstance(each, Rehearse)] == [Rehearse(FIRST.id)]
        going = UnderWay(FIRST.id, ("[1/5] add-columns forward: 12 ms",))
        engine.snapshot = at_first(Beside(), under_way=going)
        await until(pilot, lambda: "[1/5] add-columns forward: 12 ms" in screen_text(app), "what it says is drawn")
        assert "the rehearsal of add-columns is under way" in screen_text(app)
        shown = app.screen
        await until(pilot, lambda: isinstance(shown, Dialog) and shown.listening, "keys are taken")
        await pilot.press("X")
        await until(pilot, lambda: StopRehearsal() in engine.submitted, "it is stopped")
        over = replace(going, over=True, failed="stopped before it was over: nothing of it was kept")
        engine.snapshot = at_first(Beside(), under_way=over)
        await until(pilot, lambda: "stopped before it was over" in screen_text(app), "its end is told")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Dialog), "it closes")


def test_what_it_proved_stands_in_the_dialog_once_it_is_over() -> None:
    sheet = rehearse_sheet(at_first(beside(), under_way=UnderWay(FIRST.id, ("done",), over=True)), FIRST)
    assert next(each.text for each in sheet.facts if each.label == "proof").startswith(
        "rehearsed 2 days ago on staging"
    )
    assert sheet.obstacle is None, "it can be rehearsed again"
    other = rehearse_sheet(at_first(beside(), under_way=UnderWay(TOUR.steps[1].id)), FIRST)
    assert other.pages[0].name != "rehearsal", "that is another step's"
