"""A real PgBouncer in front of a server, as an ordinary account; installed with apt where that can be done."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.demo.account import server_account

PLACES = ("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")


@dataclass(frozen=True)
class Pooler:
    """PgBouncer in front of one database."""

    port: int
    database: str

    @property
    def dsn(self) -> str:
        """The database through it."""
        return f"host=127.0.0.1 port={self.port} user=zdtui dbname={self.database} sslmode=disable"


@pytest.fixture(scope="session")
def pgbouncer() -> str:
    """The program; the test is skipped, with a sentence, where there is none and it cannot be installed."""
    found = shutil.which("pgbouncer") or next((each for each in PLACES if Path(each).exists()), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "pgbouncer"], capture_output=True, check=False, timeout=300)
        found = next((each for each in PLACES if Path(each).exists()), None)
    if found is None:
        pytest.skip("there is no PgBouncer on this machine, and it could not be installed with apt-get")
    return found


@contextmanager
def pooling(program: str, folder: Path, server: Database, mode: str, size: int = 5) -> Iterator[Pooler]:
    """PgBouncer with that pool_mode in front of the server."""
    account, port = server_account(), _free_port()
    config, users = folder / "pgbouncer.ini", folder / "users.txt"
    users.write_text('"zdtui" ""\n"postgres" ""\n')
    config.write_text(
        f"[databases]\n{server.name} = host={server.cluster.folder} port={server.cluster.port} dbname={server.name}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {users}\npool_mode = {mode}\ndefault_pool_size = {size}\nmax_client_conn = 100\n"
        f"logfile = {folder / 'log'}\npidfile =\n"
    )
    for path in (folder, config, users):
        account.own(path)
    for path in (folder, *folder.parents):
        if path.owner() == "root" or path == folder:
            os.chmod(path, path.stat().st_mode | 0o055) if str(path).startswith("/tmp/") else None
    process = account.popen([program, str(config)], folder)
    try:
        _until_it_listens(process, port, folder)
        yield Pooler(port, server.name)
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    log = folder / "log"
    pytest.fail(f"PgBouncer does not listen: {log.read_text() if log.exists() else 'no log'}")


def pooled_sessions(server: Database) -> list[tuple[object, ...]]:
    """What the pool's sessions on the server hold that a pooled application would meet."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        return connection.execute(
            "SELECT l.locktype FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()
