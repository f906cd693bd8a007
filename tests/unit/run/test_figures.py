"""Batch sizes, throttle, retry pauses, timeouts and guards: numbers in, numbers out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.plan.model import BatchTuning, Guards, Limits
from zdtui.run.bulk.ranges.batch_size import SMALLEST_BATCH, BatchSize, first_size, halved, next_size
from zdtui.run.execute.timeouts import timeouts
from zdtui.run.figures.guards import breaches
from zdtui.run.locks.retry import LONGEST_PAUSE, pause_before
from zdtui.sql.statement import StatementClass
from zdtui.watch.samples import LocksSample, QueriesSample, Reading, ReplicationSample, Samples

TUNING = BatchTuning(batch_duration=timedelta(milliseconds=50), batch_rows=1000, max_batch_rows=50_000)


def test_the_batch_size_settles_on_its_aim_within_five_batches() -> None:
    size, per_row = first_size(TUNING), 5e-6
    for _ in range(5):
        size = next_size(size, size.rows, size.rows * per_row, TUNING)
    assert size.rows == pytest.approx(0.050 / per_row, rel=0.05)


def test_a_slow_batch_shrinks_the_next_at_once_and_growth_is_at_most_double() -> None:
    assert next_size(BatchSize(10_000), 10_000, 5.0, TUNING).rows <= 100
    assert next_size(BatchSize(1000), 1000, 0.0001, TUNING).rows == 2000
    assert halved(BatchSize(1001)).rows == 500
    assert halved(BatchSize(SMALLEST_BATCH)).rows == SMALLEST_BATCH
    assert next_size(BatchSize(1000), 0, 5.0, TUNING).rows == 1000


@given(st.integers(1, 10**6), st.floats(0, 1e4), st.integers(1, 10**6))
def test_a_batch_is_never_empty_nor_over_the_plans_limit(rows: int, seconds: float, walked: int) -> None:
    size = next_size(BatchSize(rows), walked, seconds, TUNING)
    assert SMALLEST_BATCH <= size.rows <= TUNING.max_batch_rows


def test_retry_pauses_double_up_to_a_limit_with_half_of_it_jitter() -> None:
    assert pause_before(2, 0.0) == pytest.approx(0.05)
    assert pause_before(2, 1.0) == pytest.approx(0.1)
    assert pause_before(3, 1.0) == pytest.approx(0.2)
    assert pause_before(40, 1.0) == LONGEST_PAUSE


def test_concurrent_builds_have_no_short_limits_and_validate_none_on_its_work() -> None:
    limits = Limits(lock_timeout=timedelta(milliseconds=200), statement_timeout=timedelta(seconds=3))
    assert dict(timeouts(StatementClass.CONCURRENTLY, limits).settings()) == {
        "lock_timeout": "0",
        "statement_timeout": "0",
    }
    assert dict(timeouts(StatementClass.VALIDATE, limits).settings()) == {
        "lock_timeout": "200",
        "statement_timeout": "0",
    }
    for each in (StatementClass.INSTANT_DDL, StatementClass.DML, StatementClass.UNKNOWN):
        assert dict(timeouts(each, limits).settings()) == {"lock_timeout": "200", "statement_timeout": "3000"}


def samples(lag: float | None = None, blocked: int = 0, oldest: float = 0) -> Samples:
    worst = None if lag is None else timedelta(seconds=lag)
    return Samples(
        replication=Reading(ReplicationSample(worst_lag=worst, worst_standby="standby-b"), taken_at=100.0),
        locks=Reading(LocksSample(waiting_behind_us=blocked), taken_at=100.0),
        queries=Reading(QueriesSample(oldest_transaction=timedelta(seconds=oldest)), taken_at=100.0),
    )


GUARDS = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=3, oldest_transaction=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (samples(lag=8.1), "replay lag of standby-b 8.1 s is over 5 s (pane replication)"),
        (samples(blocked=4), "sessions blocked by us 4 is over 3 (pane locks)"),
        (samples(oldest=601), "oldest transaction 10m01s is over 10m (pane queries)"),
    ],
)
def test_a_guard_names_the_figure_its_limit_and_the_pane(found: Samples, says: str) -> None:
    assert [str(breach) for breach in breaches(GUARDS, found)] == [says]


def test_a_guard_at_its_limit_is_quiet_and_one_switched_off_always() -> None:
    assert breaches(GUARDS, samples(lag=5, blocked=3, oldest=600)) == ()
    off = Guards(replication_lag=None, blocked_sessions=None, oldest_transaction=None)
    assert breaches(off, samples(lag=999, blocked=999, oldest=9999)) == ()
    assert breaches(GUARDS, Samples()) == ()
