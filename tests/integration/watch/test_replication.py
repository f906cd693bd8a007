"""Replication on a real primary and standby."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from tests.fix_db import ReplicatedDatabase
from tests.integration.watch.watching import Watched, session
from zdtui.demo.embedded import SUPERUSER
from zdtui.watch.samples import Samples, Standby, Unseen


def worst(samples: Samples) -> timedelta:
    """The worst lag, 0 when there is none."""
    sample = samples.replication.sample
    lag = None if sample is None else sample.worst_lag
    assert not isinstance(lag, Unseen), lag.why
    return lag or timedelta(0)


def standbys(samples: Samples) -> tuple[Standby, ...]:
    """The standbys, which can be seen."""
    sample = samples.replication.sample
    found = () if sample is None else sample.standbys
    assert not isinstance(found, Unseen), found.why
    return found


@asynccontextmanager
async def traffic(dsn: str) -> AsyncIterator[None]:
    """Small commits all the time: a standby reports at once when it is sent something, else every 10 s."""

    async def write() -> None:
        async with session(dsn, "traffic") as conn:
            while True:
                await conn.execute("SELECT txid_current()")
                await asyncio.sleep(0.05)

    task = asyncio.create_task(write())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_paused_standby_falls_behind_in_time_and_bytes_and_catches_up(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    async with (
        session(pair.dsn(), "writer") as writer,
        session(pair.standby_dsn(SUPERUSER), "admin") as admin,
        traffic(pair.dsn(SUPERUSER)),
        Watched(pair.dsn(), interval=0.2) as watched,
    ):
        await writer.execute("DROP TABLE IF EXISTS filler; CREATE TABLE filler (t text)")
        samples = await watched.until(
            lambda s: [x.state for x in standbys(s)] == ["streaming"],
            "the standby stream",
        )
        assert samples.replication.sample is not None
        assert standbys(samples)[0].name == "standby-a"
        assert not samples.replication.sample.in_recovery
        await admin.execute("SELECT pg_wal_replay_pause()")
        await writer.execute("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
        samples = await watched.until(lambda s: worst(s) > timedelta(seconds=2), "two seconds of lag")
        assert samples.replication.sample is not None
        late = standbys(samples)[0]
        assert samples.replication.sample.worst_standby == "standby-a"
        assert not isinstance(late.replay_lag_bytes, Unseen)
        assert (late.replay_lag_bytes or 0) > 1_000_000
        assert max(late.history) > 2
        await admin.execute("SELECT pg_wal_replay_resume()")
        await watched.until(lambda s: worst(s) < timedelta(seconds=1), "it catch up")


async def test_an_inactive_slot_and_what_it_retains(primary_with_standby: ReplicatedDatabase) -> None:
    pair = primary_with_standby
    async with session(pair.dsn(SUPERUSER), "admin") as admin:
        await admin.execute("SELECT pg_create_physical_replication_slot('cdc', true)")
        try:
            await admin.execute("CREATE TABLE IF NOT EXISTS more (t text)")
            await admin.execute("INSERT INTO more SELECT repeat('x', 1000) FROM generate_series(1, 2000)")
            async with Watched(pair.dsn()) as watched:
                samples = await watched.until(lambda s: s.replication.sample, "a sample")
            assert samples.replication.sample is not None
            assert not isinstance(samples.replication.sample.slots, Unseen)
            slot = samples.replication.sample.slots[0]
            assert (slot.name, slot.slot_type, slot.active) == ("cdc", "physical", False)
            assert not isinstance(slot.retained_bytes, Unseen)
            assert (slot.retained_bytes or 0) > 1_000_000
        finally:
            await admin.execute("SELECT pg_drop_replication_slot('cdc')")


async def test_a_standby_can_be_watched_and_says_that_it_is_one(primary_with_standby: ReplicatedDatabase) -> None:
    pair = primary_with_standby
    async with Watched(pair.standby_dsn()) as watched:
        samples = await watched.until(lambda s: s.replication.sample and s.locks.sample, "samples of a standby")
    assert samples.replication.sample is not None
    assert samples.replication.sample.in_recovery
    assert samples.replication.sample.worst_lag is None
