"""A primary and its standby that can be crashed, filled up, promoted, and put back as they were prepared."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from benchmarks.campaign.links import Link, Links
from zdtui.demo.embedded import LOOPBACK, SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.shop import create_roles

MAJOR = 18
DISK = "640m"
"""Size of the disk of each server, where one of its own can be mounted."""
AT_REST = 0.3
"""Seconds without a change after which a standby whose primary is gone has replayed what it has."""
RECOVERS_WITHIN = 60.0
"""Seconds, on a machine that is busy."""
RECOVERING = ("not yet accepting", "starting up", "in recovery mode", "shutting down")
"""What a server says that ends all sessions after one of its processes was killed."""
SETTINGS = ClusterSettings(
    fsync=False,
    max_connections=40,
    shared_buffers="16MB",
    superuser_on_loopback=True,
    parameters={
        "wal_retrieve_retry_interval": "100ms",
        "max_wal_size": "96MB",
        "min_wal_size": "32MB",
        "autovacuum_naptime": "5s",
        "wal_receiver_status_interval": "1s",
        "max_prepared_transactions": "5",
    },
)


def may_mount() -> bool:
    """Whether a file system of our own can be mounted here."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


@dataclass
class Pair:
    """Two places, one of which holds the primary. `generation` counts the promotions since the last reset."""

    folder: Path
    links: Links
    replication: Link
    """What the standby streams through."""
    primary: Cluster
    standby: Cluster | None
    disks: bool
    generation: int = 0
    lost_from: dict[int, str] | None = None
    """For each promotion the LSN up to which the new primary had everything."""
    dirty: bool = False

    @classmethod
    def create(cls, folder: Path, links: Links, disks: bool) -> "Pair":
        """Make both, and keep a copy of them as they are now."""
        replication = links.open("standby")
        places = [folder / "a", folder / "b"]
        primary = Cluster.create(places[0], MAJOR, SETTINGS)
        with (primary.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host replication all {LOOPBACK}/32 trust\n")
        primary.start()
        create_roles(primary)
        standby = Cluster.prepared(places[1], primary.binaries, SETTINGS)
        pair = cls(folder, links, replication, primary, standby, disks, lost_from={})
        links.leads_to = primary.port
        pair.fill_standby()
        standby.stop()
        primary.stop()
        for place in places:
            _copy(place / "data", folder / "prepared" / place.name)
            if disks:
                shutil.rmtree(place / "data")
                _mount(place)
                primary.account.own(place)
        pair.dirty = True
        return pair

    def reset(self) -> None:
        """Both as they were prepared, running and streaming; nothing is done when nothing was promoted."""
        if not self.dirty and self.primary.running and self.standby is not None and self.standby.running:
            return
        by_name = {cluster.name: cluster for cluster in (self.primary, self._other())}
        for cluster in by_name.values():
            cluster.stop("immediate")
            shutil.rmtree(cluster.data, ignore_errors=True)
            _copy(self.folder / "prepared" / cluster.name, cluster.data)
        self.primary, self.standby = by_name["a"], by_name["b"]
        self._others = None
        self.generation, self.lost_from, self.dirty = 0, {}, False
        self.primary.start()
        self.links.leads_to = self.primary.port
        self.standby.start()
        self.wait_for_stream()

    _others: Cluster | None = None

    def _other(self) -> Cluster:
        other = self.standby or self._others
        assert other is not None
        return other

    def promote(self, tail: bool) -> None:
        """End the primary and promote the standby; without the tail, what came after `self.replication` broke is lost.

        The old primary is then made a standby of the new one.
        """
        old, new = self.primary, self.standby
        assert new is not None
        self.dirty = True
        old.stop("fast" if tail else "immediate")
        self.replication.cut()
        with psycopg.connect(new.dsn(), autocommit=True) as session:
            last = _wait_for_replay(session)
            session.execute("SELECT pg_promote(true, 60)")
        assert self.lost_from is not None
        self.lost_from[self.generation] = last
        self.generation += 1
        self.primary, self.standby, self._others = new, None, old
        self.replication.become()
        self.links.leads_to = new.port

    def fill_standby(self) -> None:
        """Make the other place a standby of the primary."""
        other = self._other()
        other.stop("immediate")
        shutil.rmtree(other.data, ignore_errors=True)
        conninfo = f"host={LOOPBACK} port={self.primary.port} user={SUPERUSER}"
        program = other.binaries.program("pg_basebackup")
        command = [program, "-d", conninfo, "-D", str(other.data), "-R", "-c", "fast", "-X", "stream", "-N"]
        other.account.run([*command, "--no-manifest"], other.folder)
        through = f"host={LOOPBACK} port={self.replication.port} user={SUPERUSER} application_name=standby"
        with (other.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{through}'\n")
        other.start()
        self.standby, self._others = other, None
        self.wait_for_stream()

    def wait_for_stream(self) -> None:
        """Until the standby streams."""
        with self.admin() as session:
            for _ in range(3000):
                if session.execute("SELECT state FROM pg_stat_replication").fetchone() == ("streaming",):
                    return
                time.sleep(0.02)
        raise SystemExit("the standby does not stream")

    def admin(self, database: str = "postgres", options: str = "") -> psycopg.Connection[TupleRow]:
        """A superuser's session on the primary, by its socket; waits while the server recovers from a crash."""
        end = time.monotonic() + RECOVERS_WITHIN
        while True:
            try:
                return self._admin(database, options)
            except psycopg.OperationalError as error:
                if time.monotonic() > end or not any(each in str(error) for each in RECOVERING):
                    raise
            time.sleep(0.05)

    def admin_or_none(self, database: str = "postgres") -> psycopg.Connection[TupleRow] | None:
        """The same; None while the server takes nobody."""
        try:
            return self._admin(database)
        except psycopg.Error:
            return None

    def _admin(self, database: str, options: str = "") -> psycopg.Connection[TupleRow]:
        return psycopg.connect(self.primary.dsn(database), autocommit=True, connect_timeout=10, options=options)

    def fill_disk(self) -> Path:
        """Leave nothing free on the primary's disk; remove the file to mend it."""
        filler = self.primary.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            for size in (1 << 22, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * size)
        return filler

    def stop(self) -> None:
        """End both, and let go of the disks."""
        for cluster in (self.primary, self._other()):
            cluster.stop("immediate")
        unmount_below(self.folder)


def _wait_for_replay(session: psycopg.Connection[TupleRow]) -> str:
    """Until the standby has replayed all it has received (the last record may be there in part); that place."""
    place, since = "", time.monotonic()
    while time.monotonic() - since < AT_REST:
        row = session.execute("SELECT pg_last_wal_replay_lsn()::text").fetchone()
        if row is not None and str(row[0]) != place:
            place, since = str(row[0]), time.monotonic()
        time.sleep(0.02)
    return place


def _copy(data: Path, to: Path) -> None:
    """Owners and modes too."""
    to.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)


def _mount(place: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", str(place)], check=True)


def sweep_mounts(kind: str) -> None:
    """Unmount what owners of such folders left behind when they were killed."""
    for line in Path("/proc/mounts").read_text().splitlines():
        folder = Path(line.split()[1]).parent
        if folder.name.startswith(f"{kind}-") and folder.is_dir():
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                unmount_below(folder)
            os.close(lock)


def unmount_below(folder: Path) -> None:
    """Unmount what is mounted in the folder."""
    for line in Path("/proc/mounts").read_text().splitlines():
        place = line.split()[1]
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "-l", place], check=False)
