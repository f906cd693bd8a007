"""The evidence beside a plan in a real run: found, measured by this server, looked at again, and asked for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, c, do, kinds, plan_of, sql_step
from tests.unit.evidence.made import evidence, seen
from zdtui.evidence.file import evidence_path, write
from zdtui.evidence.model import RelationSize
from zdtui.evidence.standing import Proof
from zdtui.plan.model import Plan, Step
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.rehearsal_gate import RULE
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.evidence import look_for_evidence

ADD = sql_step("add", "ALTER TABLE t ADD COLUMN x int", "ALTER TABLE t DROP COLUMN x")
INDEX = sql_step("index", "CREATE INDEX t_n ON t (n)", "DROP INDEX t_n")
MADE = "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT n, n FROM generate_series(1, 9000) AS n; ANALYZE t"


def plan_at(folder: Path) -> Plan:
    return plan_of(ADD, INDEX, require_rehearsal=timedelta(days=7)).model_copy(
        update={"path": str(folder / "tour.yaml")}
    )


def rehearsed(plan: Plan, *steps: Step, catalog: dict[str, str]) -> None:
    """As zdtui rehearse leaves it."""
    size = RelationSize(relation="public.t", bytes=8192)
    parts = [seen(each, sizes=(size,), catalog=catalog) for each in steps]
    made = evidence(plan, parts, rehearsed_at=datetime.now(UTC), server_version="18.4")
    write(made, evidence_path(plan.path))


async def test_a_step_runs_where_it_was_rehearsed_and_another_only_with_a_reason(
    server18: Database, tmp_path: Path
) -> None:
    dsn, plan = server18.dsn(), plan_at(tmp_path)
    await do(dsn, MADE)
    rehearsed(plan, ADD, catalog={"columns": "of another place"})
    async with Driver(plan, dsn) as driver:
        assert (await driver.run("add")).status is StepStatus.DONE
        refusal = await driver.refusal(c.RunStep(INDEX.id, step_digest(INDEX), "y"))
        assert "not-rehearsed stops index: it was not rehearsed; this plan asks for a rehearsal" in refusal
        driver.conductor.submit(c.SilenceHazard(INDEX.id, RULE, "staging is being moved", text_digest(INDEX)))
        await driver.until(lambda: driver.state("index").silenced)
        assert (await driver.run("index")).status is StepStatus.DONE
        events = await driver.journal()
        assert "hazard silenced" in kinds(events)
        assert "staging is being moved" in [getattr(each.event, "reason", "") for each in events]
    assert await ask(dsn, "SELECT to_regclass('t_n') IS NOT NULL")


async def test_what_is_known_here_is_asked_of_this_server_and_again_when_it_changed(
    server18: Database, tmp_path: Path
) -> None:
    dsn, plan = server18.dsn(), plan_at(tmp_path)
    await do(dsn, MADE)
    async with Driver(plan, dsn) as driver:
        driver.conductor.submit(c.RefreshBoard())
        await driver.until(lambda: driver.stage.appraisal is not None)
        assert driver.stage.appraisal.evidence.kept.evidence is None
        rehearsed(plan, ADD, INDEX, catalog=dict(await catalog_of(plan, dsn)))
        driver.conductor.submit(c.RefreshBoard())
        await driver.until(lambda: driver.stage.appraisal.evidence.kept.evidence is not None)
        beside = driver.stage.appraisal.evidence
        assert beside.here.major == 18
        assert beside.here.sizes["public.t"] == await ask(dsn, "SELECT pg_relation_size('t')")
        now = datetime.now(UTC)
        assert beside.of(ADD, now, is_next=True).unlike == ()
        assert beside.of(ADD, now).proof is Proof.PROVEN
        assert (await driver.run("add")).status is StepStatus.DONE
        await driver.until(lambda: driver.stage.appraisal.evidence.here.catalog != beside.here.catalog)
        after = driver.stage.appraisal.evidence.of(INDEX, datetime.now(UTC), is_next=True)
        assert after.unlike == ("the schema there was another than here (columns)",)


async def catalog_of(plan: Plan, dsn: str) -> dict[str, str]:
    """The parts as they stand, by way of evidence of nothing."""
    write(evidence(plan, []), evidence_path(plan.path))
    async with await connect(Target(dsn), application_name="a test") as connection:
        return dict((await look_for_evidence(plan, connection)).here.catalog)
