"""Who blocks whom, from rows as data."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.watch.rows import START, lock, session
from zdtui.watch.locks import sample_of
from zdtui.watch.samples import LockNode, LocksSample

Tree = dict[int, Any]


def tree(nodes: tuple[LockNode, ...]) -> Tree:
    """The pids alone, nested."""
    return {node.backend.key.pid: tree(node.children) for node in nodes}


def sample(*locks: dict[str, Any], ours: frozenset[int] = frozenset(), **ages: float) -> LocksSample:
    """The sample of these locks; every session's transaction is 10 s old unless `p<pid>` says otherwise."""
    pids = {row["pid"] for row in locks if row["pid"]}
    return sample_of(list(locks), [session(pid, ages.get(f"p{pid}", 10.0)) for pid in pids], [], ours)


def test_nobody_is_drawn_when_nobody_waits() -> None:
    assert sample(lock(1, "AccessShare", True)) == LocksSample()


def test_a_reader_queues_behind_a_waiter_although_it_could_share_with_the_holder() -> None:
    """The reason zero-downtime tools exist: B's wish for ACCESS EXCLUSIVE keeps C out, A does not."""
    found = sample(
        lock(1, "AccessShare", True),
        lock(2, "AccessExclusive", False, 3.0),
        lock(3, "AccessShare", False, 2.0),
    )
    assert tree(found.roots) == {1: {2: {3: {}}}}
    root, waiter = found.roots[0], found.roots[0].children[0]
    assert (root.mode, root.relation, root.waiting) == ("ACCESS SHARE", "public.users", None)
    assert (waiter.mode, waiter.relation, waiter.waiting) == ("ACCESS EXCLUSIVE", "public.users", timedelta(seconds=3))
    assert (found.waiting, found.longest_wait) == (2, timedelta(seconds=3))


def test_a_session_hangs_under_the_holder_rather_than_under_another_waiter() -> None:
    found = sample(
        lock(1, "AccessExclusive", True),
        lock(2, "AccessExclusive", False, 3.0),
        lock(3, "AccessExclusive", False, 2.0),
    )
    assert tree(found.roots) == {1: {2: {}, 3: {}}}


def test_locks_that_do_not_conflict_make_no_edge() -> None:
    found = sample(
        lock(1, "RowExclusive", True),
        lock(4, "AccessShare", True),
        lock(2, "Share", False, 1.0),
    )
    assert tree(found.roots) == {1: {2: {}}}


def test_the_order_of_the_queue_decides_and_not_the_order_of_the_rows() -> None:
    found = sample(
        lock(3, "AccessShare", False, 1.0),
        lock(2, "AccessExclusive", False, 2.0),
        lock(1, "AccessShare", True),
    )
    assert tree(found.roots) == {1: {2: {3: {}}}}


def test_every_blocker_is_seen_but_each_victims_own_victims_only_once() -> None:
    found = sample(
        lock(1, "AccessShare", True),
        lock(4, "AccessShare", True),
        lock(2, "AccessExclusive", False, 3.0),
        lock(3, "AccessShare", False, 2.0),
        p1=5.0,
        p4=60.0,
    )
    assert list(tree(found.roots)) == [4, 1], "the oldest transaction first"
    assert tree(found.roots) == {4: {2: {3: {}}}, 1: {2: {}}}
    assert found.waiting == 2, "each waiting session counted once"


def test_a_chain_over_several_things_is_followed() -> None:
    found = sample(
        lock(1, "Exclusive", True, locktype="transactionid", transactionid="700"),
        lock(2, "Share", False, 5.0, locktype="transactionid", transactionid="700"),
        lock(2, "RowExclusive", True),
        lock(3, "AccessExclusive", False, 4.0),
        lock(4, "AccessShare", False, 1.0),
    )
    assert tree(found.roots) == {1: {2: {3: {4: {}}}}}
    assert found.roots[0].relation == "transaction 700"


def test_a_wait_for_a_transaction_names_the_row_it_is_about() -> None:
    row: dict[str, Any] = {"locktype": "tuple", "page": 7, "tuple": 3}
    found = sample(
        lock(1, "Exclusive", True, locktype="transactionid", transactionid="700"),
        lock(2, "Share", False, 5.0, locktype="transactionid", transactionid="700"),
        lock(2, "Exclusive", True, **row),
        lock(3, "Exclusive", False, 4.0, **row),
    )
    assert tree(found.roots) == {1: {2: {3: {}}}}
    assert found.roots[0].children[0].relation == "transaction 700 (row (7,3) of public.users)"
    assert found.roots[0].children[0].children[0].relation == "row (7,3) of public.users"


def test_a_deadlock_that_nobody_noticed_yet_ends_where_it_began() -> None:
    one: dict[str, Any] = {"locktype": "advisory", "objid": 1}
    two: dict[str, Any] = {"locktype": "advisory", "objid": 2}
    keys: dict[str, Any] = {"classid": 0, "objsubid": 1}
    found = sample(
        lock(1, "Exclusive", True, **one, **keys),
        lock(2, "Exclusive", True, **two, **keys),
        lock(1, "Exclusive", False, 2.0, **two, **keys),
        lock(2, "Exclusive", False, 1.0, **one, **keys),
    )
    assert tree(found.roots) == {1: {2: {}}}
    assert found.roots[0].waiting == timedelta(seconds=2), "no root is free: the longest wait comes first"
    assert found.waiting == 2


def test_parallel_workers_count_as_their_leader() -> None:
    rows = [lock(10, "AccessShare", True), lock(11, "AccessShare", True), lock(2, "AccessExclusive", False, 1.0)]
    sessions = [session(10, 5.0), session(11, 5.0, leader_pid=10), session(2, 1.0)]
    assert tree(sample_of(rows, sessions, [], frozenset()).roots) == {10: {2: {}}}


def test_a_prepared_transaction_blocks_by_its_name() -> None:
    holder = lock(0, "AccessExclusive", True) | {"prepared_xid": "801"}
    prepared = {"xid": "801", "gid": "move-7", "prepared": START, "age": timedelta(days=2)}
    prepared |= {"owner": "app", "database": "shop"}
    found = sample_of([holder, lock(2, "AccessShare", False, 1.0)], [session(2, 1.0)], [prepared], frozenset())
    root = found.roots[0].backend
    assert (root.key.pid, root.application, root.state) == (0, "move-7", "prepared transaction")
    assert tree(found.roots[0].children) == {2: {}}


def test_a_session_that_ended_between_the_questions_leaves_no_trace() -> None:
    rows = [lock(1, "AccessShare", True), lock(2, "AccessExclusive", False, 1.0)]
    assert sample_of(rows, [session(2, 1.0)], [], frozenset()).roots == ()


def test_an_older_server_does_not_say_since_when_so_the_query_s_age_stands_in() -> None:
    found = sample(lock(1, "AccessShare", True), lock(2, "AccessExclusive", False, None), p2=7.0)
    assert found.longest_wait == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("ours", "victims", "lost"),
    [(frozenset({2}), 2, 3.0), (frozenset({1}), 3, 6.0), (frozenset({4}), 0, 0.0), (frozenset({1, 2}), 2, 3.0)],
)
def test_sessions_behind_us_are_counted_through_others_and_once(
    ours: frozenset[int], victims: int, lost: float
) -> None:
    found = sample(
        lock(1, "AccessShare", True),
        lock(2, "AccessExclusive", False, 3.0),
        lock(3, "AccessShare", False, 2.0),
        lock(3, "Exclusive", True, locktype="transactionid", transactionid="9"),
        lock(4, "Share", False, 1.0, locktype="transactionid", transactionid="9"),
        ours=ours,
    )
    assert (found.waiting_behind_us, found.victims_lost) == (victims, timedelta(seconds=lost))


def test_three_hundred_sessions_on_one_row_make_a_flat_tree() -> None:
    row: dict[str, Any] = {"locktype": "tuple", "page": 0, "tuple": 1}
    found = sample(
        lock(1, "Exclusive", True, locktype="transactionid", transactionid="5"),
        lock(2, "Share", False, 400.0, locktype="transactionid", transactionid="5"),
        lock(2, "Exclusive", True, **row),
        *(lock(pid, "Exclusive", False, 400.0 - pid, **row) for pid in range(3, 303)),
    )
    assert len(found.roots[0].children[0].children) == 300
    assert found.waiting == 301


def test_a_very_long_chain_is_drawn_whole_without_running_out_of_stack() -> None:
    rows = []
    for pid in range(1, 2000):
        rows.append(lock(pid, "Exclusive", True, locktype="transactionid", transactionid=str(pid)))
        rows.append(lock(pid + 1, "Share", False, 1.0, locktype="transactionid", transactionid=str(pid)))
    found = sample(*rows)
    seen, to_visit = set(), list(found.roots)
    while to_visit:
        node = to_visit.pop()
        seen.add(node.backend.key.pid)
        to_visit.extend(node.children)
    assert seen == set(range(1, 2001))


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ({"locktype": "advisory", "classid": 0, "objid": 42, "objsubid": 1}, "advisory 42"),
        ({"locktype": "advisory", "classid": 0xFFFFFFFF, "objid": 0xFFFFFFFE, "objsubid": 1}, "advisory -2"),
        ({"locktype": "advisory", "classid": 3, "objid": 0xFFFFFFFF, "objsubid": 2}, "advisory 3, -1"),
        ({"locktype": "virtualxid", "virtualxid": "3/77"}, "virtual transaction 3/77"),
        ({"locktype": "relation", "relation_name": None, "database": "other"}, "relation 1234 of database other"),
        ({"locktype": "extend", "relation": 1234, "relation_name": "public.users"}, "extend of public.users"),
        ({"locktype": "object", "classid": 2615, "objid": 9}, "object 9 of class 2615"),
    ],
)
def test_what_is_locked_is_named(thing: dict[str, Any], said: str) -> None:
    found = sample(lock(1, "AccessExclusive", True, **thing), lock(2, "AccessExclusive", False, 1.0, **thing))
    assert found.roots[0].relation == said
