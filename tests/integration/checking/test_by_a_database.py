"""`zdtui check --dsn`: the tables that are there count, their weight is told in every form, and nothing is written."""

import json
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.fix_db import Database
from tests.unit.evidence.made import FORWARD, evidence, seen
from zdtui.cli.check import command
from zdtui.evidence.file import evidence_path, write
from zdtui.evidence.model import RelationSize
from zdtui.plan.load import load_plan
from zdtui.postgres.sessions.connect import Target
from zdtui.watch.one_look import reading

GIVEN = """
CREATE TABLE org (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, org_id bigint REFERENCES org, score int);
CREATE VIEW names AS SELECT id, name FROM users;
INSERT INTO users SELECT g, 'n' FROM generate_series(1, 3000) AS g;
ANALYZE users
"""
FILES = {
    "1.sql": "CREATE TABLE tags (id bigint PRIMARY KEY, name text);\n",
    "2.sql": "CREATE INDEX tags_name ON tags (name);\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\n"
    "ALTER TABLE users ALTER COLUMN score SET NOT NULL;\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations, of which the second uses what the first made."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def check(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["--no-squawk", *map(str, arguments)])


def hazards(result: Result) -> list[dict[str, Any]]:
    return [
        {**hazard, "text": each["text"]}
        for each in json.loads(result.stdout)["statements"]
        for hazard in each["hazards"]
    ]


def test_what_the_database_knows_counts_and_is_weighed(server: Database, folder: Path) -> None:
    server.execute(GIVEN)
    with server.connect() as holder:
        holder.execute("BEGIN; SELECT 1 FROM users LIMIT 1")
        result = check("--dsn", server.dsn(), "--format", "json", folder)
    assert result.exit_code == 1, result.output
    stops = [each for each in hazards(result) if each["severity"] == "stop"]
    assert [(each["rule"], each["text"]) for each in stops] == [
        ("create-index-blocks-writes", "CREATE INDEX tags_name ON tags (name)"),
        ("set-not-null", "ALTER TABLE users ALTER COLUMN score SET NOT NULL"),
    ]
    assert stops[0]["weight"] == "", "the table is not there yet"
    assert stops[1]["weight"].startswith("ACCESS EXCLUSIVE on users (") or "public.users (" in stops[1]["weight"]
    for told in ("3 000 rows", "0 writes/s", "1 transaction would make it wait", "1 index"):
        assert told in stops[1]["weight"]


@pytest.mark.parametrize("form", ["text", "sarif", "github"])
def test_each_form_tells_the_weight(server18: Database, folder: Path, form: str) -> None:
    server18.execute(GIVEN)
    said = " ".join(check("--dsn", server18.dsn(), "--format", form, folder).stdout.split())
    assert "3 000 rows, 0 writes/s): nobody would make it wait now" in said


FOLLOWING = """
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER scored BEFORE UPDATE OF score ON users FOR EACH ROW EXECUTE FUNCTION touched();
CREATE TRIGGER other BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION touched();
CREATE POLICY high ON users USING (score > 1);
CREATE VIEW scores AS SELECT score FROM users;
ALTER TABLE users ADD COLUMN score_new bigint;
CREATE PUBLICATION sent FOR TABLE users (id, score)
"""


def test_what_follows_a_swapped_column_by_its_number_is_known_from_the_catalog(
    server: Database, tmp_path: Path
) -> None:
    server.execute(f"{GIVEN}; {FOLLOWING}")
    file = tmp_path / "swap.sql"
    file.write_text("ALTER TABLE users RENAME score TO score_old;\nALTER TABLE users RENAME score_new TO score;\n")
    (found,) = (
        each for each in hazards(check("--dsn", server.dsn(), "--format", "json", file)) if "follows" in each["rule"]
    )
    for what in ("policy high", "publication sent", "trigger scored", "view public.scores"):
        assert what in found["sentence"]
    assert "other" not in found["sentence"]


async def test_its_session_may_not_write_and_looks_names_up_in_pg_catalog_alone(server18: Database) -> None:
    async with reading(Target(server18.dsn())) as session:
        found = await (await session.execute("SELECT pg_catalog.current_setting('search_path')")).fetchone()
        assert found == ("pg_catalog, pg_temp",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await session.execute("CREATE TABLE public.written (id int)")


def test_what_cannot_be_reached_and_two_versions_are_errors(server18: Database, folder: Path) -> None:
    both = check("--dsn", server18.dsn(), "--postgres-version", "16", folder)
    assert (both.exit_code, "its own version counts" in both.output) == (2, True)


def test_a_rehearsal_is_measured_by_the_database_that_was_named(server18: Database, tmp_path: Path) -> None:
    """On a table of 8 kB a full scan proves nothing of one that is larger; and it was PostgreSQL 16."""
    server18.execute("CREATE TABLE wide AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 6000); ANALYZE wide")
    path = tmp_path / "tour.yaml"
    path.write_text(
        "zdtui: 1\nname: tour\ntitle: T\nsteps:\n- id: index\n  title: T\n  phase: expand\n"
        "  sql: CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.wide (x)\n"
        "  rollback: DROP INDEX CONCURRENTLY IF EXISTS public.i\n"
    )
    plan = load_plan(path)
    leg = FORWARD.model_copy(update={"scans": ("public.wide",)})
    sizes = (RelationSize(relation="public.wide", bytes=2 * 1024**2),)
    write(evidence(plan, [seen(plan.steps[0], legs=(leg,), sizes=sizes, catalog={})]), evidence_path(path))
    told = json.loads(check(path, "--format", "json", "--dsn", server18.dsn()).stdout)["rehearsals"][0]["sentences"]
    assert re.fullmatch(r"here, by size alone: about 1\d s, .* an estimate, because wide is 6\.\d MB here .*", told[1])
    assert told[2:] == ["it was on PostgreSQL 16, this is 18"]
