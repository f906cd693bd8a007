"""What presses on the whole server, on real ones."""

from dataclasses import replace

from tests.fix_db import FOLDERS, SETTINGS, Database
from tests.integration.watch.watching import Watched, session
from zdtui.demo.embedded import Cluster
from zdtui.demo.folders import claim_folder
from zdtui.watch.samples import Samples, Unseen


def rate(samples: Samples) -> float | None:
    """WAL a second, once two readings told it."""
    sample = samples.server.sample
    told = None if sample is None else sample.wal_bytes_per_second
    return told if isinstance(told, float) else None


def figure(samples: Samples, name: str) -> int | None:
    """A figure of the server's pane, which can be seen; None where there is none."""
    assert samples.server.sample is not None
    found: int | Unseen | None = getattr(samples.server.sample, name)
    assert not isinstance(found, Unseen)
    return found


async def test_wal_is_measured_and_a_requested_checkpoint_counted(server: Database) -> None:
    async with session(server.dsn("postgres"), "writer") as writer:
        await writer.execute("DROP TABLE IF EXISTS written; CREATE TABLE written (v text)")
        async with Watched(server.dsn()) as watched:
            first = await watched.until(lambda s: s.server.sample, "a sample")
            assert figure(first, "archive_backlog") is None
            await watched.until(lambda s: rate(s) is not None, "a rate")
            await writer.execute("INSERT INTO written SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
            await watched.until(lambda s: (rate(s) or 0) > 1_000_000, "the WAL of the insert")
            before = figure(watched.watcher.samples, "requested_checkpoints") or 0
            await writer.execute("CHECKPOINT")
            await watched.until(lambda s: (figure(s, "requested_checkpoints") or 0) > before, "the server checkpoint")


async def test_the_archivers_backlog_grows_while_it_fails() -> None:
    folder = claim_folder(FOLDERS)
    settings = replace(SETTINGS, parameters={"archive_mode": "on", "archive_command": "test ! -e stop"})
    cluster = Cluster.create(folder.path / "archiving", 18, settings)
    try:
        cluster.start()
        async with session(cluster.dsn(), "writer") as writer, Watched(cluster.dsn()) as watched:
            await writer.execute("CREATE TABLE t (i int); SELECT pg_switch_wal()")
            await watched.until(lambda s: s.server.sample and s.server.sample.archive_backlog == 0, "no backlog")
            (cluster.data / "stop").touch()
            for number in range(3):
                await writer.execute(f"INSERT INTO t VALUES ({number}); SELECT pg_switch_wal()")
            await watched.until(lambda s: (figure(s, "archive_backlog") or 0) >= 2, "the backlog")
    finally:
        cluster.stop("immediate")
        folder.remove()
