"""A range of times is said no finer than it is known, and never narrower than it is."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zdtui.run.model.remaining import LADDER, WIDEST, WIDEST_LIKELY, Remaining

SECONDS = st.floats(0, 1e8)


def of(low: float, high: float) -> Remaining:
    return Remaining(timedelta(seconds=low), timedelta(seconds=(low + high) / 2), timedelta(seconds=high))


@pytest.mark.parametrize(
    ("low", "high", "said", "about"),
    [
        (200, 290, "3-5 min", "~4 min"),
        (180, 300, "3-5 min", "~4 min"),
        (300, 300, "5 min", "~5 min"),
        (21, 39, "20-40 s", "~30 s"),
        (55, 115, "50 s-2 min", "~90 s"),
        (80, 1100, "75 s-20 min", "~10 min"),
        (5300, 7500, "75 min-3 h", "~2 h"),
        (0, 3, "under 5 s", "~5 s"),
        (3, 100, "under 2 min", "~50 s"),
        (0, 541, "under 2 h", "~5 min"),
        (9e6, 9e7, "over 90 d", "~90 d"),
        (86400, 172800, "24 h-2 d", "~36 h"),
    ],
)
def test_how_a_range_is_said(low: float, high: float, said: str, about: str) -> None:
    assert str(of(low, high)) == said
    assert of(low, high).about == about


@given(SECONDS, SECONDS)
def test_it_is_never_wider_than_its_place(low: float, high: float) -> None:
    assume(low <= high)
    assert len(str(of(low, high))) <= WIDEST
    assert len(of(low, high).about) <= WIDEST_LIKELY


@given(SECONDS, SECONDS)
def test_what_is_said_holds_what_is_known(low: float, high: float) -> None:
    assume(low <= high)
    said = str(of(low, high))
    seconds = {f"{step} {unit}": at for at, step, unit in LADDER}
    match said.split(" "):
        case ["under", step, unit]:
            assert high <= seconds[f"{step} {unit}"]
        case ["over", step, unit]:
            assert seconds[f"{step} {unit}"] <= low
        case [steps, unit] if "-" in steps:
            first, last = steps.split("-")
            assert seconds[f"{first} {unit}"] <= low <= high <= seconds[f"{last} {unit}"]
        case [step, between, unit]:
            its_unit, last = between.split("-")
            assert seconds[f"{step} {its_unit}"] <= low <= high <= seconds[f"{last} {unit}"]
        case ["not", "known"]:
            assert low < LADDER[0][0]
            assert high > LADDER[-1][0]
        case [step, unit]:
            assert low == high == seconds[f"{step} {unit}"]


def test_how_far_the_speed_may_be_off() -> None:
    assert Remaining(timedelta(80), timedelta(100), timedelta(120)).off_by == pytest.approx(0.25)
    assert Remaining(timedelta(0), timedelta(0), timedelta(0)).off_by >= 0
