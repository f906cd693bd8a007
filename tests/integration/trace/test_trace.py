"""A plan is traced on a copy of the target: what each step did, exact rollbacks told from others, the target untouched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fix_db import Database
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Part
from zdtui.hazards.trace import Trace, with_trace
from zdtui.hazards.trace_file import kept_trace
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import Plan
from zdtui.plan.shipped import plans_folder, shipped_plans
from zdtui.postgres.target.target import Target
from zdtui.sql.lock_modes import LockMode
from zdtui.trace.run import schema_of, trace_plan

HEAD = "zdtui: 1\nname: traced\ntitle: Traced\nsteps:\n"
LEFT_UNPROVEN = {"drop-status-check", "wide-reference-proved", "swap", "drop-wide-reference"}
"""Their rollbacks leave a constraint NOT VALID or proved, on purpose, or use up a spare index: the plans' notes say why."""
STEP = '  - {{id: {id}, title: T, phase: expand, sql: "{sql}", rollback: "{back}"}}\n'


def plan_of(*steps: tuple[str, str, str]) -> Plan:
    return parse_plan(HEAD + "".join(STEP.format(id=i, sql=sql, back=back) for i, sql, back in steps), "traced.yaml")


async def traced(database: Database, plan: Plan) -> Trace:
    return await trace_plan(plan, Target(database.dsn()))


@pytest.mark.parametrize("name", shipped_plans())
async def test_every_shipped_plan_is_traced_as_it_was_predicted(shop: Database, name: str) -> None:
    plan = load_plan(plans_folder() / f"{name}.yaml")
    trace = await traced(shop, plan)
    assert [each.error for step in trace.steps for each in step.statements if each.error] == []
    assert {step.step for step in trace.steps if step.rollback_exact is False} <= LEFT_UNPROVEN
    schema = await schema_of(Target(shop.dsn()))
    laid = with_trace(findings_of_plan(plan, version=18, schema=schema), trace)
    assert [each.disagreements for each in laid if each.disagreements] == []
    assert any(each.traced for each in laid)


async def test_what_the_target_really_has_is_what_counts(shop: Database) -> None:
    shop.execute("CREATE TABLE visit (id int, user_id int REFERENCES users)")
    plan = plan_of(("drop", "DROP TABLE visit", "CREATE TABLE visit (id int)"))
    (step,) = (await traced(shop, plan)).steps
    locks = {lock.relation: lock.mode for lock in step.statements[0].locks}
    assert locks == {"users": LockMode.ACCESS_EXCLUSIVE, "visit": LockMode.ACCESS_EXCLUSIVE}
    assert step.rollback_exact is False
    assert any("user_id" in line for line in step.differences)
    assert shop.execute("SELECT count(*) FROM visit") == [(0,)]


WRONG = {
    "role": ("CREATE ROLE left_behind", "role left_behind was not there before"),
    "owner": ("ALTER TABLE users OWNER TO shop_app", "OWNER TO shop_app"),
    "grant": ("GRANT SELECT ON orders TO left_behind", "GRANT SELECT ON TABLE public.orders TO left_behind"),
    "defaults": ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO shop_app", "ALTER DEFAULT PRIVILEGES"),
    "role-setting": ("ALTER ROLE shop_app SET work_mem = '1MB'", "settings role shop_app"),
    "schema-owner": ("ALTER SCHEMA public OWNER TO shop_app", "OWNER TO shop_app"),
    "off": ("ALTER TABLE orders DISABLE TRIGGER ALL", "constraint trigger"),
    "unpopulated": ("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA", "materialized view public.m"),
    "moved": ("SELECT setval('users_id_seq', 99)", "sequence position (public.users_id_seq"),
}


async def test_a_rollback_that_leaves_owners_privileges_or_settings_is_not_called_exact(shop: Database) -> None:
    shop.execute("GRANT UPDATE ON users TO shop_app", user="postgres")
    right = ("right", "REVOKE UPDATE ON users FROM shop_app", "GRANT UPDATE ON users TO shop_app")
    trace = await traced(shop, plan_of(right, *((name, sql, "SELECT 1") for name, (sql, _) in WRONG.items())))
    first, *wrong = trace.steps
    assert first.rollback_exact
    assert first.verdict == "exact"
    for step in wrong:
        assert step.rollback_exact is False
        assert WRONG[step.step][1] in "\n".join((step.verdict, *step.differences))


async def test_what_cannot_be_run_is_said_and_the_rest_is_traced(shop: Database) -> None:
    plan = plan_of(
        ("wrong", "ALTER TABLE nothing ADD COLUMN x int", "SELECT 1"),
        ("right", "ALTER TABLE users ADD COLUMN x float DEFAULT random()", "ALTER TABLE users DROP COLUMN x"),
    )
    wrong, right = (await traced(shop, plan)).steps
    assert 'relation "nothing" does not exist' in wrong.statements[0].error
    assert right.rollback_exact
    assert right.statements[0].rewrites == (("public", "users"),)


async def test_a_build_outside_a_transaction_is_traced_too(shop: Database) -> None:
    plan = plan_of(("build", "CREATE INDEX CONCURRENTLY i ON users (name)", "DROP INDEX CONCURRENTLY i"))
    (step,) = (await traced(shop, plan)).steps
    by_part = {each.part: {lock.relation: lock.mode for lock in each.locks} for each in step.statements}
    assert by_part[Part.ACTION]["users"] is LockMode.SHARE_UPDATE_EXCLUSIVE
    assert by_part[Part.ROLLBACK]["users"] is LockMode.SHARE_UPDATE_EXCLUSIVE
    assert step.rollback_exact
    assert step.statements[0].created == ("public.i",)


def test_the_command_keeps_the_trace_beside_the_plan(shop: Database, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text((plans_folder() / "add-index.yaml").read_text())
    command = [sys.executable, "-m", "zdtui", "trace", str(file), "--dsn", shop.dsn()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "its rollback brings the schema back" in done.stdout
    assert "The copy has no rows, and of the target neither security labels" in done.stdout
    trace, why = kept_trace(load_plan(file))
    assert trace is not None, why
    assert json.loads((tmp_path / "plan.trace.json").read_text())["plan_name"] == "add-index"
    file.write_text(file.read_text() + "# another text\n")
    trace, why = kept_trace(load_plan(file))
    assert trace is None
    assert "another text of this plan" in why


def test_a_target_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zdtui", "trace", "add-index", "--dsn", "postgresql://127.0.0.1:1/x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
