"""What a console does with rehearsals: the next step on a scratch server, and a run set beside its rehearsal."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, c, do
from zdtui.cli import cli
from zdtui.evidence.file import evidence_path, read, report_path
from zdtui.evidence.model import RollbackVerdict, Way
from zdtui.evidence.standing import Proof
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan, StepId
from zdtui.run.model.state import StepStatus

PLAN = """zdtui: 1
name: tour
title: Tour
guards: {replication_lag: off, blocked_sessions: off}
require_rehearsal: 1d
steps:
  - id: add
    title: Add it
    phase: expand
    sql: ALTER TABLE public.t ADD COLUMN x text
    rollback: ALTER TABLE public.t DROP COLUMN x
    verify: SELECT count(*) = 1 FROM pg_attribute WHERE attrelid = 'public.t'::regclass AND attname = 'x'
  - id: index
    title: Index it
    phase: expand
    sql: CREATE INDEX CONCURRENTLY t_x ON public.t (x)
    rollback: DROP INDEX CONCURRENTLY public.t_x
"""


def plan_in(folder: Path) -> Plan:
    path = folder / "tour.yaml"
    path.write_text(PLAN)
    return load_plan(path)


async def test_the_next_step_is_rehearsed_runs_and_is_set_beside_its_rehearsal(
    server18: Database, tmp_path: Path
) -> None:
    """One server and one scratch server for the whole way: the rehearsal, the run that asked for it, the comparison."""
    dsn, plan = server18.dsn(), plan_in(tmp_path)
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'secret row'); ANALYZE t")
    async with Driver(plan, dsn) as driver:
        driver.conductor.submit(c.RefreshBoard())
        await driver.until(lambda: driver.stage.appraisal is not None)
        driver.conductor.submit(c.Rehearse(StepId("add")))
        await driver.until(lambda: driver.stage.under_way is not None)
        assert "is under way" in await driver.refusal(c.Rehearse(StepId("add")))
        await driver.until(lambda: driver.stage.under_way.over, 170)
        said = driver.stage.under_way
        assert said.failed == "", said.lines
        assert any(re.match(r"\[2/\d\] add back: .*, exact", line) for line in said.lines), said.lines
        await driver.until(lambda: driver.stage.appraisal.evidence.kept.evidence is not None)
        beside = driver.stage.appraisal.evidence.of(plan.step("add"), datetime.now(UTC), is_next=True)
        assert (beside.proof, beside.unlike) == (Proof.PROVEN, ())
        assert not await ask(
            dsn, "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'x')"
        )
        assert (await driver.run("add")).status is StepStatus.DONE
    evidence = read(evidence_path(plan.path))
    (add,) = evidence.steps
    assert (add.rollback, evidence.scratch, evidence.whole) == (RollbackVerdict.EXACT, True, None)
    assert [leg.way for leg in add.legs] == [Way.FORWARD, Way.BACK, Way.FORWARD]
    written = evidence_path(plan.path).read_text() + report_path(plan.path).read_text()
    assert "secret row" not in written
    assert dsn not in written
    compared = await asyncio.to_thread(
        CliRunner().invoke, cli, ["rehearse", plan.path, "--compare", "last", "--dsn", dsn]
    )
    assert compared.exit_code == 0, compared.output
    assert "beside its rehearsal on a scratch server" in compared.stdout
    assert re.search(r"^add.*\n  rehearsed +\d.*█\n  run +\d.*█", compared.stdout, re.M), compared.stdout
    assert "1 step in both" in compared.stdout


async def test_a_rehearsal_ends_with_its_console(server18: Database, tmp_path: Path) -> None:
    dsn, plan = server18.dsn(), plan_in(tmp_path)
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY)")
    async with Driver(plan, dsn) as driver:
        driver.conductor.submit(c.RefreshBoard())
        await driver.until(lambda: driver.stage.appraisal is not None)
        driver.conductor.submit(c.Rehearse(StepId("add")))
        await driver.until(lambda: driver.conductor._rehearsing._process is not None)
        process = driver.conductor._rehearsing._process
        assert process is not None
    assert process.returncode is not None
    assert not evidence_path(plan.path).exists()
