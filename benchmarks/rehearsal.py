"""What a folder's rehearsal costs beside psql and pg_dump by hand: `python benchmarks/rehearsal.py [--migrations N]`.

A folder of golang-migrate's with usual migrations, each with a way down: up, down and up again, and whether the schema
is back. By `zdtui rehearse --import`, judged by fingerprints; and by hand: pg_dump, psql up, psql down, pg_dump, the
two texts compared, psql up. Both on one server, each in an empty database of its own, migration by migration in turns,
so that whatever else the machine does is in both. Starting the server is not counted. Prints one JSON line last.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

from benchmarks.machine import machine
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.importing.tools import read_folder
from zdtui.postgres.target.target import Target
from zdtui.rehearse.folder.going import rehearse_folder
from zdtui.rehearse.folder.judged import JudgedMigration, Judgement

MIGRATIONS = (
    (
        "CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, made timestamptz"
        " DEFAULT now(), CHECK (name <> ''));",
        "DROP TABLE t{n};",
    ),
    ("ALTER TABLE t{t} ADD COLUMN c{n} integer NOT NULL DEFAULT 0;", "ALTER TABLE t{t} DROP COLUMN c{n};"),
    ("CREATE INDEX i{n} ON t{t} (name, made);", "DROP INDEX i{n};"),
    (
        "CREATE TABLE t{n} (id bigint PRIMARY KEY, of bigint NOT NULL REFERENCES t{t} ON DELETE CASCADE);"
        " CREATE INDEX ON t{n} (of);",
        "DROP TABLE t{n};",
    ),
    ("CREATE VIEW v{n} AS SELECT id, upper(name) AS name FROM t{t};", "DROP VIEW v{n};"),
    (
        "CREATE FUNCTION f{n}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := ''; RETURN NEW; END $$;"
        " CREATE TRIGGER g{n} BEFORE UPDATE ON t{t} FOR EACH ROW EXECUTE FUNCTION f{n}();",
        "DROP FUNCTION f{n} CASCADE;",
    ),
    ("ALTER TABLE t{t} ADD CONSTRAINT k{n} CHECK (id > 0) NOT VALID;", "ALTER TABLE t{t} DROP CONSTRAINT k{n};"),
    (
        "CREATE TYPE e{n} AS ENUM ('new', 'old'); ALTER TABLE t{t} ADD s{n} e{n};",
        "ALTER TABLE t{t} DROP s{n}; DROP TYPE e{n};",
    ),
    (
        "GRANT SELECT ON t{t} TO PUBLIC; COMMENT ON TABLE t{t} IS 'read by all';",
        "REVOKE SELECT ON t{t} FROM PUBLIC; COMMENT ON TABLE t{t} IS NULL;",
    ),
    ("ALTER TABLE t{t} RENAME made TO made_{n};", "ALTER TABLE t{t} RENAME made_{n} TO made;"),
)
SETTINGS = ClusterSettings(fsync=False, shared_buffers="128MB", parameters={"autovacuum": "off"})
BY_HAND = "by_hand"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--migrations", type=int, default=300)
    count = parser.parse_args().migrations
    owned = claim_folder("zdtui-bench")
    try:
        cluster = Cluster.create(owned.path / "bench", 18, SETTINGS)
        cluster.start()
        with tempfile.TemporaryDirectory() as folder:
            scripts = _write(Path(folder), count)
            ours, by_hand, exact = _in_turns(cluster, Path(folder), scripts)
        cluster.stop("immediate")
    finally:
        owned.remove()
    figures = {"migrations": count, "exact": exact, "seconds": round(ours, 2), "seconds_psql": round(by_hand, 2)}
    print(json.dumps(machine(), indent=2))
    print(json.dumps({"benchmark": "rehearsal", **figures, "ratio_psql": round(ours / by_hand, 2)}))


def _write(folder: Path, count: int) -> list[tuple[Path, Path]]:
    """The folder's files; each migration works on the table of the last that made one of its kind."""
    found = []
    for number in range(count):
        up, down = MIGRATIONS[number % len(MIGRATIONS)]
        table = number - number % len(MIGRATIONS)
        paths = folder / f"{number:05}_m.up.sql", folder / f"{number:05}_m.down.sql"
        for path, text in zip(paths, (up, down), strict=True):
            path.write_text(text.replace("{n}", str(number)).replace("{t}", str(table)) + "\n")
        found.append(paths)
    return found


def _in_turns(cluster: Cluster, folder: Path, scripts: list[tuple[Path, Path]]) -> tuple[float, float, int]:
    """Seconds of ours, seconds by hand, and how many were called exact by both."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {BY_HAND} TEMPLATE template0".encode())
    by_hand = [0.0]
    verdicts: list[Judgement] = []
    exact = 0

    def then_by_hand(migration: JudgedMigration) -> None:
        """Each migration by hand right after ours; the time it takes is not ours."""
        nonlocal exact
        began = time.monotonic()
        same = _by_hand(cluster, *scripts[len(verdicts)])
        by_hand[0] += time.monotonic() - began
        verdicts.append(migration.verdict)
        exact += same and migration.verdict is Judgement.EXACT

    began = time.monotonic()
    asyncio.run(rehearse_folder(read_folder(folder), None, Target(cluster.dsn()), then_by_hand))
    return time.monotonic() - began - by_hand[0], by_hand[0], exact


def _by_hand(cluster: Cluster, up: Path, down: Path) -> bool:
    before = _dump(cluster)
    _psql(cluster, up)
    _psql(cluster, down)
    same = _dump(cluster) == before
    _psql(cluster, up)
    return same


def _dump(cluster: Cluster) -> bytes:
    command = [cluster.binaries.program("pg_dump"), "--schema-only", "--restrict-key=x", cluster.dsn(BY_HAND)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _psql(cluster: Cluster, script: Path) -> None:
    command = [*cluster.psql(BY_HAND), "--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f"]
    subprocess.run([*command, str(script)], check=True, capture_output=True)


if __name__ == "__main__":
    main()
