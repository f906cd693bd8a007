"""Aurora's readers from rows as data: they share the writer's storage and are in no walsender."""

from datetime import timedelta
from typing import Any

from zdtui.watch.readers import NOT_TOLD, with_readers
from zdtui.watch.samples import ReplicationSample, Unseen

EMPTY = ReplicationSample()
WRITER = {"name": "db-1", "writer": True, "lag": None}
REFUSED = Unseen("permission denied for function aurora_replica_status")


def reader(name: str, lag: float | None) -> dict[str, Any]:
    return {"name": name, "writer": False, "lag": lag}


def test_the_slowest_reader_is_the_worst_and_the_writer_is_none() -> None:
    sample = with_readers(EMPTY, [WRITER, reader("db-2", 0.02), reader("db-3", 35.0)], ())
    assert (sample.worst_lag, sample.worst_standby) == (timedelta(seconds=35), "db-3")
    assert not isinstance(sample.standbys, Unseen)
    assert [each.name for each in sample.standbys] == ["db-2", "db-3"]
    assert sample.source == "aurora_replica_status()"


def test_a_cluster_without_readers_has_none() -> None:
    sample = with_readers(EMPTY, [WRITER], ())
    assert (sample.standbys, sample.worst_lag) == ((), None)


def test_a_reader_that_does_not_tell_its_lag_hides_the_worst() -> None:
    sample = with_readers(EMPTY, [WRITER, reader("db-2", None), reader("db-3", 1.0)], ())
    assert sample.worst_lag == NOT_TOLD


def test_readers_of_other_regions_count_by_the_longer_lag() -> None:
    sample = with_readers(EMPTY, [WRITER, reader("db-2", 0.02)], [WRITER, reader("db-2", 0.5), reader("far", 2.0)])
    assert (sample.worst_lag, sample.worst_standby) == (timedelta(seconds=2), "far")


def test_no_global_database_is_no_blindness_and_a_refused_question_is() -> None:
    assert with_readers(EMPTY, [WRITER, reader("db-2", 0.02)], REFUSED).worst_lag == timedelta(seconds=0.02)
    refused = with_readers(EMPTY, REFUSED, ())
    assert (refused.standbys, refused.worst_lag) == (REFUSED, REFUSED)
