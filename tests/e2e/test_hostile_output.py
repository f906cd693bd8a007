"""Every command with hostile names, plans, servers and databases: nothing leaves that a terminal acts on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg import sql

from tests.e2e.hostile_server import hostile_server
from tests.fix_db import Database
from tests.hostile import ATTACK, STORABLE, acts
from tests.integration.run.driver import Driver, plan_of, sql_step
from zdtui.checking.as_github import as_github
from zdtui.checking.as_json import as_json
from zdtui.checking.as_sarif import as_sarif
from zdtui.checking.as_text import as_lines
from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input
from zdtui.drawable import drawable_text
from zdtui.plan.load import parse_plan
from zdtui.plan.render import render_plan
from zdtui.plan.summary import summary_lines

STORED = "".join(letter for letter in ATTACK if letter != "\0" and not "\ud800" <= letter <= "\udfff")
"""What a database and a file can hold of it."""
FILE_NAME = STORED.replace("/", "|")[:60] + ".yaml"
COMMANDS = (["check"], ["check", "--format", "json"], ["check", "--format", "sarif"], ["check", "--format", "github"])


def as_yaml(value: object) -> str:
    """JSON that is YAML too: what lies beyond the first plane is one escape there."""
    pair = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")
    return pair.sub(lambda found: f"\\U{ord(json.loads(chr(34) + found[0] + chr(34))):08x}", json.dumps(value)).replace(
        "\x7f", "\\u007f"
    )


def zdtui(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program, and the bytes it writes."""
    return subprocess.run(
        [sys.executable, "-m", "zdtui", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def assert_harmless(done: subprocess.CompletedProcess[bytes]) -> None:
    """Nothing acts, and nobody is shown a traceback."""
    for written in (done.stdout, done.stderr):
        text = written.decode()
        assert acts(text) == "", ascii(text[:2000])
        assert "Traceback" not in text


def hostile_plan(folder: Path, text: str = STORED) -> Path:
    """A plan all of whose texts are hostile, under a hostile name."""
    plan = {
        "zdtui": 1,
        "name": "hostile",
        "title": f"T {text}",
        "description": f"D {text}",
        "steps": [
            {
                "id": "a",
                "title": f"A {text}",
                "phase": "expand",
                "notes": f"N {text}",
                "sql": f'ALTER TABLE "{text.replace(chr(34), "")}t" ADD COLUMN c int -- {text}'.replace(
                    "\r", ""
                ).replace("\n", ""),
                "rollback": {"none": f"R {text}"},
                "verify": f"SELECT '{text.replace(chr(39), '')}' = ''",
            }
        ],
    }
    file = folder / FILE_NAME
    file.write_text(as_yaml(plan), "utf-8")
    return file


def test_plans_and_their_names(tmp_path: Path) -> None:
    plan = hostile_plan(tmp_path)
    for command in (*COMMANDS, ["check", "--fix"], ["render"]):
        done = zdtui(*command, str(plan))
        assert done.returncode in (0, 1), done.stderr
        assert_harmless(done)
        assert b"<U+001B>" in done.stdout or b"\\u001b" in done.stdout


def test_arguments_that_are_nothing(tmp_path: Path) -> None:
    broken = tmp_path / f"b{FILE_NAME}"
    broken.write_text(f"zdtui: 1\n{json.dumps(STORED)}: 2\n", "utf-8")
    for arguments in (
        ["check", str(broken)],
        ["check", str(tmp_path / f"no{FILE_NAME}")],
        ["render", STORED],
        ["explain", STORED],
        ["check", "--format", STORED, "x"],
        ["run", "a", STORED],
        [STORED],
        [f"--{STORED}"],
        ["status", "--dsn", STORED],
        ["status", "--dsn", f"host={STORED.split()[0]}"],
        ["status", "--dsn", f"postgresql://u:p@{STORED}/d"],
    ):
        done = zdtui(*arguments)
        assert done.returncode == 2, (arguments, done.stderr)
        assert_harmless(done)


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zdtui", "check", os.fsencode(tmp_path) + b"/\xff\x9b2J.yaml"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert_harmless(done)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_has_few_letters(tmp_path: Path, encoding: str) -> None:
    done = zdtui("check", str(hostile_plan(tmp_path)), PYTHONIOENCODING=encoding)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [["status"], ["report", "last"], ["rejected", "last"], ["run", "add-index"], ["trace", "add-index"]]
)
def test_a_server_that_refuses_with_harm_before_any_password(command: list[str]) -> None:
    with hostile_server(ATTACK.encode("utf-8", "surrogatepass").replace(b"\0", b"")) as port:
        done = zdtui(*command, "--dsn", f"postgresql://ana@127.0.0.1:{port}/shop")
    assert done.returncode == 2
    assert done.stderr.startswith(b"zdtui: ")
    assert_harmless(done)


async def test_a_journal_all_of_whose_texts_are_hostile(shop: Database, tmp_path: Path) -> None:
    quoted = "'" + STORED.replace("'", "''") + "'"
    fails = f"DO $do$ BEGIN RAISE NOTICE '%', {quoted}; RAISE EXCEPTION '%', {quoted}; END $do$"
    plan = plan_of(sql_step("fails", fails)).model_copy(update={"title": STORED, "path": FILE_NAME})
    async with Driver(plan, shop.dsn()) as driver:
        await driver.run("fails", note=STORED)
    for command in (["status", "--all"], ["report", "last"], ["rejected", "last"], ["rejected", "last", "--json"]):
        done = zdtui(*command, "--dsn", shop.dsn())
        assert done.returncode == 0, done.stderr
        assert_harmless(done)


def test_a_view_that_raises_and_a_database_with_a_hostile_name(shop: Database) -> None:
    quoted = "'" + STORED.replace("'", "''") + "'"
    shop.execute("CREATE SCHEMA zdtui")
    shop.execute(
        f"CREATE FUNCTION zdtui.harm() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION '%', {quoted}; END $f$"
    )
    shop.execute("CREATE VIEW zdtui.event AS SELECT zdtui.harm() AS run")
    for command in (["status"], ["report", "last"], ["rejected", "last"]):
        done = zdtui(*command, "--dsn", shop.dsn())
        assert done.returncode == 2
        assert_harmless(done)
    named = psycopg.conninfo.make_conninfo(shop.dsn(), dbname=STORED[:40])
    done = zdtui("status", "--dsn", named)
    assert done.returncode == 2
    assert_harmless(done)


@given(STORABLE)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_report_of_any_text(text: str) -> None:
    checked = check(Given((Input(f"{text}.sql", f"DROP TABLE a; -- {text}\nSELECT '{text}'"),)), with_squawk=False)
    for report in (as_json(checked), as_sarif(checked), as_github(checked), *(line.text for line in as_lines(checked))):
        assert acts(drawable_text(report)) == ""


@given(STORABLE)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_document_of_any_plan(text: str) -> None:
    told = as_yaml(
        {
            "zdtui": 1,
            "name": "p",
            "title": f"T{text}",
            "steps": [
                {"id": "a", "title": f"A{text}", "phase": "expand", "sql": "SELECT 1", "rollback": {"none": f"x{text}"}}
            ],
        }
    )
    plan = parse_plan(told, f"{text}.yaml")
    assert acts(render_plan(plan)) == ""
    assert all(acts(line) == "" and "\n" not in line for line in summary_lines(plan))


def test_names_of_objects_are_quoted_for_sql_and_told_for_people(shop: Database, tmp_path: Path) -> None:
    """A table that refers to the plan's, an index and a trace, all with hostile names, in a trace on a real server."""
    name = STORED.replace('"', "")[:20]
    shop.execute("CREATE TABLE plain (i int PRIMARY KEY)")
    with shop.connect() as connection:
        connection.execute(sql.SQL("CREATE TABLE {} (i int REFERENCES plain)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE INDEX {} ON plain (i)").format(sql.Identifier(f"{name}i")))
    plan = tmp_path / "p.yaml"
    plan.write_text(
        "zdtui: 1\nname: p\ntitle: T\nsteps:\n  - {id: a, title: A, phase: contract, sql: DROP TABLE plain CASCADE, "
        "rollback: {irreversible: gone}}\n"
    )
    done = zdtui("trace", str(plan), "--dsn", shop.dsn())
    assert done.returncode in (0, 1), done.stderr
    assert_harmless(done)
