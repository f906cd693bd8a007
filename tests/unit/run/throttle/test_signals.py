"""What a backfill slows down for: every signal with a limit and a figure, as a table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from zdtui.plan.model import Throttle
from zdtui.run.throttle.signals import Watching, signals
from zdtui.watch.samples import (
    LocksSample,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
    ServerSample,
    Slot,
    Standby,
)

MB = 1024**2
STANDBY = Standby("b", "10.0.0.3", "streaming", "async", None, None, timedelta(seconds=4), 88 * MB)
SEEN = Samples(
    locks=Reading(LocksSample(waiting_behind_us=1)),
    queries=Reading(QueriesSample(active_sessions=3, oldest_transaction=timedelta(minutes=2))),
    replication=Reading(
        ReplicationSample(
            standbys=(STANDBY,),
            slots=(Slot("cdc", "logical", True, 140 * MB, "reserved"),),
            worst_lag=timedelta(seconds=4),
            worst_standby="b",
        )
    ),
    server=Reading(
        ServerSample(
            wal_bytes_per_second=20.0 * MB, archive_backlog=4, requested_checkpoints=1, vacuumed=("public.users",)
        )
    ),
)
NOTHING = Throttle(replication_lag=None, blocked_sessions=None, archive_backlog=None, autovacuum=False)


@pytest.mark.parametrize(
    ("limit", "said", "pressure"),
    [
        ({"replication_lag": timedelta(seconds=5)}, "replay lag of b 4.0 s (limit 5 s)", 0.8),
        ({"replication_lag_bytes": 44 * MB}, "WAL not replayed by b 88 MB (limit 44 MB)", 2.0),
        ({"blocked_sessions": 2}, "sessions waiting for us 1 (limit 2)", 0.5),
        ({"blocked_sessions": 0}, "sessions waiting for us 1 (limit 0)", 2.0),
        ({"wal_rate": 40 * MB}, "WAL a second 20 MB (limit 40 MB)", 0.5),
        ({"active_sessions": 4}, "active sessions 3 (limit 4)", 0.75),
        ({"oldest_transaction": timedelta(minutes=1)}, "oldest transaction 2m00s (limit 1m)", 2.0),
        ({"archive_backlog": 16}, "WAL segments waiting for the archiver 4 (limit 16)", 0.25),
        ({"retained_wal": 280 * MB}, "WAL retained by slot cdc 140 MB (limit 280 MB)", 0.5),
        ({"requested_checkpoints": 2}, "server checkpoints requested in 5 min 1 (limit 2)", 0.5),
        ({"autovacuum": True}, "autovacuum works on public.users (limit not at the same time)", 1.0),
        ({"canary": 5}, "canary write 2.5 x its usual time (limit 5 x)", 0.5),
    ],
)
def test_each_signal_says_its_figure_and_its_limit(limit: dict[str, Any], said: str, pressure: float) -> None:
    limits = NOTHING.model_copy(update=limit)
    (signal,) = signals(Watching(limits, SEEN, table="public.users", canary=2.5))
    assert str(signal) == said
    assert signal.pressure == pytest.approx(pressure)


def test_a_standby_that_has_replayed_nothing_yet_is_steered_to_from_the_beginning() -> None:
    idle = Samples(replication=Reading(ReplicationSample(standbys=(replace(STANDBY, replay_lag=None),))))
    (lag,) = signals(Watching(NOTHING.model_copy(update={"replication_lag": timedelta(seconds=5)}), idle))
    assert (lag.pressure, lag.balance) == (0.0, 1.0)
    alone = Samples(replication=Reading(ReplicationSample()))
    assert signals(Watching(NOTHING.model_copy(update={"replication_lag": timedelta(seconds=5)}), alone)) == ()


def test_what_has_no_limit_or_no_figure_is_no_signal() -> None:
    assert signals(Watching(NOTHING, SEEN)) == ()
    everything = Throttle(
        replication_lag_bytes=1,
        wal_rate=1,
        active_sessions=1,
        oldest_transaction=timedelta(1),
        retained_wal=1,
        canary=2,
    )
    assert signals(Watching(everything, Samples())) == ()


def test_autovacuum_on_another_table_is_of_no_concern() -> None:
    assert signals(Watching(NOTHING.model_copy(update={"autovacuum": True}), SEEN, table="public.orders")) == ()
