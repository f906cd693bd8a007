"""Replication on a real primary and standby."""

from datetime import timedelta

from tests.integration.watch.cluster import Cluster
from tests.integration.watch.watching import Watched, session

Pair = tuple[Cluster, Cluster]


async def test_a_paused_standby_falls_behind_in_time_and_bytes_and_catches_up(pair: Pair) -> None:
    primary, standby = pair
    async with (
        session(primary, "writer") as writer,
        session(standby, "admin") as admin,
        Watched(primary.dsn(), interval=0.2) as watched,
    ):
        await writer.execute("DROP TABLE IF EXISTS filler; CREATE TABLE filler (t text)")
        samples = await watched.until(
            lambda s: s.replication.sample and [x.state for x in s.replication.sample.standbys] == ["streaming"],
            "the standby stream",
        )
        assert samples.replication.sample is not None
        assert samples.replication.sample.standbys[0].name == "standby-a"
        assert not samples.replication.sample.in_recovery
        await admin.execute("SELECT pg_wal_replay_pause()")
        await writer.execute("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
        samples = await watched.until(
            lambda s: s.replication.sample and (s.replication.sample.worst_lag or timedelta(0)) > timedelta(seconds=2),
            "two seconds of lag",
        )
        assert samples.replication.sample is not None
        late = samples.replication.sample.standbys[0]
        assert samples.replication.sample.worst_standby == "standby-a"
        assert (late.replay_lag_bytes or 0) > 1_000_000
        assert max(late.history) > 2
        await admin.execute("SELECT pg_wal_replay_resume()")
        await watched.until(
            lambda s: s.replication.sample and s.replication.sample.standbys[0].replay_lag_bytes == 0, "it catch up"
        )


async def test_an_inactive_slot_and_what_it_retains(pair: Pair) -> None:
    primary, _ = pair
    async with session(primary, "admin") as admin:
        await admin.execute("SELECT pg_create_physical_replication_slot('cdc', true)")
        try:
            await admin.execute("CREATE TABLE IF NOT EXISTS more (t text)")
            await admin.execute("INSERT INTO more SELECT repeat('x', 1000) FROM generate_series(1, 2000)")
            async with Watched(primary.dsn()) as watched:
                samples = await watched.until(lambda s: s.replication.sample, "a sample")
            assert samples.replication.sample is not None
            slot = samples.replication.sample.slots[0]
            assert (slot.name, slot.slot_type, slot.active) == ("cdc", "physical", False)
            assert (slot.retained_bytes or 0) > 1_000_000
        finally:
            await admin.execute("SELECT pg_drop_replication_slot('cdc')")


async def test_a_standby_can_be_watched_and_says_that_it_is_one(pair: Pair) -> None:
    _, standby = pair
    async with Watched(standby.dsn()) as watched:
        samples = await watched.until(lambda s: s.replication.sample and s.locks.sample, "samples of a standby")
    assert samples.replication.sample is not None
    assert samples.replication.sample.in_recovery
    assert samples.replication.sample.worst_lag is None
