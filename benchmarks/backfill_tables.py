"""The tables backfills are measured on: each is built once in a template database, and every run gets a copy of it."""

import os
import tempfile
import time
from dataclasses import dataclass

import psycopg

from zdtui.demo.embedded import Cluster


@dataclass(frozen=True, slots=True)
class Table:
    """A table `t` whose column `x` is to be filled from `a`."""

    name: str
    rows: int
    pad: int = 80
    """Characters of a column that stays as it is."""
    indexes: int = 2
    """Besides the primary key."""
    fillfactor: int = 100

    @property
    def template(self) -> str:
        """Its template database."""
        return f"template_{self.name}_{self.rows}"


def build(cluster: Cluster, table: Table) -> None:
    """Build its template database."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {table.template}")
    with psycopg.connect(cluster.dsn(table.template), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL, email text NOT NULL, pad text, x text)"
            f" WITH (fillfactor = {table.fillfactor}, autovacuum_enabled = off)"
        )
        connection.execute(
            f"INSERT INTO t SELECT g, g % 1000, 'user' || g || '@example.com', repeat('p', {table.pad})"
            f" FROM generate_series(1, {table.rows}) AS g"
        )
        for column in ("email", "a", "pad", "(lower(email))")[: table.indexes]:
            connection.execute(f"CREATE INDEX ON t ({column})")
        connection.execute("VACUUM (ANALYZE) t")


def settled() -> None:
    """Wait until the disk is quiet again: twenty small writes in a row, each safe within 3 ms, or 5 seconds."""
    end, quick = time.monotonic() + 5.0, 0
    with tempfile.TemporaryFile() as file:
        while quick < 20 and time.monotonic() < end:
            began = time.perf_counter()
            file.write(b"x" * 8192)
            file.flush()
            os.fsync(file.fileno())
            quick = quick + 1 if time.perf_counter() - began < 0.003 else 0
            time.sleep(0.02)


def fresh(cluster: Cluster, table: Table) -> str:
    """A copy of it in a database of its own, with a quiet disk; the DSN."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS run WITH (FORCE)")
        connection.execute(f"CREATE DATABASE run TEMPLATE {table.template} STRATEGY FILE_COPY")
        connection.execute("CHECKPOINT")
    os.sync()
    settled()
    with psycopg.connect(cluster.dsn("run"), autocommit=True) as connection:
        connection.execute("SELECT count(*), sum(length(pad)) FROM t")
    return cluster.dsn("run")
