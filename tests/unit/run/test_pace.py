"""How far, how fast and how long still: numbers in, numbers out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.run.bulk.ranges.progress_history import ETA_SECONDS, MOST, Pace, advance, eta, share_done

BATCH = st.tuples(st.floats(0, 1), st.floats(0, 1e5))
"""Share and seconds."""


def worked(pace: Pace, seconds: float, speed: float = 0.001, batch: float = 0.1) -> Pace:
    """Batches of `batch` seconds; `speed` is the share a second."""
    for _ in range(round(seconds / batch)):
        pace = advance(pace, rows=1000, share=speed * batch, seconds=batch)
    return pace


def test_the_pace_follows_the_work_and_an_eta_waits_until_it_means_something() -> None:
    pace = worked(Pace(), 10, speed=0.01)
    assert pace.rows_per_second == pytest.approx(10_000, rel=0.01)
    left = eta(pace, 0.1, 100)
    assert left is not None
    assert left.likely.total_seconds() == pytest.approx(90, rel=0.02)
    assert eta(pace, 0.005, 100) is None
    assert eta(pace, None, 100) is None
    assert eta(pace, 0.5, 2) is None


def test_the_share_of_a_key_range() -> None:
    assert share_done(1, 100, 50) == 0.5
    assert share_done(1, 100, 100) == 1.0
    assert share_done(5, 5, 5) == 1.0
    assert share_done(-10, 9, -11) == 0.0


def test_after_a_resume_nothing_is_told_before_the_speed_was_seen_again() -> None:
    assert eta(worked(Pace(), ETA_SECONDS - 1), 0.7, 4000) is None
    assert eta(worked(Pace(), 1000, batch=300), 0.7, 4000) is None
    assert eta(worked(Pace(), ETA_SECONDS + 1), 0.7, 4000) is not None


def test_nothing_is_told_when_nothing_has_moved_for_long() -> None:
    pace = worked(Pace(), 60)
    for _ in range(4000):
        pace = advance(pace, rows=0, share=0.0, seconds=1.0)
    assert eta(pace, 0.06 + 0.9, 1000) is None


@pytest.mark.parametrize("rest", [5.0, 30.0, 120.0])
def test_a_pause_widens_the_range_and_moves_its_later_end(rest: float) -> None:
    pace = worked(Pace(), 120)
    before, after = eta(pace, 0.12, 1000), eta(worked(advance(pace, 0, 0.0, rest), 0.5), 0.12, 1000)
    assert before is not None
    assert after is not None
    assert after.high > before.high
    assert after.high / after.low > before.high / before.low


@pytest.mark.parametrize("times", [0.3, 3.0])
def test_another_speed_widens_the_range_to_hold_both_and_it_narrows_again(times: float) -> None:
    pace = worked(Pace(), 200)
    before = eta(pace, 0.2, 1000)
    pace = worked(pace, 12, speed=0.001 * times)
    now, left = eta(pace, 0.2, 1000), timedelta(seconds=0.8 / (0.001 * times))
    later = eta(worked(pace, 2000, speed=0.001 * times), 0.2, 1000)
    assert before is not None
    assert now is not None
    assert later is not None
    assert now.low <= left <= now.high
    assert now.low <= timedelta(seconds=800) <= now.high
    assert later.low <= left <= later.high
    assert max(before.high / before.low, later.high / later.low) < now.high / now.low


@given(st.lists(BATCH, max_size=60), st.floats(0, 1), st.integers(0, 10**9))
def test_whatever_came_a_range_is_in_order_and_never_endless(
    batches: list[tuple[float, float]], fraction: float, number: int
) -> None:
    pace = Pace()
    for share, seconds in batches:
        pace = advance(pace, 10, share, seconds)
    left = eta(pace, fraction, number)
    if left is not None:
        assert timedelta(0) <= left.low <= left.likely <= left.high
        assert left.high <= left.likely * MOST + timedelta(seconds=1)
        assert str(left)
        assert left.about


@given(st.lists(BATCH, min_size=1, max_size=200))
def test_the_marks_of_the_way_are_few_and_in_order_and_the_sums_are_kept(batches: list[tuple[float, float]]) -> None:
    pace = Pace()
    for share, seconds in batches:
        pace = advance(pace, 10, share, seconds)
    times, shares = [mark.seconds for mark in pace.marks], [mark.share for mark in pace.marks]
    assert times == sorted(set(times))
    assert shares == sorted(shares)
    assert pace.share == pytest.approx(sum(share for share, _ in batches))


def test_a_run_of_a_day_is_remembered_in_some_hundred_marks() -> None:
    pace = Pace()
    for _ in range(40_000):
        pace = advance(pace, 1000, 1 / 40_000, 2.16)
    assert len(pace.marks) < 300
    left = eta(pace, 0.5, 40_000)
    assert left is not None
    assert left.likely.total_seconds() == pytest.approx(43_200, rel=0.01)
