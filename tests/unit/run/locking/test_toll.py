"""What our waiting costs others, added up look by look."""

import pytest

from zdtui.postgres.table_locks.lock_facts import Victim
from zdtui.run.locks.blocking_cost import BlockingCost, add


def test_a_wait_is_counted_once_and_its_seconds_as_they_grow() -> None:
    blocking_cost = BlockingCost()
    for waited in (0.01, 0.03, 0.06):
        blocking_cost = add(blocking_cost, [Victim(1, waited), Victim(2, waited)])
    assert blocking_cost.victims == 2
    assert blocking_cost.seconds == pytest.approx(0.12)
    assert blocking_cost.longest == pytest.approx(0.06)
    assert blocking_cost.noticed() == 2


def test_who_waits_anew_is_a_victim_anew() -> None:
    blocking_cost = add(add(BlockingCost(), [Victim(1, 0.2)]), [Victim(1, 0.01)])
    assert blocking_cost.victims == 2
    assert blocking_cost.seconds == pytest.approx(0.21)
    blocking_cost = add(add(blocking_cost, []), [Victim(1, 0.5)])
    assert blocking_cost.victims == 3


def test_a_moment_in_the_queue_does_not_count_against_the_guard() -> None:
    assert add(BlockingCost(), [Victim(pid, 0.02) for pid in range(50)]).noticed() == 0
