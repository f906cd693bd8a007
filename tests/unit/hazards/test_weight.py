"""How a hazard is weighed: the sentence with the figures and those in the way."""

from datetime import timedelta

from zdtui.hazards.weight import Holder, Weight, in_the_way, surroundings, weighed
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
        "ACCESS EXCLUSIVE on orders (41 GB, 310 M rows, 2 100 writes/s): "
        "3 transactions would make it wait: 2 report, 4m00s, 1 report, 1m00s and 1 more"
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
