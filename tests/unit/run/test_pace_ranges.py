"""How often the end comes in the range that was told, on simulated runs: four times of five is what is claimed."""

from random import Random
from statistics import median

import pytest

from tests.unit.run.pace_runs import (
    LENGTHS,
    Told,
    changed_once,
    drifting,
    pauses,
    regimes,
    run,
    steady,
    throttled_and_changing,
    turned,
)

RUNS = 16
CLAIMED = 0.8
KINDS = {
    "steady": (steady, CLAIMED, 1.6),
    "short pauses": (pauses(1 / 100, 1 / 150), CLAIMED, 3.5),
    "long pauses": (pauses(1 / 8, 1 / 25), CLAIMED, 4.5),
    "speeds that change often": (regimes(1 / 30), CLAIMED, 4.0),
    "speeds that change now and then": (regimes(1 / 6), 0.75, 3.0),
    "rests and changes at once": (throttled_and_changing, CLAIMED, 4.5),
    "the dial is turned": (turned, 0.7, 2.5),
    "slower or faster all the way": (drifting, 0.75, 2.5),
}
"""With the share that is promised, and how many times the sooner end the later one is, as the median, at most."""


def told_of(kind: str, make: object) -> list[Told]:
    said: list[Told] = []
    for number in range(RUNS):
        random, planned = Random(f"{kind} {number}"), LENGTHS[number % len(LENGTHS)]
        said += run(random, planned, make(random, planned))  # type: ignore[operator]
    return [each for each in said if each.remaining is not None]


@pytest.fixture(scope="module")
def told() -> dict[str, list[Told]]:
    return {kind: told_of(kind, make) for kind, (make, _, _) in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_comes_in_the_range_as_often_as_is_claimed(kind: str, told: dict[str, list[Told]]) -> None:
    _, promised, widest = KINDS[kind]
    said = told[kind]
    share, width = sum(each.holds for each in said) / len(said), median(each.width for each in said)
    assert share >= promised, f"{share:.2f} of {len(said)} ranges, {width:.2f} wide"
    assert width <= widest, f"{width:.2f} wide, {share:.2f} of {len(said)}"


def test_over_all_kinds_four_ranges_of_five_hold(told: dict[str, list[Told]]) -> None:
    said = [each for some in told.values() for each in some]
    share = sum(each.holds for each in said) / len(said)
    assert share >= CLAIMED, share


def test_a_change_that_nobody_could_foresee_is_in_the_range_soon_after_it_happened() -> None:
    later: list[Told] = []
    before: list[Told] = []
    for number in range(24):
        random, planned = Random(f"once {number}"), LENGTHS[number % len(LENGTHS)]
        speed = changed_once(random, planned)
        moment = next(at / 1000 * planned for at in range(1001) if speed(at / 1000 * planned) != 1.0)
        for each in run(random, planned, speed):
            if each.remaining is not None:
                (later if each.at >= moment * 1.1 else before).append(each)
    assert sum(each.holds for each in later) / len(later) >= 0.9
    assert sum(each.holds for each in before) / len(before) < CLAIMED


def test_it_narrows_towards_the_end_of_a_steady_run() -> None:
    said = [each for each in run(Random("steady"), 600.0, steady(Random(0), 600.0)) if each.remaining is not None]
    early = median(each.width for each in said if each.done < 0.2)
    late = median(each.width for each in said if 0.6 < each.done < 0.9)
    assert late < early
    assert late < 1.5
