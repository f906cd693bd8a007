"""A server that counts statements: one whose programs come with pg_stat_statements, as a distribution's do."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fix_db import NAMED, SETTINGS, Database, _database, _running, major_of
from zdtui.demo.binaries import Binaries
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import OwnedFolder

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
"""Where Debian's packages put them."""
MOST = 300
"""pg_stat_statements.max, small enough to be overrun in a moment."""
COUNTS = ClusterSettings(
    fsync=False,
    max_connections=SETTINGS.max_connections,
    shared_buffers=SETTINGS.shared_buffers,
    superuser_on_loopback=True,
    parameters={
        **SETTINGS.parameters,
        "shared_preload_libraries": "pg_stat_statements",
        "pg_stat_statements.max": str(MOST),
    },
)
SHOP = """
CREATE TABLE orgs (id int PRIMARY KEY, name text, title text);
CREATE TABLE users (id int PRIMARY KEY, name text, email text, org_id int REFERENCES orgs);
CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, total int);
INSERT INTO orgs VALUES (1, 'o', 't');
INSERT INTO users SELECT g, 'u' || g, 'e' || g, 1 FROM generate_series(1, 5) g;
CREATE INDEX users_name ON users (name);
"""


@dataclass(frozen=True)
class Counting(Database):
    """A database with the extension in a schema of its own, whose owner sees all statements."""

    def restart(self) -> None:
        """Stop the server as a person does, and start it."""
        self.cluster.stop("fast")
        self.cluster.start()


@pytest.fixture(scope="session")
def counting_cluster(server_folder: OwnedFolder) -> Iterator[Cluster]:
    """The server; tests are skipped, with a sentence, where no installed PostgreSQL comes with pg_stat_statements."""
    found = next((each for each in (*NAMED, *INSTALLED) if _has_it(each)), None)
    if found is None:
        pytest.skip("no PostgreSQL on this machine comes with pg_stat_statements (Debian: apt install postgresql)")
    cluster = Cluster.of_binaries(server_folder.path / "counting", Binaries(major_of(found), found), COUNTS)
    with _running(cluster):
        Database(cluster, "postgres").execute("GRANT pg_read_all_stats TO zdtui", "postgres")
        yield cluster


@pytest.fixture
def counting(counting_cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Counting]:
    """A fresh shop whose statements are counted from now on."""
    counting_cluster.start()
    with _database(counting_cluster, request) as made:
        database = Counting(made.cluster, made.name)
        database.execute(SHOP)
        database.execute("CREATE SCHEMA stats; CREATE EXTENSION pg_stat_statements SCHEMA stats", "postgres")
        database.execute("GRANT USAGE ON SCHEMA stats TO zdtui; SELECT stats.pg_stat_statements_reset()", "postgres")
        yield database


def _has_it(folder: Path) -> bool:
    beside = (folder.parent / "lib", folder.parent / "lib" / "postgresql")
    return os.access(folder / "postgres", os.X_OK) and any((each / "pg_stat_statements.so").exists() for each in beside)
