"""When to look, when to queue and for how long, when to let go: the policy as a table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from zdtui.run.locks.holder_history import InTheWay, WaitHistory, look
from zdtui.run.locks.policy import (
    GAP_PATIENCE,
    GiveUp,
    Move,
    Terms,
    WaitInQueue,
    WaitOutsideQueue,
    next_move,
    old_after,
    queue_for,
    why_not_queue,
)

TERMS = Terms(ceiling=0.2, patience=60.0, tries=5)


def some(*ages: float, kind: str = "app", queued: bool = False) -> tuple[InTheWay, ...]:
    """Transactions of these ages, the oldest first."""
    oldest_first = sorted(ages, reverse=True)
    return tuple(InTheWay(place + 1, f"{place}/1", age, kind, queued) for place, age in enumerate(oldest_first))


def after_looks(*looks: tuple[InTheWay, ...], every: float = 0.03) -> tuple[WaitHistory, float]:
    """The history after these looks, and the time of the last."""
    seen, now = WaitHistory(since=0.0), 0.0
    for present in looks:
        now += every
        seen = look(seen, present, old_after(seen, TERMS.ceiling), now)
    return seen, now


def move(*looks: tuple[InTheWay, ...], terms: Terms = TERMS, queued: int = 0, not_before: float = 0.0) -> Move:
    seen, now = after_looks(*looks)
    return next_move(seen, looks[-1], terms, queued, not_before, now)


CROWD = some(0.05, 0.04, 0.03, 0.02, 0.01)


def test_nobody_in_the_way_is_a_try_at_once() -> None:
    assert isinstance(move(()), WaitOutsideQueue)


@pytest.mark.parametrize(
    ("looks", "why"),
    [
        ([some(3.0)] * 9, "old transaction"),
        ([some(3.0, 0.01, 0.01, 0.01)] * 9, "old transaction"),
        ([some(0.01)], "waiting for a gap"),
        ([some(0.05, 0.02, 0.01)] * 2, "waiting for a gap"),
        ([some(0.01, 0.01)] * 9, "waiting for a gap"),
        ([some(0.02, 0.01, 0.01, 0.01, queued=True)] * 9, "others wait"),
    ],
    ids=["one old", "an old one among young", "one young", "not known yet", "not crowded", "a queue is there"],
)
def test_it_waits_outside_the_queue(looks: list[tuple[InTheWay, ...]], why: str) -> None:
    found = move(*looks)
    assert isinstance(found, WaitOutsideQueue)
    assert why in found.why


def test_where_short_ones_overlap_without_end_it_queues_for_what_they_need() -> None:
    found = move(*[CROWD] * 3)
    assert isinstance(found, WaitInQueue)
    assert 0.04 <= found.seconds <= 0.1
    longer = move(*[CROWD] * 3, queued=1)
    assert isinstance(longer, WaitInQueue)
    assert found.seconds < longer.seconds <= TERMS.ceiling


def test_one_look_is_enough_where_many_are_in_the_way() -> None:
    assert isinstance(move(some(*(0.003 * each for each in range(1, 17)))), WaitInQueue)


def test_young_ones_that_leave_no_gap_for_long_are_queued_behind_although_they_are_few() -> None:
    looks = int(GAP_PATIENCE / 0.03) + 2
    assert isinstance(move(*[some(0.02, 0.01)] * looks), WaitInQueue)


def test_the_like_of_an_old_one_is_not_trusted_for_a_while() -> None:
    crowd = some(0.02, 0.02, 0.01, 0.01, kind="report")
    found = move(some(5.0, kind="report"), *[crowd] * 9)
    assert isinstance(found, WaitOutsideQueue)
    assert "grows old" in found.why
    seen, now = after_looks(some(0.3, kind="report"), *[crowd] * 60)
    assert why_not_queue(seen, crowd, TERMS, now) == ""


def test_one_that_is_far_older_than_the_usual_is_old_though_under_the_ceiling() -> None:
    usual = some(0.004, 0.003, 0.002, 0.001)
    seen, _ = after_looks(*[usual] * 8)
    assert old_after(seen, 0.2) == pytest.approx(0.02)
    found = move(*[usual] * 8, some(0.15, 0.003, 0.002, 0.001))
    assert isinstance(found, WaitOutsideQueue)


@pytest.mark.parametrize("ceiling", [0.0, 0.02, 0.05, 0.2, 1.0])
def test_the_ceiling_is_never_passed(ceiling: float) -> None:
    seen, _ = after_looks(*[some(0.19, 0.15, 0.1, 0.05)] * 9)
    assert queue_for(seen, some(0.19, 0.01), ceiling) <= ceiling


def test_a_ceiling_of_nothing_never_queues() -> None:
    found = move(*[CROWD] * 20, terms=replace(TERMS, ceiling=0.0))
    assert isinstance(found, WaitOutsideQueue)
    assert "never" in found.why


def test_between_two_tries_the_queue_rests_but_a_gap_is_still_taken() -> None:
    found = move(*[CROWD] * 9, not_before=0.37)
    assert isinstance(found, WaitOutsideQueue)
    assert found.seconds <= 0.11
    assert "resting" in found.why


def test_a_person_is_asked_when_patience_or_tries_are_over() -> None:
    assert isinstance(move(*[some(9.0)] * 3, terms=replace(TERMS, patience=0.05)), GiveUp)
    assert isinstance(move(*[CROWD] * 9, queued=5), GiveUp)


def test_an_age_that_the_role_may_not_see_is_counted_from_when_it_was_first_seen() -> None:
    from zdtui.postgres.sessions.identity import BackendKey
    from zdtui.postgres.table_locks.lock_facts import Holder, Target
    from zdtui.run.locks.holder_history import in_the_way
    from zdtui.sql.lock_modes import LockMode

    target = Target(1, "public", "t", LockMode.ACCESS_EXCLUSIVE)
    hidden = Holder(BackendKey(7, datetime.min.replace(tzinfo=UTC)), "3/4", LockMode.ACCESS_SHARE, True, target, None)
    seen = WaitHistory(since=0.0)
    for now in (1.0, 2.5):
        present = in_the_way(seen, [hidden, hidden], now)
        seen = look(seen, present, 0.2, now)
    assert [each.age for each in present] == [1.5]
