"""Lists: sorted, turned by age and database, with counts by state; and what a wide pane says beside a narrow one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from screens.listing import AGES, NAMES, Listing
from screens.views.queries import queries_rows, queries_title
from tests.console.dialogs.stage import until
from tests.console.scenes import LIVE, backend, run_of, samples, scene, snapshot_of, text_of
from tests.console.test_console import app_of, drawn, settled
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.watch.samples import Backend, QueriesSample, Reading


def session(pid: int, seconds: float, user: str, database: str, **fields: object) -> Backend:
    """A session whose transaction is so old."""
    old = timedelta(seconds=seconds)
    return replace(backend(pid, f"app {pid}", transaction_age=old, **fields), user=user, database=database)


OLD = session(1, 300, "zoe", "shop", xmin_age=9, client_address="10.0.4.9", client_port=51022, workers=2)
YOUNG = session(2, 2, "ann", "shop", wait_event_type="Lock", wait_event="relation")
ELSEWHERE = session(3, 20, "bob", "mystore")
ALL = (OLD, ELSEWHERE, YOUNG)


def seeing(*backends: Backend) -> Snapshot:
    """The console while these are listed."""
    sample = QueriesSample(
        backends, timedelta(seconds=300), total_sessions=40, active_sessions=3, idle_in_transaction=1
    )
    seen = samples()
    return snapshot_of(LIVE, run_of(LIVE), seen=replace(seen, queries=Reading(sample, seen.queries.taken_at)))


def pids(listing: Listing) -> list[int]:
    """Who is listed, in order."""
    return [each.key.pid for each in listing.of(ALL)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("transaction age", [1, 3, 2]),
        ("user", [2, 3, 1]),
        ("database", [3, 2, 1]),
        ("xmin age", [1, 3, 2]),
        ("what it waits for", [2, 1, 3]),
    ],
)
def test_a_list_is_sorted_by_what_was_chosen(sort: str, order: list[int]) -> None:
    assert pids(Listing(sort=sort)) == order


def test_the_keys_go_through_every_sort_age_and_database_and_come_back_to_all() -> None:
    listing = Listing()
    seen = [listing := listing.sorted_by_next(1) for _ in NAMES]
    assert [each.sort for each in seen] == [*NAMES[1:], NAMES[0]]
    assert Listing().sorted_by_next(-1).sort == NAMES[-1]
    aged = Listing()
    assert [(aged := aged.older()).older_than for _ in AGES] == [*AGES[1:], 0.0]
    turned = Listing()
    assert [(turned := turned.next_database("shop", ALL)).database for _ in range(3)] == ["shop", "mystore", None]


def test_what_is_left_out_is_counted_and_said_where_it_is_missing() -> None:
    listing = Listing(sort="user", older_than=5.0, database="shop")
    assert pids(listing) == [1]
    at = scene(seeing(*ALL), 80, listing=listing)
    assert "2 sessions left out: by user, older than 5.0 s, in shop" in text_of(queries_rows(at))
    assert queries_title(at).endswith("by user, older than 5.0 s, in shop")


def test_a_session_whose_age_is_hidden_is_not_left_out_for_being_young() -> None:
    hidden = replace(session(4, 0, "eve", "shop", hidden=True), transaction_age=None, query_age=None)
    assert Listing(older_than=3600.0).of((YOUNG, hidden)) == [hidden]


def test_the_title_counts_sessions_by_state() -> None:
    assert queries_title(scene(seeing(*ALL))) == "oldest 5m00s · 3 active, 1 idle in tx of 40"


@pytest.mark.parametrize(
    ("width", "seen", "unseen"),
    [
        (60, ("app 1",), ("zoe", "mystore", "xmin")),
        (90, ("zoe@10.0.4.9",), ("mystore", "xmin")),
        (120, ("zoe@10.0.4.9", "mystore"), ("xmin",)),
        (160, ("zoe@10.0.4.9", "mystore", "xmin 9"), ()),
    ],
)
def test_a_wide_pane_tells_user_client_database_and_xmin(
    width: int, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    text = text_of(queries_rows(scene(seeing(*ALL), width)))
    assert all(each in text for each in seen), text
    assert not any(each in text for each in unseen), text
    assert "+2 workers" in text
    assert "Lock:relation" in text


async def test_turned_back_to_all_it_says_so() -> None:
    app, _ = app_of(seeing(*ALL))
    async with app.run_test(size=(120, 35)) as pilot:
        await settled(pilot, app)
        await pilot.press("3", "greater_than_sign")
        await until(pilot, lambda: "queries: by statement age" in drawn(app), "the next order")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: "queries: all, the oldest transaction first" in drawn(app), "as it was")
