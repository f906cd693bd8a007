"""A password in a plan: it is sent, and nothing that is kept or printed of the run holds it."""

import subprocess
import sys
from pathlib import Path

from tests.fix_db import Database
from tests.integration.run.driver import Driver, plan_of, sql_step
from zdtui.run.model.state import StepStatus

SECRET = "geheim-4711-hunter2"
GIVES = f"""
CREATE TABLE sent (text text);
DO $$ BEGIN
  RAISE NOTICE 'given {SECRET}';
  ALTER ROLE no_such_role_at_all PASSWORD '{SECRET}';
EXCEPTION WHEN OTHERS THEN
  INSERT INTO sent VALUES ('{SECRET}');
END $$;
"""
FAILS = f"SELECT '{SECRET}'::int; ALTER ROLE no_such_role_at_all PASSWORD '{SECRET}'"


def printed(*command: str) -> str:
    """All that the program prints."""
    done = subprocess.run([sys.executable, "-m", "zdtui", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


async def test_it_is_nowhere_in_the_journal(shop: Database) -> None:
    plan = plan_of(sql_step("give", GIVES, "DROP TABLE sent"), sql_step("fail", FAILS), sql_step("look", "SELECT 1"))
    plan = plan.model_copy(update={"source": f"zdtui: 1\n# {GIVES}\n# {FAILS}\n"})
    async with Driver(plan, shop.dsn()) as driver:
        assert (await driver.run("give")).status is StepStatus.DONE
        assert (await driver.run("fail")).status is StepStatus.FAILED
        told = "\n".join(str(line.event) for line in driver.stage.recorder.state.log)
        assert SECRET not in told
        assert "given ***" in told
    assert shop.execute("SELECT text FROM sent") == [(SECRET,)], "what was sent is what the plan says"
    written = str(shop.execute("SELECT string_agg(e::text, ' ') FROM zdtui.event e"))
    assert SECRET not in written
    assert "***" in written
    async with Driver(plan, shop.dsn()) as driver:
        assert driver.state("give").status is StepStatus.DONE, "the digest is of the real text: it is the same plan"


def test_it_is_nowhere_in_what_is_printed(shop: Database, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "zdtui: 1\nname: p\ntitle: T\nsteps:\n  - id: a\n    title: A\n    phase: expand\n    sql: |\n"
        + "".join(f"      {line}\n" for line in FAILS.split("\n"))
        + f"    rollback: ALTER ROLE no_such_role_at_all PASSWORD '{SECRET}'\n"
    )
    for form in ("text", "json", "sarif", "github"):
        assert SECRET not in printed("check", "--format", form, str(plan))
    assert SECRET not in printed("render", str(plan))
    assert "password-in-plan" in printed("check", str(plan))
