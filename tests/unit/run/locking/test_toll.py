"""What our waiting costs others, added up look by look."""

import pytest

from zdtui.postgres.table_locks.lock_facts import Victim
from zdtui.run.locks.blocking_cost import Toll, add


def test_a_wait_is_counted_once_and_its_seconds_as_they_grow() -> None:
    toll = Toll()
    for waited in (0.01, 0.03, 0.06):
        toll = add(toll, [Victim(1, waited), Victim(2, waited)])
    assert toll.victims == 2
    assert toll.seconds == pytest.approx(0.12)
    assert toll.longest == pytest.approx(0.06)
    assert toll.noticed() == 2


def test_who_waits_anew_is_a_victim_anew() -> None:
    toll = add(add(Toll(), [Victim(1, 0.2)]), [Victim(1, 0.01)])
    assert toll.victims == 2
    assert toll.seconds == pytest.approx(0.21)
    toll = add(add(toll, []), [Victim(1, 0.5)])
    assert toll.victims == 3


def test_a_moment_in_the_queue_does_not_count_against_the_guard() -> None:
    assert add(Toll(), [Victim(pid, 0.02) for pid in range(50)]).noticed() == 0
