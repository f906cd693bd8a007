"""Begins a run with the version that is imported, stops in the middle, and writes the database as SQL.

Run it in a checkout of the version before, once, when there is a new version (CONTRIBUTING.md, *A release*):

    git worktree add ../before v0.1.0
    cd ../before && PYTHONPATH=. python ../zdtui/tests/upgrade/begin.py 0.1.0

`paused` is a run that a person paused in the middle of its backfill and left; `killed` is what a server that lost its
console in the middle of a batch shows to the next one. It uses only what every version has.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from tests.integration.run.driver import Driver, c
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.shop import OPERATOR, create_roles
from zdtui.plan.load import load_plan

HERE = Path(__file__).parent
MAJOR = 16
"""Its pg_dump writes what 14 reads as well."""
ROWS = 200
HELD = 130
"""The row that somebody else holds, so that the backfill stands still in the middle."""
MADE = f"""
CREATE TABLE account (id int PRIMARY KEY, email text NOT NULL);
INSERT INTO account SELECT g, CASE WHEN g % 50 = 0 THEN 'NOBODY' ELSE 'User' || g || '@Example.org' END
  FROM generate_series(1, {ROWS}) AS g;
"""


def dumped(cluster: Cluster, database: str) -> str:
    """The database as INSERTs, without the commands of psql and what is different at each run."""
    words = [cluster.binaries.program("pg_dump"), "--inserts", "--no-owner", "--no-acl", cluster.dsn(database)]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    kept = (
        line for line in text.splitlines() if not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    )
    return "\n".join(line for line in kept if line) + "\n"


async def begun(cluster: Cluster, database: str, *, paused: bool) -> str:
    """The database after the run was begun in it."""
    dsn = cluster.dsn(database, OPERATOR)
    async with contextlib.AsyncExitStack() as until_dumped:
        holder = await psycopg.AsyncConnection.connect(dsn)
        until_dumped.push_async_callback(holder.close)
        driver = Driver(load_plan(str(HERE / "plan.yaml")), dsn)
        await until_dumped.enter_async_context(driver)
        for name in ("not-there-yet", "add", "index"):
            state = await driver.run(name)
            assert state.status == "done", state
        await holder.execute(f"SELECT FROM account WHERE id = {HELD} FOR UPDATE".encode())
        driver.start("fill")
        await driver.until(lambda: filled(dsn) >= HELD - 50)
        if not paused:
            return dumped(cluster, database)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.stage.working is None)
        await driver.__aexit__()
        return dumped(cluster, database)


def filled(dsn: str) -> int:
    """How many rows have their key."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM account WHERE email_key IS NOT NULL").fetchone()
        return int(row[0]) if row else 0


def main(version: str) -> None:
    """Write `begun/VERSION-paused.sql` and `begun/VERSION-killed.sql`."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="zdtui-upgrade-") as made:
        Path(made).chmod(0o755)
        cluster = Cluster.create(Path(made) / "pg", MAJOR, ClusterSettings(fsync=False))
        cluster.start()
        try:
            create_roles(cluster)
            for name in ("paused", "killed"):
                with psycopg.connect(cluster.dsn(user=SUPERUSER), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name} OWNER {OPERATOR}".encode())
                with psycopg.connect(cluster.dsn(name, OPERATOR)) as connection:
                    connection.execute(MADE.encode())
                text = asyncio.run(begun(cluster, name, paused=name == "paused"))
                (HERE / "begun" / f"{version}-{name}.sql").write_text(text, "utf-8")
        finally:
            cluster.stop("immediate")


if __name__ == "__main__":
    main(sys.argv[1])
