"""What the console says of a statement before it runs, and taking a hazard on."""

from dataclasses import replace
from typing import Any

import pytest
from textual import events

from screens.app import ConsoleApp
from screens.dialogs.facts.takes import hazard_facts, takes_facts
from screens.dialogs.frame.base import Dialog
from screens.dialogs.take_on import TakeOnDialog, take_on_sheet
from screens.hazards import HazardsScreen
from screens.lines import Lines
from screens.look import Look
from screens.scene import Scene, Tab
from screens.views.hazards import hazard_rows
from screens.views.now import now_rows
from screens.views.step_detail import step_rows, step_title
from tests.console.dialogs.stage import ScriptedEngine, until, write
from tests.console.scenes import TOUR, run_of, samples, scene, snapshot_of, text_of
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Safer, Severity
from zdtui.hazards.weight import Holder, Weight
from zdtui.plan.model import SqlAction, StepId
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model import events as e
from zdtui.run.model.commands import SilenceHazard
from zdtui.run.model.state import RunState
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.split import split
from zdtui.sql.text.name import Name
from zdtui.watch.samples import Reading, WeightsSample

USERS = Name("public", "users")
FIRST = TOUR.step("add-columns")
STOP = Hazard(
    rule="column-rename",
    severity=Severity.STOP,
    sentence="every query that says name fails at once",
    safer=Safer(sentence="add the new column beside it", sql="ALTER TABLE users ADD COLUMN full_name text"),
    also=("renaming-column",),
)
EFFECTS = Effects(locks=(Lock(USERS, LockMode.ACCESS_EXCLUSIVE),), rewrites=(USERS,))
BUSY = Weight(
    relation=USERS,
    size_bytes=41 * 1024**3,
    rows=310_000_000,
    writes_per_second=2100,
    indexes=3,
    holders=(Holder(4711, "report-nightly", LockMode.ACCESS_SHARE, "idle in transaction", None),),
)
WEIGHED = replace(samples(), weights=Reading(WeightsSample((BUSY,)), 999.0))


def finding(*hazards: Hazard, part: Part = Part.ACTION, effects: Effects = EFFECTS, **fields: object) -> Finding:
    assert isinstance(FIRST.action, SqlAction)
    return Finding(
        statement=split(FIRST.action.sql)[0],
        place=Place(path="p", line=1, column=1, step=FIRST.id, part=part),
        operations=(Operation(kind="ALTER TABLE ADD COLUMN"),),
        effects=effects,
        hazards=hazards,
        **fields,  # type: ignore[arg-type]
    )


def at_first_step(*findings: Finding, run: RunState | None = None, **fields: Any) -> Snapshot:
    return snapshot_of(TOUR, run or run_of(TOUR, done=()), seen=WEIGHED, findings=findings, **fields)


def of_first(snapshot: Snapshot, tab: Tab = Tab.SQL, **fields: Any) -> Scene:
    return scene(snapshot, step=FIRST.id, tab=tab, **fields)


def test_each_statement_says_its_lock_its_weight_and_its_hazards() -> None:
    text = text_of(hazard_rows(of_first(at_first_step(finding(STOP)), width=120), FIRST))
    assert "ALTER TABLE ADD COLUMN: ACCESS EXCLUSIVE on public.users · rewrites public.users" in text
    assert "nobody can read or write public.users" in text
    assert "ACCESS EXCLUSIVE on public.users (41 GB, 310 M rows, 2 100 writes/s): 1 transaction would" in text
    assert "3 indexes" in text
    assert "✗ stop column-rename" in text
    assert "also renaming-column" in text
    assert "every query that says name fails at once" in text
    assert "safer: add the new column beside it" in text
    assert "ALTER TABLE users ADD COLUMN full_name text" in text


def test_what_was_taken_on_shows_its_reason_instead_of_the_safer_way() -> None:
    run = run_of(
        TOUR,
        e.HazardSilenced(step=FIRST.id, rule=STOP.rule, reason="four rows", sql_digest=text_digest(FIRST)),
        done=(),
    )
    text = text_of(hazard_rows(of_first(at_first_step(finding(STOP), run=run)), FIRST))
    assert "acknowledged: four rows" in text
    assert "safer" not in text


def test_what_is_not_known_yet_is_said_and_what_is_traced_too() -> None:
    waiting = replace(at_first_step(), findings=None)
    assert "being looked for" in text_of(hazard_rows(of_first(waiting), FIRST))
    traced = finding(traced=True, disagreements=("traced a rewrite of public.users, which was not predicted",))
    text = text_of(hazard_rows(of_first(at_first_step(traced), width=100), FIRST))
    assert "(predicted or traced)" in text
    assert "which was not predicted" in text


def test_the_sql_tab_has_a_line_for_each_statement_and_the_tab_counts() -> None:
    snapshot = at_first_step(finding(STOP))
    text = text_of(step_rows(of_first(snapshot, width=100)))
    assert "ACCESS EXCLUSIVE on public.users · rewrites public.users" in text
    assert "✗ stop column-rename (h)" in text
    assert "Hazards 1" in step_title(of_first(snapshot)).text
    assert "Hazards 1" not in step_title(of_first(at_first_step(finding()))).text


def test_the_confirmation_says_what_the_step_takes_and_every_hazard() -> None:
    at = at_first_step(finding(STOP))
    facts = (*takes_facts(at, FIRST), *hazard_facts(at, FIRST))
    assert [fact.label for fact in facts] == ["takes", "", "hazard"]
    assert facts[0].text == "ACCESS EXCLUSIVE on public.users · rewrites public.users"
    assert "1 transaction would make it wait: 4711 report-nightly" in facts[1].text
    assert (facts[2].text, facts[2].look) == ("stop column-rename: every query that says name fails at once", Look.LOUD)


def test_a_hazard_of_the_rollback_is_said_to_be_one() -> None:
    undo = replace(finding(STOP), place=Place("plan.yaml", 1, 1, FIRST.id, Part.ROLLBACK))
    assert hazard_facts(at_first_step(undo), FIRST)[0].text.startswith("of the rollback: stop column-rename: ")


def test_a_lock_that_is_all_there_is_to_say_is_said_once() -> None:
    only_a_lock = finding(effects=Effects(locks=(Lock(USERS, LockMode.ACCESS_EXCLUSIVE),)))
    (fact,) = takes_facts(at_first_step(only_a_lock), FIRST)
    assert fact.text.startswith("ACCESS EXCLUSIVE on public.users (")


def test_a_statement_that_takes_nothing_is_not_told_above_one_that_takes_a_lock() -> None:
    facts = takes_facts(at_first_step(finding(effects=Effects()), finding()), FIRST)
    assert facts[0].text.startswith("ACCESS EXCLUSIVE on public.users")
    assert not any("no table locks" in fact.text for fact in facts)


def test_a_stop_can_be_taken_on_only_while_it_stops() -> None:
    snapshot = at_first_step(finding(STOP))
    assert take_on_sheet(snapshot, FIRST, STOP).withdrawn is None
    assert "no hazard column-rename stops" in (take_on_sheet(at_first_step(finding()), FIRST, STOP).withdrawn or "")


async def test_while_they_are_looked_for_nobody_says_that_there_are_none() -> None:
    waiting = replace(at_first_step(), findings=None)
    assert "takes   the hazards are being looked for" in text_of(now_rows(of_first(waiting, width=90)))
    app = ConsoleApp(ScriptedEngine(waiting))
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.pause()
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, HazardsScreen), "the hazards open")
        title = app.screen.query_one(Lines)
        await until(pilot, lambda: bool(title.rows), "something is drawn")
        assert "being looked for" in title.plain()[0]
        assert "none" not in title.plain()[0]


@pytest.mark.parametrize("size", [(80, 23), (200, 50)])
async def test_h_shows_every_hazard_and_closes(size: tuple[int, int]) -> None:
    app = ConsoleApp(ScriptedEngine(at_first_step(finding(STOP))))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.post_message(events.Key("h", "h"))
        await until(pilot, lambda: isinstance(app.screen, HazardsScreen), "the hazards open")
        await until(pilot, lambda: bool(app.screen.query_one(Lines).rows), "the hazards are drawn")
        drawn = "\n".join(app.screen.query_one(Lines).plain())
        assert "✗ stop column-rename" in drawn
        assert "1 stop" in drawn
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, HazardsScreen), "they close")


async def test_taking_a_hazard_on_asks_for_the_reason() -> None:
    engine = ScriptedEngine(at_first_step(finding(STOP)))
    app = ConsoleApp(engine)
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.pause()
        app.post_message(events.Key("H", "H"))
        await until(pilot, lambda: isinstance(app.screen, TakeOnDialog), "the question is asked")
        await until(
            pilot,
            lambda: isinstance(app.screen, Dialog) and app.screen.listening and app.screen.answering,
            "an answer counts",
        )
        await write(pilot, "new table")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, TakeOnDialog), "it is answered")
        expected = SilenceHazard(StepId("add-columns"), "column-rename", "new table", text_digest(FIRST))
        assert [each for each in engine.submitted if isinstance(each, SilenceHazard)] == [expected]
