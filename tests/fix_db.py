"""Real servers in one line: `server` (16 and 18), `server18`, `primary_with_standby`, `shop`.

ZDTUI_TEST_POSTGRES=/usr/lib/postgresql/15/bin makes `server` that one instead (several are set apart by colons). Each test gets a database of its own on a server that its pytest worker starts once, when a test first asks for it.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow

from zdtui.demo.binaries import Binaries, find_binaries
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import OwnedFolder, claim_folder, sweep_leftovers
from zdtui.demo.shop import OPERATOR, create_roles, create_shop, wait_for_standby

FOLDERS = "zdtui-test"
SHOP_USERS = 3_000
SHOP_TEMPLATE = "shop_template"
PARAMETERS_ARE_GRANTED = 15
"""From this version on a role can be allowed to set a superuser's parameter."""


def major_of(folder: Path) -> int:
    """The version of the programs in a bin folder, asked of them."""
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\) (\d+)", told)
    assert found is not None, f"{folder}: {told}"
    return int(found[1])


SETTINGS = ClusterSettings(
    fsync=False,
    max_connections=60,
    shared_buffers="16MB",
    superuser_on_loopback=True,
    parameters={"max_prepared_transactions": "5", "wal_retrieve_retry_interval": "100ms"},
)
NAMED = [Path(each) for each in os.environ.get("ZDTUI_TEST_POSTGRES", "").split(os.pathsep) if each]
SERVERS: list[int | Path] = list(NAMED) or [16, 18]
SERVER_IDS = [f"pg{major_of(each) if isinstance(each, Path) else each}" for each in SERVERS]
_numbers = itertools.count(1)


class Clusters:
    """Servers by major version (of the wheel that carries them) or by their bin folder; they stop with the stack."""

    def __init__(self, folder: Path, until_the_end: ExitStack) -> None:
        self._folder, self._until_the_end = folder, until_the_end
        self._started: dict[int | Path, Cluster] = {}

    def of(self, which: int | Path) -> Cluster:
        """That server; it runs. Make databases in it, never stop it."""
        if which not in self._started:
            major = major_of(which) if isinstance(which, Path) else which
            binaries = Binaries(major, which) if isinstance(which, Path) else find_binaries(which)
            folder = self._folder / f"pg{major}{'-named' if isinstance(which, Path) else ''}"
            made = Cluster.of_binaries(folder, binaries, SETTINGS)
            self._started[which] = self._until_the_end.enter_context(_running(made))
        return self._started[which]


@dataclass(frozen=True)
class Database:
    """A database of one test's own, owned by the role `zdtui`."""

    cluster: Cluster
    name: str

    @property
    def pid(self) -> int:
        """The postmaster's."""
        return self.cluster.pid

    def dsn(self, user: str = OPERATOR, *, tcp: bool = False) -> str:
        """A URI for psycopg, asyncpg and psql; by the Unix socket unless `tcp`."""
        return self.cluster.dsn(self.name, user, tcp=tcp)

    def connect(self, user: str = OPERATOR) -> psycopg.Connection[TupleRow]:
        """A new psycopg connection in autocommit; the caller closes it (`with`)."""
        return psycopg.connect(self.dsn(user), autocommit=True)

    async def aconnect(self, user: str = OPERATOR) -> psycopg.AsyncConnection[TupleRow]:
        """The same, asynchronous."""
        return await psycopg.AsyncConnection.connect(self.dsn(user), autocommit=True)

    def execute(self, statement: str, user: str = OPERATOR) -> list[TupleRow]:
        """Run SQL on a connection of its own and return the rows of the (last) result, if it has any."""
        with self.connect(user) as connection:
            cursor = connection.execute(statement.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class ReplicatedDatabase(Database):
    """A database on a primary that streams to `standby`. A test may stop or kill the standby; it is mended after."""

    standby: Cluster

    @property
    def primary(self) -> Cluster:
        """The same as `cluster`."""
        return self.cluster

    def standby_dsn(self, user: str = OPERATOR, *, tcp: bool = False) -> str:
        """The same database on the standby, read-only."""
        return self.standby.dsn(self.name, user, tcp=tcp)

    def wait_for_replay(self) -> None:
        """Wait until the standby shows everything committed on the primary so far. The test's timeout is the limit."""
        with psycopg.connect(self.cluster.dsn(), autocommit=True) as primary:
            written = primary.execute("SELECT pg_catalog.pg_current_wal_lsn()::text").fetchone()
        question = "SELECT pg_catalog.pg_last_wal_replay_lsn() >= %s::pg_lsn"
        with psycopg.connect(self.standby.dsn(), autocommit=True) as standby:
            while standby.execute(question, written).fetchone() != (True,):
                time.sleep(0.01)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[OwnedFolder]:
    """Where this worker's servers live; everything in it is stopped and removed at the end, whatever happened."""
    sweep_leftovers(FOLDERS)
    folder = claim_folder(FOLDERS)
    try:
        yield folder
    finally:
        folder.remove()


@pytest.fixture(scope="session")
def clusters(server_folder: OwnedFolder) -> Iterator[Clusters]:
    """The servers that `server` is made on, each started when it is first asked for."""
    with ExitStack() as until_the_end:
        yield Clusters(server_folder.path, until_the_end)


@pytest.fixture(scope="session")
def cluster18(clusters: Clusters) -> Cluster:
    """PostgreSQL 18, shared by the tests of this worker: make databases in it, never stop it."""
    return clusters.of(18)


@pytest.fixture(params=SERVERS, ids=SERVER_IDS)
def server(clusters: Clusters, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh empty database, once on PostgreSQL 16 and once on 18, or on the servers that the environment names."""
    with _database(clusters.of(request.param), request) as database:
        yield database


@pytest.fixture
def server18(cluster18: Cluster, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh empty database on PostgreSQL 18."""
    with _database(cluster18, request) as database:
        yield database


@pytest.fixture(scope="session")
def shop_cluster(cluster18: Cluster) -> Cluster:
    """PostgreSQL 18 with the small shop as a template."""
    create_shop(cluster18, SHOP_USERS, SHOP_TEMPLATE)
    return cluster18


@pytest.fixture
def shop(shop_cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh shop of 3 000 users, 2 000 orders and as many items, 50 products, on PostgreSQL 18."""
    with _database(shop_cluster, request, SHOP_TEMPLATE) as database:
        yield database


@pytest.fixture(scope="session")
def replicated(server_folder: OwnedFolder) -> Iterator[tuple[Cluster, Cluster]]:
    """A PostgreSQL 18 primary and its standby; ask for `primary_with_standby` instead."""
    with _running(Cluster.create(server_folder.path / "primary", 18, SETTINGS)) as primary:
        standby = primary.make_standby(server_folder.path / "standby-a")
        try:
            yield primary, standby
        finally:
            standby.stop("immediate")


@pytest.fixture
def primary_with_standby(
    replicated: tuple[Cluster, Cluster], request: pytest.FixtureRequest
) -> Iterator[ReplicatedDatabase]:
    """A fresh database on a PostgreSQL 18 primary that streams to `standby-a`."""
    primary, standby = replicated
    primary.start()
    standby.start()
    wait_for_standby(primary, standby.name)
    with _database(primary, request) as database:
        replicated_database = ReplicatedDatabase(primary, database.name, standby)
        replicated_database.wait_for_replay()
        yield replicated_database
        primary.start()


@contextmanager
def _running(cluster: Cluster) -> Iterator[Cluster]:
    cluster.start()
    try:
        create_roles(cluster)
        if cluster.binaries.major >= PARAMETERS_ARE_GRANTED:
            _as_superuser(cluster, sql.SQL("GRANT SET ON PARAMETER deadlock_timeout TO zdtui"))
        yield cluster
    finally:
        cluster.stop("immediate")


@contextmanager
def _database(cluster: Cluster, request: pytest.FixtureRequest, template: str = "template0") -> Iterator[Database]:
    """Make a database named after the test, and drop it with whoever is still in it."""
    name = f"{re.sub(r'[^a-z0-9]+', '_', request.node.name.lower())[:40]}_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    _as_superuser(cluster, create.format(sql.Identifier(name), sql.Identifier(OPERATOR), sql.Identifier(template)))
    try:
        yield Database(cluster, name)
    finally:
        if cluster.running:
            _as_superuser(cluster, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _as_superuser(cluster: Cluster, statement: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(cluster.dsn(user=SUPERUSER), autocommit=True) as connection:
        connection.execute(statement)
