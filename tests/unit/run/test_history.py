"""The ring that the plots are drawn from: bounded, honest about what was not seen, and never changed once it is given."""

from datetime import timedelta

from zdtui.plan.model import StepId
from zdtui.run.figures.history import CHUNK, KEPT, History, Point, point_of
from zdtui.run.model.activity import Activity, BatchProgress, Doing
from zdtui.run.model.events import Direction
from zdtui.watch.samples import LocksSample, Reading, ReplicationSample, Samples, ServerSample, Standby, Unseen
from zdtui.watch.worst_lag import HIDDEN


def test_an_hour_is_kept_and_no_more_however_long_it_runs() -> None:
    history = History()
    for second in range(3 * int(KEPT)):
        history = history.added(Point(at=float(second)))
    points = tuple(history)
    assert points[-1].at == 3 * KEPT - 1
    assert KEPT <= len(points) <= KEPT + CHUNK
    assert [each.at for each in points] == sorted(each.at for each in points)


def test_a_history_that_was_given_does_not_change_and_a_point_a_second_is_enough() -> None:
    before = History().added(Point(at=10.0))
    assert before.noting(Samples(), None, 10.5) is before
    after = before.noting(Samples(), None, 11.0)
    assert [each.at for each in before] == [10.0]
    assert [each.at for each in after] == [10.0, 11.0]


def standby(name: str, lag: timedelta | Unseen | None, hidden: bool = False) -> Standby:
    """One that streams."""
    return Standby(name, "10.0.0.2", "streaming", "async", None, None, lag, 0, hidden=hidden)


def test_what_is_seen_is_noted_and_what_is_not_is_a_gap() -> None:
    replication = ReplicationSample(
        (standby("a", timedelta(seconds=2)), standby("b", None), standby("c", HIDDEN, hidden=True))
    )
    samples = Samples(
        locks=Reading(LocksSample(waiting=3, waiting_behind_us=1), 100.0),
        replication=Reading(replication, 100.0),
        server=Reading(ServerSample(wal_bytes_per_second=Unseen("no")), 100.0),
    )
    progress = BatchProgress(rows_per_second=500.0)
    works = Activity(StepId("s"), Direction.FORWARD, Doing.THROTTLED, since=90.0, progress=progress)
    seen = point_of(samples, works, 101.0)
    assert seen == Point(101.0, 3, 1, (("a", 2.0), ("b", 0.0)), None, 500.0, rests=True)
    assert point_of(samples, None, 110.0) == Point(110.0), "ten seconds old: nothing of it is so now"
