"""The list of live panes: what follows from an entry, and nothing about it written down a second time."""

import re
from pathlib import Path

import pytest

from screens.actions import ACTIONS
from screens.app import ConsoleApp
from screens.panes import LIVE, ORDER, TABS, LivePane, number_of, pane_of, selecting
from tests.console.dialogs.stage import ScriptedEngine, until
from tests.console.scenes import backfilling, scene
from zdtui.watch.samples import Samples

CHECKOUT = Path(__file__).parents[2]


def named(pane: LivePane) -> str:
    return pane.id


def test_keys_tabs_and_order_follow_from_the_list() -> None:
    """Numbers go up by one from the plan's 1, and each has its key, its tab and its place for Tab."""
    assert [pane.number for pane in LIVE] == list(range(2, 2 + len(LIVE)))
    assert ("plan", "step", *(pane.id for pane in LIVE)) == ORDER
    assert ("Step", *(pane.shown.name for pane in LIVE)) == TABS
    assert [pane_of(number_of(pane_id)) for pane_id in ORDER[1:]] == list(ORDER[1:])
    keys = {each.id: each.key for each in ACTIONS}
    assert {pane.action: keys[pane.action] for pane in LIVE} == {f"pane_{n}": f"{n}" for n in range(2, 2 + len(LIVE))}
    assert selecting() == "locks, queries or progress"


@pytest.mark.parametrize("pane", LIVE, ids=named)
def test_a_pane_says_how_things_stand_before_and_after_its_first_sample(pane: LivePane) -> None:
    waiting = scene(backfilling(seen=Samples()))
    assert pane.title(waiting).text.startswith(f" {pane.number} {pane.shown.name} ")
    assert any("no data yet" in row.text for row in pane.shown.rows(waiting))
    assert pane.shown.rows(scene(backfilling()))


@pytest.mark.parametrize("pane", LIVE, ids=named)
@pytest.mark.parametrize("size", [(80, 23), (200, 50)], ids=str)
async def test_its_number_gives_it_the_keys_and_zoom_the_whole_screen(pane: LivePane, size: tuple[int, int]) -> None:
    app = ConsoleApp(ScriptedEngine(backfilling()))
    async with app.run_test(size=size) as pilot:
        lines = app.console_screen.lines(pane.id)
        await pilot.press(str(pane.number))
        await until(pilot, lambda: lines.display and app.console_screen.pane == pane.id, "the pane has the keys")
        assert lines.selects == pane.shown.selects
        await pilot.press("z")
        body, plot = app.console_screen.query_one("#body"), app.console_screen.lines("plot")

        def height() -> int:
            return lines.size.height + (plot.size.height if plot.display else 0)

        await until(pilot, lambda: height() == body.size.height > 8, "it has the whole height, with its plot")


def test_no_other_place_lists_the_panes() -> None:
    """A file that names three of them is a second list in the making; the vital signs take figures of two."""
    name = re.compile(
        rf"[\"'](?:{'|'.join(pane.id for pane in LIVE)})[\"']|#(?:{'|'.join(pane.id for pane in LIVE)})\b"
    )
    named = {
        path.relative_to(CHECKOUT).as_posix(): set(name.findall(path.read_text("utf-8")))
        for path in (CHECKOUT / "screens").rglob("*")
        if path.suffix in (".py", ".tcss")
    }
    assert {file: names for file, names in named.items() if len(names) > 2} == {}
