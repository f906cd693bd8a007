"""The speed that follows the signals: down by multiplying, up by adding, never swinging."""

import pytest

from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.throttle_status import Signal
from zdtui.run.throttle.speed import LEAST, Speed, judged, rest_after, share_of


def at(pressure: float) -> tuple[Signal, ...]:
    return (Signal("lag", f"{pressure:.2f}", "1", pressure), Signal("other", "0", "1", 0.0))


def follow(pressures: list[float], speed: Speed | None = None) -> list[Speed]:
    found = [speed or Speed()]
    for number, pressure in enumerate(pressures, 1):
        found.append(judged(found[-1], at(pressure), float(number)))
    return found[1:]


def test_over_a_limit_it_halves_and_says_why() -> None:
    speed = follow([1.1])[-1]
    assert speed.share == 0.5
    assert speed.reason == "lag 1.10 (limit 1)"


def test_one_sample_is_judged_once_however_often_it_is_looked_at() -> None:
    once = judged(Speed(), at(1.2), 7.0)
    assert judged(once, at(1.2), 7.0) is once


def test_far_over_a_limit_it_stops_until_there_is_room_again() -> None:
    stopped, still, room = follow([1.6, 0.9, 0.5])
    assert stopped.stopped
    assert still.stopped
    assert not room.stopped
    assert share_of(stopped, ThrottleLevel.FULL) == 0.0
    assert LEAST <= room.share < 0.2


def test_with_room_it_comes_back_step_by_step_and_then_has_no_reason() -> None:
    speeds = follow([1.2] + [0.1] * 12)
    shares = [speed.share for speed in speeds]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert speeds[-1].reason == ""
    assert speeds[3].reason != ""


def test_it_eases_off_before_the_limit_and_holds_below_that() -> None:
    eased, held = follow([0.95, 0.65])
    assert eased.share == pytest.approx(0.8)
    assert held.share == eased.share


def test_it_settles_below_the_limit_of_something_that_follows_it() -> None:
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


def beside_a_standby(capacity: float, seconds: int = 120, limit: float = 2.0) -> tuple[float, float, float]:
    """The worst lag, the share of its capacity that is used, and the last swing of the speed.

    A standby that replays `capacity` rows a second beside a backfill that can write 250; a sample a second.
    """
    step, written, replayed, history = 0.05, 0.0, 0.0, [(0.0, 0.0)]
    worst, before, used, shares = 0.0, (0.0, 0.0, 0.0), [0.0], []
    speed = judged(Speed(), (Signal("lag", "", "", 0.0, 1.0),), 0.0)
    for number in range(1, round(seconds / step) + 1):
        now = number * step
        written += share_of(speed, ThrottleLevel.FULL) * 250 * step
        replayed = min(written, replayed + capacity * step)
        history.append((now, written))
        lag = 0.0 if written - replayed < 1e-9 else now - next(at for at, w in reversed(history) if w <= replayed)
        worst, used = max(worst, lag), [*used, written]
        if number % 20 == 0:
            more, done, backlog = written - before[1], replayed - before[2], written - replayed
            behind = backlog > 0.02 * more and done > 0
            drain = backlog / done if behind else 0.0
            balance = min(1.5, max(0.1, done / more if more else 1.5)) if behind else 1.0
            pressure = max(lag, drain) / limit
            speed = judged(speed, (Signal("lag", "", "", pressure, balance),), now)
            before = (now, written, replayed)
            shares.append(speed.share)
    quarter = len(used) // 4
    rate = (used[-1] - used[quarter]) / (seconds * 0.75)
    return worst, rate / min(capacity, 250), max(shares[-30:]) - min(shares[-30:])


@pytest.mark.parametrize("capacity", [20, 50, 100, 200, 1000])
def test_a_slow_standby_is_kept_under_its_limit_at_nearly_its_own_pace(capacity: int) -> None:
    worst, used, swing = beside_a_standby(capacity)
    assert worst < 2.0
    assert used > 0.9
    assert swing < 0.1


def test_with_a_standby_it_begins_slowly_and_without_one_at_once() -> None:
    standby = (Signal("replay lag", "0.0 s", "5s", 0.0, balance=1.0),)
    assert judged(Speed(), standby, 1.0).share < 0.1
    assert judged(Speed(), at(0.0), 1.0).share == 1.0


@pytest.mark.parametrize(
    ("effort", "share"), [(ThrottleLevel.GENTLE, 0.7), (ThrottleLevel.NORMAL, 0.9), (ThrottleLevel.FULL, 0.9)]
)
def test_the_dial_and_the_signals_both_limit(effort: ThrottleLevel, share: float) -> None:
    assert share_of(Speed(share=0.9), effort) == share


def test_a_share_is_kept_by_resting() -> None:
    assert rest_after(0.02, 0.5) == pytest.approx(0.02)
    assert rest_after(0.02, 1.0) == 0.0
