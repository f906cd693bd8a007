"""A PostgreSQL server of our own in a folder: made, started, stopped, crashed, and given a streaming standby.

It runs in a session of its own, listens on a Unix socket in its folder (readable by its account alone) and on the
loopback address. Everybody is trusted; but the superuser comes in by the socket only, unless a test asks for more.
"""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from zdtui.demo.account import Account, server_account
from zdtui.demo.binaries import Binaries, find_binaries
from zdtui.demo.folders import LONGEST_SOCKET_PATH, postmaster_pid
from zdtui.demo.processes import children_of, send, wait_until_gone
from zdtui.errors import EmbeddedServerError

SUPERUSER = "postgres"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
"""How long a start may take before it is given up."""
PORTS = (15_000, 32_000)
"""Below what systems hand out for outgoing connections, so that a stopped server finds its port free again."""

StopMode = Literal["smart", "fast", "immediate"]
STOP_SIGNALS: Mapping[StopMode, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """How a cluster is configured."""

    fsync: bool = True
    max_connections: int = 100
    shared_buffers: str = "128MB"
    superuser_on_loopback: bool = False
    """Let the superuser in by TCP too. Anybody on the machine could then run programs as the server's account."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Any other settings of postgresql.conf."""

    def lines(self) -> list[str]:
        """The lines of postgresql.conf."""
        own = {
            "fsync": "on" if self.fsync else "off",
            "full_page_writes": "on" if self.fsync else "off",
            "max_connections": str(self.max_connections),
            "shared_buffers": self.shared_buffers,
            "max_wal_size": "2GB",
            "wal_keep_size": "64MB",
            "log_line_prefix": "%m [%p] %a ",
            "timezone": "UTC",
        }
        return [f"{name} = '{value}'" for name, value in (own | dict(self.parameters)).items()]

    def access_rules(self) -> list[str]:
        """The lines of pg_hba.conf."""
        superuser = "trust" if self.superuser_on_loopback else "reject"
        return [
            "local all all trust",
            "local replication all trust",
            f"host all {SUPERUSER} {LOOPBACK}/32 {superuser}",
            f"host all all {LOOPBACK}/32 trust",
        ]


@dataclass(slots=True)
class Cluster:
    """One server: its folder holds `data`, the socket and `log`. Not safe for use by two threads at once."""

    folder: Path
    binaries: Binaries
    settings: ClusterSettings
    account: Account
    name: str
    """cluster_name; for a standby also what pg_stat_replication calls it."""
    port: int
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def create(cls, folder: Path, major: int, settings: ClusterSettings | None = None) -> Self:
        """Make the folder and an empty cluster in it, not started. The folder's name is the cluster's.

        Raises EmbeddedServerError when the programs are missing, the path is too long for a socket, or initdb fails.
        """
        return cls.of_binaries(folder, find_binaries(major), settings or ClusterSettings())

    @classmethod
    def of_binaries(cls, folder: Path, binaries: Binaries, settings: ClusterSettings) -> Self:
        """The same with these programs. Raises EmbeddedServerError likewise."""
        cluster = cls.prepared(folder, binaries, settings)
        cluster._initdb()
        _append(cluster.data / "postgresql.conf", cluster.settings.lines())
        (cluster.data / "pg_hba.conf").write_text("\n".join(cluster.settings.access_rules()) + "\n")
        return cluster

    @classmethod
    def prepared(cls, folder: Path, binaries: Binaries, settings: ClusterSettings) -> Self:
        """Make the folder, with a port chosen and no data directory in it yet."""
        socket_path = folder / ".s.PGSQL.65535.lock"
        if len(bytes(socket_path)) > LONGEST_SOCKET_PATH:
            raise EmbeddedServerError(f"the path of the server's socket is too long for the system: {socket_path}")
        account = server_account()
        folder.mkdir(mode=0o700)
        account.own(folder)
        return cls(folder, binaries, settings, account, folder.name, _free_port())

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """The postmaster's pid. Raises EmbeddedServerError when it does not run."""
        pid = postmaster_pid(self.data)
        if pid is None:
            raise EmbeddedServerError(f"the server {self.name} is not running")
        return pid

    @property
    def running(self) -> bool:
        """True while the postmaster lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def log_text(self) -> str:
        """What the server has logged since it was created."""
        log = self.folder / "log"
        return log.read_text(errors="replace") if log.exists() else ""

    def dsn(self, database: str = "postgres", user: str = SUPERUSER, *, tcp: bool = False) -> str:
        """A URI that psycopg, asyncpg and psql all take; by the Unix socket unless `tcp`."""
        if tcp:
            return f"postgresql://{user}@{LOOPBACK}:{self.port}/{quote(database)}"
        return f"postgresql://{user}@/{quote(database)}?host={quote(str(self.folder), safe='')}&port={self.port}"

    def start(self, timeout_seconds: float = START_SECONDS) -> None:
        """Start the server and return when it takes connections. A standby: when it takes read-only ones.

        Raises EmbeddedServerError with the last lines of its log when it does not come up in time.
        """
        if self.running:
            return
        log = self.folder / "log"
        with log.open("ab") as output:
            self.account.own(log)
            self.process = self.account.popen(self._command(), self.folder, output.fileno())
        self._wait_until_ready(self.process, time.monotonic() + timeout_seconds)

    def stop(self, mode: StopMode = "fast", timeout_seconds: float = 30.0) -> None:
        """Stop the server and wait for its end; kill it when the time is over. No error when it is down already."""
        if self.process is None:
            return
        send(self.process.pid, STOP_SIGNALS[mode])
        try:
            self.process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """Crash it: SIGKILL to the postmaster and all its children; returns when none is left."""
        if self.process is None:
            return
        victims = [self.process.pid, *children_of(self.process.pid)]
        for pid in victims:
            send(pid, signal.SIGKILL)
        self.process.wait()
        wait_until_gone(victims, 10)
        self.process = None

    def make_standby(self, folder: Path) -> "Cluster":
        """Make and start a streaming standby in a new folder, named by that folder, with a slot of its own.

        The primary must run. Returns when the standby takes queries; see `zdtui.demo.shop.wait_for_standby`.
        """
        standby = Cluster.prepared(folder, self.binaries, self.settings)
        conninfo = f"host={self.folder} port={self.port} user={SUPERUSER} application_name={standby.name}"
        command = [self.binaries.program("pg_basebackup"), "-d", conninfo, "-D", str(standby.data), "-R"]
        slot = ["-C", "-S", standby.name.replace("-", "_")]
        self.account.run([*command, *slot, "-c", "fast", "-X", "stream", "-N", "--no-manifest"], folder)
        standby.start()
        return standby

    def psql(self, database: str = "postgres") -> list[str]:
        """The command that opens psql on it as the superuser."""
        return [self.binaries.program("psql"), self.dsn(database)]

    def _initdb(self) -> None:
        locale = ["--locale=C"] if self.binaries.major < 17 else ["--locale-provider=builtin", "--locale=C.UTF-8"]
        command = [self.binaries.program("initdb"), "-D", str(self.data), "-U", SUPERUSER, "-E", "UTF8"]
        self.account.run([*command, *locale, "--auth=trust", "--no-sync", "--no-instructions"], self.folder)

    def _command(self) -> list[str]:
        places = ["-D", str(self.data), "-k", str(self.folder), "-h", LOOPBACK, "-p", str(self.port)]
        return [self.binaries.program("postgres"), *places, "-c", f"cluster_name={self.name}"]

    def _wait_until_ready(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        """The postmaster writes its state on line 8 of postmaster.pid, where pg_ctl reads it too (miscadmin.h)."""
        while _postmaster_state(self.data, process.pid) != "ready":
            if process.poll() is not None:
                self.process = None
                raise EmbeddedServerError(f"the server {self.name} did not start: {_last_lines(self.log_text)}")
            if time.monotonic() > deadline:
                self.kill()
                raise EmbeddedServerError(f"the server {self.name} did not start in time: {_last_lines(self.log_text)}")
            time.sleep(0.01)


def _postmaster_state(data: Path, pid: int) -> str:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 and lines[0] == str(pid) else ""


def _free_port() -> int:
    while True:
        port = random.randint(*PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port


def _append(path: Path, lines: list[str]) -> None:
    with path.open("a") as file:
        file.write("\n".join(["", *lines]) + "\n")


def _last_lines(log: str) -> str:
    return " / ".join(log.strip().splitlines()[-5:]) or "its log is empty"
