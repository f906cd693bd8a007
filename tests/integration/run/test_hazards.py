"""Hazards in a real run: known before the first step, weighed by the server, and in the way until they are taken on."""

import asyncio
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step
from zdtui.hazards.trace_file import trace_path
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import plans_folder
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.appraise import appraise
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.trace.run import trace_plan

REWRITE = sql_step("rewrite", "ALTER TABLE t ADD COLUMN x float DEFAULT random()", "ALTER TABLE t DROP COLUMN x")


@pytest.fixture
async def dsn(server18: Database) -> str:
    await do(server18.dsn(), "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE child (t int REFERENCES t)")
    return server18.dsn()


async def test_a_stop_is_in_the_way_until_it_is_taken_on_and_the_reason_is_in_the_journal(dsn: str) -> None:
    plan = plan_of(REWRITE)
    step = plan.steps[0]
    async with Driver(plan, dsn, minds_hazards=True) as driver:
        refusal = await driver.refusal(c.RunStep(step.id, step_digest(step), "y"))
        assert "new-column-rewrite stops rewrite" in refusal
        assert not await ask(dsn, "SELECT to_regclass('zdtui.event') IS NOT NULL")
        taken_on = c.SilenceHazard(step.id, "new-column-rewrite", "t is empty", text_digest(step))
        driver.conductor.submit(taken_on)
        await driver.until(lambda: driver.state("rewrite").silenced)
        assert (await driver.run("rewrite")).status is StepStatus.DONE
        events = await driver.journal()
        assert "hazard silenced" in kinds(events)
        assert "t is empty" in [getattr(each.event, "reason", "") for each in events]
    async with Driver(plan, dsn, minds_hazards=True) as again:
        assert again.state("rewrite").silenced[0].reason == "t is empty"


async def test_effects_are_those_of_the_servers_own_tables(dsn: str, server18: Database) -> None:
    plan = plan_of(sql_step("drop", "DROP TABLE child"))
    async with await server18.aconnect() as connection:
        appraisal = await appraise(plan, connection)
    locks = {lock.relation: lock.mode for lock in appraisal.findings[0].effects.locks}
    assert locks == {Name("public", "child"): LockMode.ACCESS_EXCLUSIVE, Name("public", "t"): LockMode.ACCESS_EXCLUSIVE}
    assert set(appraisal.relations_of(plan.steps[0].id)) == set(locks)
    assert appraisal.note == ""


async def test_what_was_traced_is_shown_as_traced(shop: Database, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    await asyncio.to_thread(file.write_text, (plans_folder() / "add-unique-constraint.yaml").read_text())
    plan = load_plan(file)
    trace = await trace_plan(plan, Target(shop.dsn()))
    await asyncio.to_thread(trace_path(str(file)).write_text, trace.model_dump_json())
    async with await shop.aconnect() as connection:
        appraisal = await appraise(plan, connection)
        assert any(each.traced for each in appraisal.findings)
        assert appraisal.note == ""
        changed = plan.model_copy(update={"digest": "another"})
        appraisal = await appraise(changed, connection)
    assert not any(each.traced for each in appraisal.findings)
    assert "is of another text of this plan" in appraisal.note


async def test_a_key_that_nears_its_end_is_told_once_by_the_highest_value_there_is(
    dsn: str, server18: Database
) -> None:
    await do(dsn, "INSERT INTO t SELECT 1700000000 + n FROM generate_series(1, 1000) AS n; ANALYZE t")
    plan = plan_of(
        sql_step("one", "ALTER TABLE t ADD COLUMN a int", "ALTER TABLE t DROP COLUMN a"),
        sql_step("two", "ALTER TABLE t ADD COLUMN b int", "ALTER TABLE t DROP COLUMN b"),
    )
    async with await server18.aconnect() as connection:
        appraisal = await appraise(plan, connection)
    told = [hazard for each in appraisal.findings for hazard in each.hazards if hazard.rule == "small-primary-key"]
    assert [(str(each.severity), each.sentence) for each in told] == [
        ("warn", "id of public.t has used 79 % of integer: beyond 2 147 483 647 every insert fails")
    ]
