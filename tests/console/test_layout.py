"""What a terminal of some size shows, whatever was opened and zoomed before it had that size."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.panes import LIVE, ORDER, PLAN, TABS
from screens.terminal.layout import CLASSES, NARROW, PLACED, WIDE, layout
from tests.console.scenes import backfilling, scene
from zdtui.watch.samples import Reading, Samples

SIZES = st.tuples(st.integers(1, 300), st.integers(1, 100))
CHOSEN = st.integers(1, len(TABS))
ZOOMED = st.none() | st.sampled_from(ORDER)


@given(SIZES, CHOSEN, ZOOMED)
def test_something_is_always_shown_and_nothing_twice(size: tuple[int, int], chosen: int, zoomed: str | None) -> None:
    placed = layout(*size, chosen=chosen, zoomed=zoomed)
    live = [pane.id for pane in LIVE if pane.id in placed.shown]
    assert placed.shown <= set(PLACED)
    assert placed.classes <= set(CLASSES)
    assert bool(live) is ("side" in placed.shown), "a pane is shown where its side is, and only there"
    assert len(live) in (0, 1, len(LIVE))
    if zoomed is not None:
        assert placed.shown & set(ORDER) <= {zoomed}, "what is zoomed is alone"
        assert "now" not in placed.shown
    else:
        assert PLAN in placed.shown
        assert {"middle", "side"} & placed.shown


@given(st.integers(NARROW, WIDE - 1), st.integers(15, 100), CHOSEN)
def test_at_middle_widths_the_step_stays_and_now_or_one_pane_is_below_it(width: int, height: int, chosen: int) -> None:
    placed = layout(width, height, chosen=chosen, zoomed=None)
    assert {"middle", "summaries"} <= placed.shown
    assert ("now" in placed.shown) is ("side" not in placed.shown)


@pytest.mark.parametrize("pane", LIVE, ids=lambda pane: pane.id)
@pytest.mark.parametrize(("error", "told"), [("", "no data yet"), ("the server said no", "cannot see")])
def test_a_pane_of_one_line_never_shows_nothing_for_what_is_not_known(pane: object, error: str, told: str) -> None:
    live = next(each for each in LIVE if each is pane)
    nothing = replace(Samples(), **{live.id: Reading(error=error)})
    assert told in live.summary(scene(replace(backfilling(), samples=nothing), width=120)).text
    assert told not in live.summary(scene(backfilling(), width=120)).text
