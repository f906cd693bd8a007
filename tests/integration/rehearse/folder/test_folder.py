"""A folder as a test: which ways down bring the schema back, told of each migration, on after a failure."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.demo.folders import sweep_leftovers
from zdtui.errors import TargetError
from zdtui.importing.tools import read_folder
from zdtui.postgres.target.target import Target
from zdtui.rehearse.folder.going import rehearse_folder
from zdtui.rehearse.folder.judged import JudgedFolder, JudgedMigration
from zdtui.rehearse.folder.place import DATABASE, KIND

FOLDER: dict[str, tuple[str, str | None, str, str]] = {
    "01_users": ("CREATE TABLE users (id serial PRIMARY KEY, mail text CHECK (mail <> ''))", "DROP TABLE users", "exact", ""),
    "02_seed": ("INSERT INTO users (mail) VALUES ('a')", "DELETE FROM users", "exact but", "sequence position: public.users_id_seq"),
    "03_trgm": ("CREATE EXTENSION no_such; CREATE TABLE words (w something)", "DROP TABLE words", "skipped", "no extension no_such"),
    "04_word": ("ALTER TABLE words ADD n int", "ALTER TABLE words DROP n", "skipped", "it needs 03_trgm, which was skipped"),
    "05_type": ("CREATE TABLE t (w nothing)", "DROP TABLE t", "skipped", "may be of the missing extension no_such"),
    "06_lossy": ("ALTER TABLE users DROP CONSTRAINT users_mail_check", "SELECT 1", "differs", "-     CONSTRAINT users_mail_check"),
    "07_order": ("ALTER TABLE users DROP id", "ALTER TABLE users ADD id serial PRIMARY KEY", "exact but", "column order: public.users"),
    "08_index": ("CREATE INDEX CONCURRENTLY i ON users (mail)", "DROP INDEX CONCURRENTLY i", "exact", ""),
    "09_wrong": ("CREATE TABLE w (a int)", "DROP TABLE ww", "failed", 'its way down: table "ww" does not exist'),
    "10_error": ("CREATE TABLE z (a int); SELECT 1 / 0", "DROP TABLE z", "failed", "division by zero"),
    "11_after": ("ALTER TABLE z ADD b int", "ALTER TABLE z DROP b", "failed", '"z" does not exist (10_error failed'),
    "12_twice": ("CREATE TABLE IF NOT EXISTS u (a int); CREATE TABLE x (a int)", "DROP TABLE u", "differs", "run again: relation"),
    "13_needs": ("ALTER TABLE u ADD b int; ALTER TABLE x ADD b int", "ALTER TABLE x DROP b; ALTER TABLE u DROP b", "exact", ""),
    "14_alone": ("CREATE TABLE alone (a int)", None, "no way down", ""),
    "15_grant": ("GRANT SELECT ON users TO PUBLIC", "SELECT 1", "differs", "+ GRANT SELECT ON TABLE public.users TO PUBLIC"),
    "16_names": (
        "ALTER TABLE alone ADD CONSTRAINT c CHECK (a > 0); SET search_path = nowhere",
        "ALTER TABLE alone DROP CONSTRAINT c",
        "exact",
        "",
    ),
}  # fmt: skip


def written(folder: Path, names: tuple[str, ...] = tuple(FOLDER)) -> Path:
    for name in names:
        up, down, *_ = FOLDER[name]
        (folder / f"{name}.up.sql").write_text(f"{up};\n")
        if down is not None:
            (folder / f"{name}.down.sql").write_text(f"{down};\n")
    return folder


async def rehearsed(folder: Path, database: Database, first: str | None = None) -> JudgedFolder:
    told: list[JudgedMigration] = []
    judged = await rehearse_folder(read_folder(folder), first, Target(database.dsn("postgres")), told.append)
    assert tuple(told) == judged.migrations
    return judged


def wait_until_nobody_works(database: Database) -> None:
    while database.execute(f"SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = '{DATABASE}'") != [(0,)]:
        time.sleep(0.01)


async def test_each_way_down_is_judged_and_a_failure_stops_nothing(server18: Database, tmp_path: Path) -> None:
    judged = await rehearsed(written(tmp_path), server18)
    assert [(each.name, each.verdict) for each in judged.migrations] == [(n, v) for n, (_, _, v, _) in FOLDER.items()]
    for each in judged.migrations:
        assert FOLDER[each.name][3] in each.difference
        assert bool(each.difference) == (each.verdict not in ("exact", "no way down"))
    assert not judged.is_proven
    left = "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = '{}'"
    assert server18.execute(left.format(DATABASE)) == [(0,)]


async def test_those_before_are_only_run_up(server18: Database, tmp_path: Path) -> None:
    judged = await rehearsed(written(tmp_path, ("01_users", "06_lossy", "14_alone", "15_grant")), server18, "15")
    assert [each.name for each in judged.migrations] == ["15_grant"]
    assert judged.migrations[0].verdict == "differs"


async def test_what_a_killed_rehearsal_left_is_cleaned_up_unless_somebody_works_in_it(
    server18: Database, tmp_path: Path
) -> None:
    folder = written(tmp_path, ("01_users",))
    server18.execute(f"CREATE DATABASE {DATABASE}", "postgres")
    with psycopg.connect(server18.cluster.dsn(DATABASE)) as somebody:
        somebody.execute("SELECT 1")
        with pytest.raises(TargetError, match=f"another rehearsal works in the database {DATABASE}"):
            await rehearsed(folder, server18)
    wait_until_nobody_works(server18)
    assert (await rehearsed(folder, server18)).is_proven


def test_the_command_tells_it_as_json_and_makes_the_roles_that_are_missing(tmp_path: Path) -> None:
    written(tmp_path, ("01_users", "15_grant"))
    (tmp_path / "16_role.up.sql").write_text("GRANT UPDATE ON users TO app;")
    (tmp_path / "16_role.down.sql").write_text("REVOKE UPDATE ON users FROM app;")
    command = [sys.executable, "-m", "zdtui", "rehearse", "--import", str(tmp_path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    seen = [(each["name"], each["verdict"], bool(each["difference"])) for each in told["migrations"]]
    assert seen == [("01_users", "exact", False), ("15_grant", "differs", True), ("16_role", "exact", False)]
    assert told["notes"] == ["role app was made, because 16_role.up.sql takes it to be there"]
    assert sweep_leftovers(KIND) == []


async def test_a_role_that_stays_is_said_and_one_that_may_make_no_database_is_told(
    server18: Database, tmp_path: Path
) -> None:
    (tmp_path / "1_role.up.sql").write_text("CREATE ROLE stays;")
    (tmp_path / "1_role.down.sql").write_text("SELECT 1;")
    try:
        judged = await rehearsed(tmp_path, server18)
        assert [each.verdict for each in judged.migrations] == ["differs"]
        assert "after its way down it cannot be run again" in judged.migrations[0].difference
        assert judged.notes == ("role stays was made by a migration and stays on the server",)
    finally:
        server18.execute("DROP ROLE IF EXISTS stays", "postgres")
    with pytest.raises(TargetError, match=f"no database {DATABASE} could be made on"):
        await rehearse_folder(read_folder(tmp_path), None, Target(server18.dsn()), lambda migration: None)
