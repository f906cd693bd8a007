"""The speed that follows the signals: down by multiplying, up by adding, never swinging."""

import pytest

from zdtui.run.commands import Effort
from zdtui.run.throttle.signals import Signal
from zdtui.run.throttle.speed import LEAST, Speed, judged, rest_after, share_of


def at(pressure: float) -> tuple[Signal, ...]:
    return (Signal("lag", f"{pressure:.2f}", "1", pressure), Signal("other", "0", "1", 0.0))


def follow(pressures: list[float], speed: Speed | None = None) -> list[Speed]:
    found = [speed or Speed()]
    for number, pressure in enumerate(pressures, 1):
        found.append(judged(found[-1], at(pressure), float(number)))
    return found[1:]


def test_over_a_limit_it_halves_and_says_why():
    speed = follow([1.1])[-1]
    assert speed.share == 0.5
    assert speed.reason == "lag 1.10 (limit 1)"


def test_one_sample_is_judged_once_however_often_it_is_looked_at():
    once = judged(Speed(), at(1.2), 7.0)
    assert judged(once, at(1.2), 7.0) is once


def test_far_over_a_limit_it_stops_until_there_is_room_again():
    stopped, still, room = follow([1.6, 0.9, 0.5])
    assert stopped.stopped
    assert still.stopped
    assert not room.stopped
    assert share_of(stopped, Effort.FULL) == 0.0
    assert LEAST <= room.share < 0.2


def test_with_room_it_comes_back_step_by_step_and_then_has_no_reason():
    speeds = follow([1.2] + [0.1] * 12)
    shares = [speed.share for speed in speeds]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert speeds[-1].reason == ""
    assert speeds[3].reason != ""


def test_it_eases_off_before_the_limit_and_holds_below_that():
    eased, held = follow([0.95, 0.65])
    assert eased.share == pytest.approx(0.8)
    assert held.share == eased.share


def test_it_settles_below_the_limit_of_something_that_follows_it():
    """A lag that goes where the share sends it, two samples late: it settles, and does not swing."""
    speed, lags = Speed(), [0.0, 0.0]
    shares = []
    for number in range(200):
        speed = judged(speed, at(lags[-2]), float(number + 1))
        lags.append(lags[-1] + 0.5 * (2.0 * speed.share - lags[-1]))
        shares.append(speed.share)
    assert max(lags[20:]) < 1.0
    assert max(shares[100:]) - min(shares[100:]) < 0.05
    assert min(lags[100:]) > 0.5


@pytest.mark.parametrize(("effort", "share"), [(Effort.GENTLE, 0.35), (Effort.NORMAL, 0.6), (Effort.FULL, 0.6)])
def test_the_dial_and_the_signals_both_limit(effort, share):
    assert share_of(Speed(share=0.6), effort) == share


def test_a_share_is_kept_by_resting():
    assert rest_after(0.02, 0.5) == pytest.approx(0.02)
    assert rest_after(0.02, 1.0) == 0.0
