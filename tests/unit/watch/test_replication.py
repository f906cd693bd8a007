"""Lags from rows as data, with a clock of our own."""

from datetime import timedelta
from typing import Any

from tests.unit.watch.rows import START
from zdtui.watch.replication import ReplicationMemory, replication_sample
from zdtui.watch.samples import ReplicationSample, Standby, Unseen


def standby(replay_lsn: int | None, replied: float = 0.0, **fields: Any) -> dict[str, Any]:
    """A row of standbys.sql whose last report came `replied` seconds after the start."""
    row: dict[str, Any] = {"pid": 1, "name": "standby-a", "client": "10.0.0.2", "state": "streaming"}
    row |= {"sync_state": "async", "write_lag": None, "flush_lag": None, "replay_lag": None, "hidden": False}
    return row | {"replay_lsn": replay_lsn, "reply_time": START + timedelta(seconds=replied)} | fields


def reading(memory: ReplicationMemory, now: float, lsn: int, *standbys: dict[str, Any]) -> ReplicationSample:
    """One reading at second `now` of a primary that has written up to `lsn`."""
    return replication_sample(memory, {"lsn": lsn, "in_recovery": False}, list(standbys), [], 100 + now)


def standbys_of(sample: ReplicationSample) -> tuple[Standby, ...]:
    """The standbys of a sample that has them."""
    assert not isinstance(sample.standbys, Unseen)
    return sample.standbys


def test_the_server_s_own_lag_is_shown_and_the_worst_is_named() -> None:
    late = standby(900, name="standby-b", pid=2, replay_lag=timedelta(seconds=8))
    sample = reading(ReplicationMemory(), 0, 1000, standby(1000), late)
    assert (sample.worst_lag, sample.worst_standby) == (timedelta(seconds=8), "standby-b")
    assert [each.replay_lag_bytes for each in standbys_of(sample)] == [0, 100]
    assert standbys_of(sample)[0].replay_lag is None, "nothing to replay is not a lag of zero"


def test_a_standby_that_stopped_answering_falls_behind_although_the_server_says_nothing() -> None:
    memory = ReplicationMemory()
    for second in range(20):
        sample = reading(memory, second, 1000 + 100 * second, standby(1000, replay_lag=timedelta(milliseconds=2)))
    assert sample.worst_lag == timedelta(seconds=18), "WAL went beyond 1000 at second 1, and it is second 19"


def test_a_report_that_is_merely_not_due_yet_is_no_lag() -> None:
    memory = ReplicationMemory()
    reading(memory, 0, 1000, standby(1000))
    for second in range(1, 10):
        sample = reading(memory, second, 1100, standby(1000))
        assert sample.worst_lag == timedelta(0)


def test_a_paused_replay_that_goes_on_reporting_grows_by_the_report() -> None:
    memory = ReplicationMemory()
    reading(memory, 0, 1000, standby(1000))
    for second in range(1, 8):
        sample = reading(memory, second, 1000 + second, standby(1000, replied=second))
    assert sample.worst_lag == timedelta(seconds=6)


def test_how_late_it_is_that_stood_still_before_anybody_looked_is_not_known() -> None:
    """Its replay is paused: the server's own figure is of long ago, and would say 2 ms."""
    memory, far = ReplicationMemory(), 10_000_000
    for second in range(30):
        paused = standby(1000, replied=second, replay_lag=timedelta(milliseconds=2))
        sample = reading(memory, second, far + second, paused)
    assert isinstance(sample.worst_lag, Unseen)
    assert "29 s or more, it was behind before this console looked" in sample.worst_lag.why
    moved = reading(memory, 30, far + 30, standby(5000, replied=30, replay_lag=timedelta(hours=1)))
    assert moved.worst_lag == timedelta(hours=1), "once it replays, the server's figure is of now"
    assert reading(memory, 31, far + 31, standby(far + 31, replied=31)).worst_lag == timedelta(0)


def test_history_is_a_minute_and_is_forgotten_with_the_standby() -> None:
    memory = ReplicationMemory()
    for second in range(70):
        sample = reading(memory, second, 1000, standby(1000, replay_lag=timedelta(seconds=second)))
    assert standbys_of(sample)[0].history == tuple(float(second) for second in range(10, 70))
    reading(memory, 70, 1000)
    assert len(standbys_of(reading(memory, 71, 1000, standby(1000)))[0].history) == 1


def test_a_standby_hidden_from_the_role_is_no_figure() -> None:
    hidden = standby(None, state="", reply_time=None, hidden=True)
    sample = reading(ReplicationMemory(), 0, 1000, hidden)
    assert standbys_of(sample)[0].hidden
    assert isinstance(standbys_of(sample)[0].replay_lag_bytes, Unseen)
    assert isinstance(sample.worst_lag, Unseen), "a lag that is hidden is neither none nor zero"


def test_one_hidden_standby_hides_the_worst_lag_of_all() -> None:
    hidden = standby(None, state="", reply_time=None, hidden=True, name="standby-h", pid=2)
    sample = reading(ReplicationMemory(), 0, 1000, standby(1000), hidden)
    assert isinstance(sample.worst_lag, Unseen)
    assert sample.worst_standby == "standby-h"


def test_without_the_server_s_position_the_lag_is_dated_by_what_was_sent() -> None:
    """As where a managed service keeps pg_current_wal_lsn() from this role."""
    memory, refused = ReplicationMemory(), Unseen("permission denied for function pg_current_wal_lsn")
    for second in range(20):
        late = standby(1000, replied=second, sent_lsn=1000 + 100 * second, replay_lag=timedelta(milliseconds=2))
        sample = replication_sample(memory, refused, [late], [], 100.0 + second)
    assert sample.worst_lag == timedelta(seconds=18)
    assert standbys_of(sample)[0].replay_lag_bytes == refused, "how many bytes nobody knows"


def test_what_may_not_be_asked_hides_no_more_than_itself() -> None:
    refused = Unseen("permission denied for view pg_replication_slots")
    sample = replication_sample(ReplicationMemory(), {"lsn": 1000, "in_recovery": False}, [standby(900)], refused, 1.0)
    assert (sample.slots, sample.worst_lag) == (refused, timedelta(0))
    nobody = replication_sample(ReplicationMemory(), {"lsn": 1000, "in_recovery": False}, refused, [], 1.0)
    assert (nobody.standbys, nobody.worst_lag, nobody.slots) == (refused, refused, ())


def test_slots_say_what_they_retain() -> None:
    row = {"name": "cdc", "slot_type": "logical", "active": False, "restart_lsn": 400, "wal_status": "reserved"}
    new = {**row, "name": "new", "restart_lsn": None}
    slots = replication_sample(ReplicationMemory(), {"lsn": 1000, "in_recovery": False}, [], [row, new], 1.0).slots
    assert not isinstance(slots, Unseen)
    assert [slot.retained_bytes for slot in slots] == [600, None]
