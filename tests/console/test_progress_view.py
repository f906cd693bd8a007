"""What the progress pane says of a backfill: exact where it can be, marked where it is an estimate, and it stays put."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.look import Look
from screens.rows import Row
from screens.views.plan_list import plan_rows
from screens.views.progress import progress_rows
from screens.views.vital_signs import vital_rows
from tests.console.scenes import backfilling, scene, text_of
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.activity import BatchProgress, Doing
from zdtui.run.model.remaining import Remaining
from zdtui.watch.samples import LocksSample, Reading, Samples

NOTHING = Samples()
LEFT = Remaining(timedelta(minutes=3), timedelta(minutes=4), timedelta(minutes=5))
FIGURES = st.builds(
    BatchProgress,
    rows=st.integers(0, 310_000),
    batches=st.just(4118),
    fraction=st.floats(0.02, 0.999),
    total_estimate=st.just(310_000),
    rows_per_second=st.floats(0, 900_000),
    batch_rows=st.integers(0, 50_000),
    batch_seconds=st.floats(0, 9),
    eta=st.builds(
        lambda low, more: Remaining(
            timedelta(seconds=low), timedelta(seconds=low + more), timedelta(seconds=low * 4 + more)
        ),
        st.floats(10, 1e6),
        st.floats(0, 1e4),
    ),
)


def showing(progress: BatchProgress, seen: Samples | None = NOTHING, **activity: Any) -> Snapshot:
    """The backfill with these figures; without `seen` beside everything the server has to tell."""
    snapshot = backfilling(seen=seen)
    assert snapshot.activity is not None
    return replace(snapshot, activity=replace(snapshot.activity, progress=progress, **activity))


def pane(progress: BatchProgress, width: int = 64, **activity: Any) -> list[Row]:
    return progress_rows(scene(showing(progress, **activity), width=width))


def test_the_first_line_has_share_rows_rate_and_time_left_on_a_small_screen() -> None:
    progress = BatchProgress(rows=195_312, fraction=0.63, total_estimate=310_000, rows_per_second=41_000, eta=LEFT)
    first = pane(progress, width=80)[0]
    assert " ".join(first.text.split()) == "63 % · 195 312 rows · 41 k rows/s · 3-5 min left"
    assert len(first.text) <= 64


@given(FIGURES, FIGURES)
def test_the_lines_never_change_their_width(one: BatchProgress, other: BatchProgress) -> None:
    for before, after in zip(pane(one)[:3], pane(other)[:3], strict=True):
        assert len(before.text) == len(after.text)
    for before, after in zip(*(plan_rows(scene(showing(each), width=44)) for each in (one, other)), strict=True):
        assert len(before.text) == len(after.text)
        assert before.text.index("backfill-names") == after.text.index("backfill-names") if "▶" in before.text else True


def test_what_is_estimated_is_marked_and_rows_that_were_changed_are_exact() -> None:
    text = text_of(pane(BatchProgress(rows=1_234_567, fraction=0.4, total_estimate=3_086_417, estimated=True)))
    assert "1 234 567 rows" in text
    assert "of ~3.1 M rows" in text
    assert "of ~3.1 M rows (estimated from the rows found so far)" in text
    assert "estimated" not in text_of(pane(BatchProgress(rows=1, fraction=0.4, total_estimate=3_086_417)))


@pytest.mark.parametrize(
    ("progress", "says"),
    [
        (BatchProgress(rows=5, fraction=0.004), "time left not known yet"),
        (BatchProgress(rows=5, fraction=None), "the share that is done cannot be told for this key"),
    ],
)
def test_what_cannot_be_told_is_said_instead_of_guessed(progress: BatchProgress, says: str) -> None:
    text = text_of(pane(progress, width=120))
    assert says in text
    assert " left" not in text.replace("time left", "")


def test_when_all_is_done_no_time_is_left_to_tell() -> None:
    first = pane(BatchProgress(rows=5, fraction=1.0))[0].text
    assert "100 %" in first
    assert "left" not in first


def test_a_rest_is_not_part_of_the_time_left() -> None:
    progress = BatchProgress(rows=5, fraction=0.5, eta=LEFT)
    text = text_of(pane(progress, width=80, doing=Doing.THROTTLED, reason="replay lag 8.1 s is over 5 s"))
    assert "3-5 min left once it goes on" in text
    assert "throttled: replay lag 8.1 s is over 5 s" in text


def test_the_way_the_reason_the_part_and_the_sessions() -> None:
    progress = BatchProgress(
        fraction=0.5,
        walk="8 stripes of 400 pages",
        why="a changed row no longer matches `where`",
        part="orders_2025 (3 of 12)",
        workers=2,
    )
    text = text_of(pane(progress, width=70))
    assert "8 stripes of 400 pages · orders_2025 (3 of 12) · 2 sessions" in text
    assert " because a changed row no longer matches `where`" in text
    assert "sessions" not in text_of(pane(replace(progress, workers=1)))


def test_who_spoils_the_stripes_is_named_in_the_colour_of_a_warning() -> None:
    rows = pane(BatchProgress(fraction=0.5, spoiled="pid 4711 psql has held a snapshot for 720 s"))
    named = [each for each in rows if any("4711" in span.text for span in each.spans)]
    assert "pid 4711 psql has held a snapshot for 720 s" in named[0].text
    assert named[0].spans[0].look is Look.WARN
    assert "rows cannot be pruned" in text_of(rows).replace("\n ", "")


def test_a_selected_build_leaves_what_matters_of_ours_in_sight() -> None:
    """The pane has eight rows at 200x50, and brings the first row that can be selected into view."""
    why = "an index holds a column it sets: no update can stay on its page"
    spoiled = "pid 4711 report-nightly has held a snapshot for 720 s"
    progress = BatchProgress(fraction=0.5, walk="by key (id)", why=why, part="p (3 of 12)", spoiled=spoiled)
    rows = progress_rows(scene(showing(progress, seen=None, reason="replay lag 8 s"), width=64))
    assert next(at for at, each in enumerate(rows) if each.key is not None) < 8


def test_nothing_of_the_servers_words_is_acted_on() -> None:
    evil = "[/b] a[i] \x1b[2J\x1b]52;c;ZXZpbA==\x07 \u202ex\nnext"
    text = text_of(pane(BatchProgress(fraction=0.5, walk=evil, why=evil, part=evil, spoiled=evil), width=200))
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert text.count("[/b] a[i]") == 4


def test_a_range_without_room_is_left_out_and_never_cut() -> None:
    busy = replace(LocksSample(), waiting=123, longest_wait=timedelta(hours=3))
    for width in range(40, 121):
        snapshot = showing(BatchProgress(fraction=0.63, eta=LEFT))
        seen = replace(backfilling().samples, locks=Reading(busy, snapshot.samples.locks.taken_at or 0.0))
        last = vital_rows(scene(replace(snapshot, samples=seen), width=width))[0].spans[-1].text
        assert last in ("63 % 3-5 min left", "63 % 3-5 min", "63 %")


def test_the_time_left_is_not_what_a_narrow_pane_cuts() -> None:
    """At 120 columns the side has 45: the share and the time left stand before the figures that may go."""
    first, *_ = progress_rows(scene(backfilling(), width=45))
    assert first.text.startswith("  63 % ·")
    assert "left" in first.cut_to(45).text
    assert "left" in progress_rows(scene(backfilling(), width=80))[0].text[-10:]
