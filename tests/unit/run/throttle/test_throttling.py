"""How long to rest after a batch: dial, signals, schedule and the team's own answer together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zdtui.plan.model import Answer, Throttle, Window
from zdtui.run.figures.guards import Blind
from zdtui.run.figures.sight import FRESH, Sight
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.state import Blindness
from zdtui.run.throttle.answers import Reply, answer_of, answer_of_status
from zdtui.run.throttle.canary import AT_REST, Canary, sang
from zdtui.run.throttle.sources import Sang
from zdtui.run.throttle.throttling import Throttling
from zdtui.watch.samples import (
    LocksSample,
    Pane,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
    ServerSample,
    Unseen,
)

AT = 1.0
"""What the clock of these tests says."""
SEEN = Samples(
    locks=Reading(LocksSample(), AT),
    queries=Reading(QueriesSample(), AT),
    replication=Reading(ReplicationSample(), AT),
    server=Reading(ServerSample(), AT),
)
"""A quiet server of which everything can be seen."""


def lagging(seconds: float, taken_at: float) -> Samples:
    lag = ReplicationSample(worst_lag=timedelta(seconds=seconds), worst_standby="b")
    return replace(SEEN, replication=Reading(lag, taken_at))


def throttling(samples: Samples = SEEN, effort: ThrottleLevel = ThrottleLevel.FULL, **fields: Any) -> Throttling:
    limits = fields.pop("limits", Throttle())
    clock = fields.pop("clock", lambda: AT)
    return Throttling(limits=limits, samples=lambda: samples, effort=lambda: effort, clock=clock, **fields)


def test_at_full_speed_without_a_signal_there_is_no_rest() -> None:
    rest = throttling().rest(0.02)
    assert (rest.seconds, rest.reason, rest.slowed) == (0.0, "", "")


def test_the_dial_rests_without_giving_a_reason() -> None:
    rest = throttling(effort=ThrottleLevel.GENTLE).rest(0.035)
    assert rest.seconds == pytest.approx(0.015)
    assert not rest.throttled


def test_batches_are_short_while_a_signal_holds_the_speed_down() -> None:
    second = timedelta(seconds=1)
    held = throttling(lagging(5.5, 1.0))
    assert held.aim(second) == second
    held.rest(0.02)
    assert held.aim(second) == second / 2
    stopped = throttling(lagging(9.0, 1.0))
    stopped.rest(0.02)
    assert stopped.aim(second) == second / 10
    assert throttling(effort=ThrottleLevel.GENTLE).aim(second) == second * 0.15


def test_a_signal_near_its_limit_slows_and_is_named_and_far_over_it_stops() -> None:
    slowed = throttling(lagging(5.5, 1.0)).rest(0.02)
    assert slowed.seconds == pytest.approx(0.02)
    assert slowed.slowed == "replay lag of b 5.5 s (limit 5 s)"
    assert not slowed.throttled
    stopped = throttling(lagging(9.0, 1.0)).rest(0.02)
    assert stopped.throttled
    assert stopped.reason == "replay lag of b 9.0 s (limit 5 s)"


def test_out_of_its_hours_it_stops_and_says_when_it_goes_on() -> None:
    night = Throttle(only=(Window(begins=22 * 60, ends=6 * 60),))
    at_nine = throttling(limits=night, wall=lambda: datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    assert at_nine.rest(0.02).reason == "the plan lets it work again at 22:00 UTC"
    at_ten = throttling(limits=night, wall=lambda: datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
    assert not at_ten.rest(0.02).throttled


@pytest.mark.parametrize(
    ("answer", "throttled", "seconds"), [("go", False, 0.0), ("slow", False, 0.02), ("stop", True, 0.5)]
)
def test_the_teams_own_answer_is_a_signal_like_the_others(answer: str, throttled: bool, seconds: float) -> None:
    own = throttling()
    own.answers["throttle query"] = Answer(answer)
    own.heard_at["throttle query"] = AT
    own.answered_at = 1.0
    rest = own.rest(0.02)
    assert rest.throttled is throttled
    assert rest.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("go", "go"),
        (" STOP ", "stop"),
        ("Slow", "slow"),
        (True, "go"),
        (False, "stop"),
        ("perhaps", None),
        (None, None),
    ],
)
def test_what_an_answer_means(value: str | bool | None, answer: str | None) -> None:
    assert answer_of(value) == answer


@pytest.mark.parametrize(("status", "answer"), [(200, "go"), (429, "slow"), (503, "stop"), (204, "stop")])
def test_what_a_status_means(status: int, answer: str) -> None:
    assert answer_of_status(status) == answer


def test_the_canary_is_compared_with_what_it_took_at_rest() -> None:
    canary = Canary()
    for _ in range(AT_REST):
        assert canary.times_usual is None
        canary = sang(canary, 0.002)
    assert canary.times_usual is None
    for _ in range(3):
        canary = sang(canary, 0.010)
    assert canary.times_usual == pytest.approx(5.0)
    assert sang(sang(sang(canary, 0.002), 0.002), 0.002).times_usual == pytest.approx(1.0)


def test_a_slow_canary_slows_the_work() -> None:
    slow = throttling(limits=replace_canary(4), answered_at=1.0)
    slow.canary = Canary((0.002,) * AT_REST, (0.009,) * 5)
    assert slow.rest(0.02).slowed == "canary write 4.5 x its usual time (limit 4 x)"


def replace_canary(times: int) -> Throttle:
    return Throttle().model_copy(update={"canary": times})


def test_nothing_is_asked_when_the_plan_asks_for_nothing() -> None:
    assert not throttling().asks
    assert throttling(limits=replace_canary(4)).asks
    assert replace(throttling(), limits=Throttle(query="SELECT 'go'")).asks


def test_without_a_figure_it_rests_and_says_which() -> None:
    never = throttling(Samples()).rest(0.02)
    assert never.throttled
    assert "replication lag cannot be seen: no figure yet" in never.reason
    hidden = replace(SEEN, replication=Reading(ReplicationSample(worst_lag=Unseen("this role may not see it")), AT))
    assert "this role may not see it" in throttling(hidden).rest(0.02).reason


def test_a_figure_that_grows_old_is_none_and_one_that_comes_back_lets_it_go_on() -> None:
    clock, samples = [AT], [SEEN]
    eyes = Throttling(Throttle(), lambda: samples[0], lambda: ThrottleLevel.FULL, clock=lambda: clock[0])
    assert not eyes.rest(0.02).throttled
    clock[0] += FRESH + 1
    assert "no fresh figure for 6.0 s" in eyes.rest(0.02).reason
    taken = {name: Reading(getattr(SEEN, name).sample, clock[0]) for name in ("locks", "queries", "replication")}
    samples[0] = Samples(**taken, server=Reading(ServerSample(), clock[0]))
    assert not eyes.rest(0.02).throttled
    assert eyes.speed.reason == ""


def test_what_has_no_limit_need_not_be_seen_and_what_was_accepted_neither() -> None:
    off = Throttle(replication_lag=None, blocked_sessions=None, archive_backlog=None, autovacuum=False)
    assert not throttling(Samples(), limits=off).rest(0.02).throttled
    lag = off.model_copy(update={"replication_lag": timedelta(seconds=5)})
    taken_on = Sight(AT, accepted=(Blindness("replication_lag", (), "", "told to", "ana"),))
    assert not throttling(Samples(), limits=lag, sight=lambda: taken_on).rest(0.02).throttled


def test_a_missing_standby_stops_it_at_once() -> None:
    gone = throttling(sight=lambda: Sight(AT, gone={"standby-a": AT})).rest(0.02)
    assert "standby-a streamed and is gone" in gone.reason


def test_no_batch_is_sent_while_a_guard_is_blind() -> None:
    guard = Blind("oldest_transaction", "oldest transaction", Pane.QUERIES, "1min", Unseen("hidden"))
    assert "oldest transaction cannot be seen: hidden" in throttling(guards_blind=lambda: (guard,)).rest(0.02).reason


def test_an_answer_counts_for_as_long_as_it_is_asked_for() -> None:
    clock = [AT]
    own = throttling(limits=Throttle(query="SELECT 'go'"), clock=lambda: clock[0])
    assert own.rest(0.02).reason == "throttle query does not answer (no answer yet), which means stop (limit go)"
    own._heard("throttle query", Reply(Answer.GO))
    assert [str(each) for each in own.signals()][-1] == "throttle query says go (limit go)"
    own._heard("throttle query", Reply(None, "connection refused"))
    assert "does not answer (connection refused), which means stop" in str(own.signals()[-1])
    own._heard("throttle query", Reply(Answer.GO))
    clock[0] += 60
    assert "nothing heard for 1m00s" in str(own.signals()[-1])


def test_a_canary_that_does_not_come_back_is_no_good_news() -> None:
    clock = [AT]
    own = throttling(limits=replace_canary(4), clock=lambda: clock[0])
    assert "its usual time is being measured" in own.rest(0.02).reason
    for _ in range(AT_REST + 1):
        own._sang(Sang(0.002))
    assert not own.rest(0.02).throttled
    own._sang(Sang(None, "permission denied"))
    clock[0] += 1
    assert "the canary write cannot be seen: permission denied" in own.rest(0.02).reason
