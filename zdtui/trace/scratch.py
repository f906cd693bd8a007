"""A scratch server that holds the target's schema and no row of it, gone when the trace is over."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from zdtui.demo.binaries import INSTALLS
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder, sweep_leftovers
from zdtui.postgres.encoding import SQL_ASCII, UTF8, sql_bytes

KIND = "zdtui-trace"
DATABASE = "traced"
SETTINGS = ClusterSettings(
    fsync=False, shared_buffers="32MB", max_connections=30, parameters={"wal_level": "logical", "autovacuum": "off"}
)
HARMLESS = ('unrecognized configuration parameter "transaction_timeout"', 'schema "public" already exists')
MISSING_EXTENSION = ("is not available", "Could not open extension control file")
NAMED_COMPLAINTS = 5
PROVIDERS_FROM = 15
"""The first major version whose CREATE DATABASE is told the provider of its locale."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """The copy: where it is, which version, and what of the schema could not be copied."""

    cluster: Cluster
    complaints: tuple[str, ...] = ()

    @property
    def dsn(self) -> str:
        """The copied database, as its superuser."""
        return self.cluster.dsn(DATABASE)


def scratch_major(target_major: int) -> int:
    """The embedded PostgreSQL a server of that version is traced on: the same, or the next newer one that there is.

    A target newer than all is traced on the newest: what differs is said in the trace's notes.
    """
    return min((major for major in INSTALLS if major >= target_major), default=max(INSTALLS))


@contextmanager
def scratch_server(major: int, schema: str, roles: Sequence[str], encoding: str = UTF8) -> Iterator[Scratch]:
    """A server of that version with this schema in it. Raises EmbeddedServerError when it cannot be had.

    `encoding`: the target's. A copy of SQL_ASCII knows no characters either; any other is copied into UTF-8.
    """
    sweep_leftovers(KIND)
    folder = claim_folder(KIND)
    try:
        cluster = Cluster.create(folder.path / "scratch", major, SETTINGS)
        cluster.start()
        try:
            _make_roles(cluster, roles)
            yield Scratch(cluster, restore(cluster, schema, encoding))
        finally:
            cluster.stop("immediate")
    finally:
        folder.remove()


def restore(cluster: Cluster, schema: str, encoding: str = UTF8) -> tuple[str, ...]:
    """Put the schema into the scratch database; what could not be, a sentence each."""
    bytes_only = " TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    if cluster.binaries.major >= PROVIDERS_FROM:
        bytes_only += " LOCALE_PROVIDER libc"
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
        connection.execute(create + sql.SQL(bytes_only if encoding == SQL_ASCII else ""))
    command = [*cluster.psql(DATABASE), "--no-psqlrc", "--quiet", "--file=-"]
    done = subprocess.run(command, input=sql_bytes(schema), capture_output=True, check=False)
    return complaints(done.stderr.decode(errors="backslashreplace"))


def complaints(stderr: str) -> tuple[str, ...]:
    """What psql complained of, without what follows from nothing; missing extensions first, the rest counted."""
    lines = [line.split("ERROR:", 1)[1].strip() for line in stderr.splitlines() if "ERROR:" in line]
    told = [line for line in dict.fromkeys(lines) if not any(each in line for each in HARMLESS)]
    missing = [line for line in told if any(each in line for each in MISSING_EXTENSION)]
    others = [line for line in told if line not in missing]
    counted = [f"and {len(others) - NAMED_COMPLAINTS} more"] if len(others) > NAMED_COMPLAINTS else []
    return (*missing, *others[:NAMED_COMPLAINTS], *counted)


def _make_roles(cluster: Cluster, roles: Sequence[str]) -> None:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_catalog.pg_roles")}
        for role in roles:
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} SUPERUSER").format(sql.Identifier(role)))
