"""What hazards are weighed with, on real servers: sizes, writes, what hangs on a table, and who holds locks on it."""

from tests.fix_db import Database
from tests.integration.watch.watching import Watched, session
from zdtui.demo.embedded import SUPERUSER
from zdtui.hazards.weight import Weight, in_the_way
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.watch.samples import Samples

SCHEMA = """
DROP TABLE IF EXISTS weighed_line, weighed, measured;
CREATE TABLE weighed (id int PRIMARY KEY, v text, w int);
CREATE INDEX ON weighed (v);
CREATE TABLE weighed_line (weighed int REFERENCES weighed);
CREATE TRIGGER unchanged BEFORE UPDATE ON weighed FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE weighed REPLICA IDENTITY FULL;
INSERT INTO weighed SELECT i, repeat('x', 100), 0 FROM generate_series(1, 5000) AS i;
CREATE TABLE measured (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE measured_2 PARTITION OF measured FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
INSERT INTO measured SELECT i, '2026-01-15' FROM generate_series(1, 1000) AS i;
"""
WEIGHED, MEASURED, GONE = Name("public", "weighed"), Name("public", "measured"), Name("public", "gone")


def of(samples: Samples, name: Name) -> Weight | None:
    return None if samples.weights.sample is None else samples.weights.sample.of(name)


def weighed(samples: Samples, name: Name) -> Weight:
    """The weight of a relation that has one."""
    found = of(samples, name)
    assert found is not None
    return found


async def test_a_table_is_weighed_without_being_locked(server: Database) -> None:
    async with session(server.dsn(), "reporter", autocommit=False) as reader, session(server.dsn(), "owner") as owner:
        await owner.execute(SCHEMA)
        await owner.execute("ANALYZE weighed; ANALYZE measured")
        await reader.execute("SELECT count(*) FROM weighed")
        async with Watched(server.dsn(), relations=(WEIGHED, MEASURED, GONE, Name(None, "weighed"))) as watched:
            samples = await watched.until(lambda s: of(s, WEIGHED), "a weight")
            weight, parts = weighed(samples, WEIGHED), weighed(samples, MEASURED)
            assert (weight.rows, weight.indexes, weight.referenced_by, weight.triggers) == (5000, 2, 1, 1)
            assert weight.replica_identity == "full"
            assert (weight.size_bytes or 0) > 5000 * 100
            assert (parts.rows, parts.partitions) == (1000, 2)
            assert of(samples, GONE) is None
            stronger = in_the_way(LockMode.ACCESS_EXCLUSIVE, weight.holders)
            assert [holder.application for holder in stronger] == ["reporter"]
            assert in_the_way(LockMode.SHARE, weight.holders) == ()
            await reader.execute("ROLLBACK; BEGIN; LOCK TABLE weighed IN ACCESS EXCLUSIVE MODE")
            locked = await watched.until(
                lambda s: (
                    of(s, WEIGHED)
                    and weighed(s, WEIGHED).holders[:1]
                    and weighed(s, WEIGHED).holders[0].mode is LockMode.ACCESS_EXCLUSIVE
                ),
                "the weight of a table that is locked away",
            )
            assert locked.weights.error is None


async def test_writes_are_counted_between_two_samples(server: Database) -> None:
    async with session(server.dsn(), "owner") as owner:
        await owner.execute(SCHEMA)
        async with Watched(server.dsn(), relations=(WEIGHED,)) as watched:
            await watched.until(
                lambda s: of(s, WEIGHED) and weighed(s, WEIGHED).writes_per_second == 0, "a quiet table"
            )
            async with session(server.dsn(), "writer, whose counts are reported when it leaves") as writer:
                await writer.execute("UPDATE weighed SET w = w + 1")
            await watched.until(lambda s: (weighed(s, WEIGHED).writes_per_second or 0) > 1000, "the writes")


async def test_a_table_nobody_analyzed_has_no_size_rather_than_none_at_all(server: Database) -> None:
    async with session(server.dsn(), "owner") as owner:
        await owner.execute("DROP TABLE IF EXISTS fresh; CREATE TABLE fresh (i int) WITH (autovacuum_enabled = off)")
        async with Watched(server.dsn(), relations=(Name("public", "fresh"),)) as watched:
            samples = await watched.until(lambda s: of(s, Name("public", "fresh")), "a weight")
            weight = weighed(samples, Name("public", "fresh"))
            assert (weight.size_bytes, weight.rows) == (None, None)


async def test_writes_that_nobody_counts_are_not_none(server18: Database) -> None:
    server18.execute("CREATE TABLE t (i int)")
    server18.execute(f'ALTER DATABASE "{server18.name}" SET track_counts = off', SUPERUSER)
    async with Watched(server18.dsn(), relations=(Name("public", "t"),)) as watched:
        taken = await watched.until(lambda s: s.weights.sample and s.weights.sample.weights, "the table")
        samples = await watched.until(lambda s: s.weights.taken_at != taken.weights.taken_at, "another sample")
    assert samples.weights.sample is not None
    assert samples.weights.sample.weights[0].writes_per_second is None
