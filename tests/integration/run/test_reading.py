"""`zdtui status` and `zdtui report`: what the journal alone tells, through the real program."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, do, plan_of, sql_step, step
from zdtui.plan.model import BackfillAction, BatchTuning
from zdtui.postgres.sessions.connect import Target
from zdtui.run.journal.reader import NoRunError, read_journals
from zdtui.run.model import commands as c

ADD = sql_step("add", "CREATE TABLE made (i int)", "DROP TABLE made")
BAD = sql_step("bad", "SELECT 1 / 0", "SELECT 1")
PLAN_FOR_ANOTHER = """
zdtui: 1
name: other
title: Other
target: {database: elsewhere}
steps:
  - id: look
    title: Look
    phase: expand
    check: SELECT true
    rollback: {none: it only looks}
"""


async def zdtui(*words: str) -> tuple[int, str, str]:
    """Run the program; exit code, what it printed, what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "zdtui", *words, stdout=-1, stderr=-1, env={**os.environ, "NO_COLOR": "1"}
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


async def a_run(dsn: str) -> str:
    """A run with a success, a note and a failure; its id."""
    async with Driver(plan_of(ADD, BAD), dsn) as driver:
        await driver.run("add")
        driver.conductor.submit(c.AddNote("paged billing | about \x1b[31m\u202e4711"))
        await driver.run("bad")
        await driver.stage.recorder.flush(5)
        return str(driver.stage.recorder.run)


async def test_status_says_where_each_step_stands(server18: Database) -> None:
    dsn = server18.dsn()
    run = await a_run(dsn)
    code, said, _ = await zdtui("status", "--dsn", dsn)
    assert code == 0
    assert f"{run[:8]}  tour  1/2 at bad" in said
    assert "done         add" in said
    assert "failed       bad  division by zero" in said


async def test_the_report_is_the_migration_log(server18: Database) -> None:
    dsn = server18.dsn()
    run = await a_run(dsn)
    code, said, _ = await zdtui("report", run[:8], "--dsn", dsn)
    assert code == 0
    assert said.startswith("# Tour\n")
    assert "| add | done |" in said
    assert "| bad | failed |" in said
    assert "tester@here as zdtui" in said
    assert "CREATE TABLE made (i int)" in said
    assert "paged billing" in said
    assert not {"\x1b", "\u202e"} & set(said)
    assert said == (await zdtui("report", "last", "--dsn", dsn))[1]


async def test_rejected_lists_what_stands_aside(server18: Database) -> None:
    dsn = server18.dsn()
    await do(
        dsn,
        "CREATE TABLE t (id int PRIMARY KEY, a text, x int);"
        "INSERT INTO t VALUES (1, '1', NULL), (2, E'bad\x1b[31m\u202e', NULL), (3, '3', NULL)",
    )
    fill = BackfillAction(
        table="t", assignments=(("x", "a::int"),), where="x IS NULL", tuning=BatchTuning(max_rejected=2)
    )
    async with Driver(plan_of(step("fill", fill)), dsn) as driver:
        await driver.run("fill")
        run = str(driver.stage.recorder.run)
    code, said, _ = await zdtui("rejected", "last", "--dsn", dsn)
    assert code == 0
    first, second = said.splitlines()
    assert first == "fill  public.t  1 rejected"
    assert second.startswith("    (2)  20")
    assert "22P02 invalid input syntax for type integer" in second
    assert not {"\x1b", "\u202e"} & set(said)
    code, said, _ = await zdtui("rejected", run[:8], "--json", "--step", "fill", "--dsn", dsn)
    assert (code, json.loads(said)["key"]) == (0, ["2"])
    assert (await zdtui("rejected", "last", "--step", "other", "--dsn", dsn))[1] == "no row was rejected\n"
    assert "fill  2 rows  1 rejected" in (await zdtui("status", "--dsn", dsn))[1]
    code, _, complaint = await zdtui("rejected", "ffff0000", "--dsn", dsn)
    assert (code, complaint) == (2, "zdtui: no run begins with ffff0000\n")


async def test_a_database_without_a_journal_and_a_run_that_is_not_there(server18: Database) -> None:
    dsn = server18.dsn()
    code, _, why = await zdtui("status", "--dsn", dsn)
    assert (code, why) == (2, "zdtui: this database has no journal of zdtui: no run was ever begun here\n")
    with pytest.raises(NoRunError):
        await read_journals(Target(dsn))
    await a_run(dsn)
    code, _, why = await zdtui("report", "zzzz", "--dsn", dsn)
    assert code == 2
    assert "no run begins with zzzz" in why


async def test_a_journal_of_a_later_version_is_one_sentence(server18: Database) -> None:
    dsn = server18.dsn()
    await a_run(dsn)
    await do(dsn, "UPDATE zdtui.event SET payload = '{\"kind\": \"from the future\"}' WHERE kind = 'note'")
    code, _, why = await zdtui("status", "--dsn", dsn)
    assert code == 2
    assert "is not one this version of zdtui knows" in why
    (journal,) = await read_journals(Target(dsn))
    assert journal.damage is not None, "what cannot be read is not nothing"


async def test_a_program_reads_status_and_report_as_json(server18: Database) -> None:
    dsn = server18.dsn()
    run = await a_run(dsn)
    code, said, _ = await zdtui("status", "--dsn", dsn, "--json", "--exit-code")
    assert code == 6, "a step has failed"
    (told,) = json.loads(said)["runs"]
    assert (told["run"], told["standing"], told["steps_over"]) == (run, "failed", 1)
    code, said, _ = await zdtui("report", "last", "--dsn", dsn, "--json")
    assert code == 0
    assert json.loads(said)["run"]["run"] == run
    assert "step failed" in {each["kind"] for each in json.loads(said)["events"]}


async def test_the_board_without_the_console(server18: Database, tmp_path: Path) -> None:
    code, said, _ = await zdtui("doctor", "--dsn", server18.dsn())
    assert code == 0
    assert "OK   server version: " in said
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN_FOR_ANOTHER, "utf-8")
    code, said, _ = await zdtui("doctor", str(plan), "--dsn", server18.dsn(), "--json")
    assert code == 1
    told = json.loads(said)
    assert told["outcome"] == "stop"
    assert "the plan is for elsewhere" in " ".join(each["finding"] for each in told["checks"])
    code, said, complained = await zdtui("status", "--dsn", server18.dsn())
    assert (code, said) == (2, "")
    assert "has no journal" in complained, "looking has made one"


async def test_a_console_without_a_terminal_holds_nothing(server18: Database) -> None:
    code, said, complained = await zdtui("run", "add-index", "--dsn", server18.dsn())
    assert (code, said) == (2, "")
    assert complained.startswith("zdtui: the console needs a terminal; use ssh -t (standard ")
    assert complained.count("\n") == 1
    assert "has no journal" in (await zdtui("status", "--dsn", server18.dsn()))[2]


async def test_a_target_has_a_name(server18: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_run(server18.dsn())
    (tmp_path / "zdtui").mkdir()
    (tmp_path / "zdtui" / "config.toml").write_text(f"[targets]\nstaging = {json.dumps(server18.dsn())}\n", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    code, said, _ = await zdtui("status", "--target", "staging")
    assert code == 0
    assert "tour  1/2" in said
    code, _, complained = await zdtui("status", "--target", "stagin")
    assert code == 2
    assert "did you mean `staging`?" in complained
    assert (await zdtui("status", "--target", "staging", "--dsn", server18.dsn()))[0] == 2
