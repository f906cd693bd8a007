"""What matters now, in the middle of a large screen: told there in full, and at the side in short."""

from dataclasses import replace

import pytest

from screens.panes import live_pane
from screens.views.now import now_rows, now_title
from tests.console.scenes import LIVE, TOUR, backfilling, run_of, scene, snapshot_of, text_of
from tests.console.test_console import app_of, drawn, settled
from tests.console.test_locking_views import looking
from zdtui.run.decisions.snapshot import Snapshot


def told(snapshot: Snapshot) -> tuple[str, str]:
    at = scene(snapshot, width=90)
    return now_title(at).text, text_of(now_rows(at))


def test_who_is_in_the_way_with_all_they_run_and_the_keys() -> None:
    title, rows = told(looking())
    assert "Now: who is in the way" in title
    assert "5150" in rows
    assert "2 goes to them" in rows
    assert "queue" in rows


def test_the_pane_at_the_side_keeps_who_can_be_chosen_and_not_the_same_lines() -> None:
    pane = live_pane("locks")
    assert pane is not None
    whole, short = (pane.shown.rows(replace(scene(looking(), width=65), middle_tells=told)) for told in (False, True))
    assert [each.key for each in short if each.key] == [each.key for each in whole if each.key]
    assert len(short) < len(whole)


def test_work_a_stop_and_the_next_step_each_have_their_words() -> None:
    assert "63 %" in told(backfilling())[1]
    title, rows = told(snapshot_of(TOUR, run_of(TOUR, done=())))
    assert "what add-columns will do" in title
    assert "undo    ALTER TABLE users DROP COLUMN" in rows
    every = tuple(step.id for step in TOUR.steps)
    assert "Every step is over" in told(snapshot_of(TOUR, run_of(TOUR, done=every)))[1]


@pytest.mark.parametrize(
    ("size", "there"), [((200, 50), True), ((120, 35), True), ((120, 24), True), ((80, 24), False)]
)
async def test_it_stands_where_the_middle_has_room(size: tuple[int, int], there: bool) -> None:
    app, _ = app_of(backfilling(LIVE))
    async with app.run_test(size=size) as pilot:
        await settled(pilot, app)
        assert ("Now: backfill-names" in drawn(app)) is there
        await pilot.press("z")
        await pilot.pause()
        assert "Now:" not in drawn(app)


@pytest.mark.parametrize("size", [(120, 35), (159, 50), (120, 24)])
async def test_on_a_screen_of_middle_width_each_pane_is_a_line_and_its_number_opens_it(size: tuple[int, int]) -> None:
    app, _ = app_of(looking())
    async with app.run_test(size=size) as pilot:
        await settled(pilot, app)
        lines = drawn(app).splitlines()
        feet = [line.split("·")[0].strip() for line in lines[-5:-1]]
        assert feet == ["2 Locks", "3 Queries", "4 Replication", "5 Progress"]
        assert "5150" in drawn(app), "who is in the way is told at once"
        await pilot.press("3")
        await pilot.pause()
        opened = drawn(app)
        assert "Now:" not in opened
        assert "4711 idle in tx" in opened
        assert "[SQL]" in opened, "the step stays"
        assert "Plan 12 steps" in opened
        await pilot.press("escape")
        await pilot.pause()
        assert "Now:" in drawn(app)
