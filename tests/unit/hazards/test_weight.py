"""How a hazard is weighed: the sentence with the figures and those in the way."""

from datetime import timedelta

import pytest

from zdtui.hazards.weight import Holder, Weight, in_the_way, number, size, surroundings, weighed
from zdtui.sql.effects import Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

ORDERS = Name(None, "orders")
STRONG = Lock(ORDERS, LockMode.ACCESS_EXCLUSIVE)


def holder(pid: int, mode: LockMode = LockMode.ACCESS_SHARE, minutes: float = 1.0) -> Holder:
    return Holder(pid, "report", mode, "active", timedelta(minutes=minutes))


def test_the_sentence_names_lock_size_writes_and_who_is_in_the_way() -> None:
    busy = Weight(
        relation=ORDERS,
        size_bytes=41 * 1024**3,
        rows=310_000_000,
        writes_per_second=2100.2,
        holders=(holder(1), holder(2, minutes=4), holder(3)),
    )
    assert weighed(STRONG, busy) == (
        "ACCESS EXCLUSIVE on orders (41 GB, 310 million rows, 2 100 writes/s): "
        "3 transactions would make it wait, the oldest is 4 min old (2 report)"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert weighed(STRONG, Weight(relation=ORDERS)) == "ACCESS EXCLUSIVE on orders: nobody would make it wait now"


def test_only_conflicting_locks_are_in_the_way() -> None:
    reader, writer = holder(1), holder(2, LockMode.ROW_EXCLUSIVE)
    assert in_the_way(LockMode.SHARE, (reader, writer)) == (writer,)
    assert in_the_way(LockMode.SHARE_UPDATE_EXCLUSIVE, (reader, writer)) == ()


def test_what_hangs_on_it() -> None:
    weight = Weight(relation=ORDERS, indexes=3, referenced_by=1, triggers=2, publications=1, replica_identity="full")
    assert surroundings(weight) == (
        "3 indexes, 1 foreign key points here, 2 triggers, 1 publication, replica identity full"
    )
    assert surroundings(Weight(relation=ORDERS)) == ""


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (8192, "8 kB"), (1_500_000, "1.4 MB"), (41 * 1024**3, "41 GB")]
)
def test_sizes_as_people_say_them(count: int, said: str) -> None:
    assert size(count) == said


@pytest.mark.parametrize(
    ("count", "said"), [(7, "7"), (2100, "2 100"), (1_250_000, "1.2 million"), (310_000_000, "310 million")]
)
def test_counts_as_people_say_them(count: int, said: str) -> None:
    assert number(count) == said
