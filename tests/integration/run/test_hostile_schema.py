"""Whoever may create objects where an operator's names are looked for has nothing of theirs run by the console."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from tests.integration.run.hostile import FEW_TYPES, trap, trapped
from zdtui.plan.load import parse_plan
from zdtui.plan.model import (
    BackfillAction,
    BatchTuning,
    CheckAction,
    CompareAction,
    CopyAction,
    Guards,
    Plan,
    SqlRollback,
)
from zdtui.postgres.target.target import Target
from zdtui.run.engine.engine import Engine
from zdtui.run.journal.reader import read_runs
from zdtui.run.journal.rejected_rows import read_rejected
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus
from zdtui.trace.run import trace_plan

TABLES = """
CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, code varchar(20) NOT NULL UNIQUE, v int, x int, y text);
CREATE TABLE app.by_code (code varchar(20) PRIMARY KEY, v int, x int);
CREATE TABLE app.pair (a int, b name, v int, x int, PRIMARY KEY (a, b));
CREATE TABLE app.target (id int PRIMARY KEY, v int NOT NULL);
CREATE TABLE app.plain (v int, x int);
INSERT INTO app.orders (id, code, v) SELECT g, 'c' || g, g FROM generate_series(1, 400) g;
INSERT INTO app.by_code SELECT code, v FROM app.orders;
INSERT INTO app.pair SELECT id, code::name, v FROM app.orders;
INSERT INTO app.plain SELECT v FROM app.orders;
"""


def the_plan() -> Plan:
    """Every kind of step, with expressions of the author's that name no operator and no function."""
    tuning = BatchTuning(batch_rows=100, workers=2)
    filled = {"assignments": (("x", "v"),), "tuning": tuning}
    return plan_of(
        sql_step("column", "ALTER TABLE app.orders ADD COLUMN z int", "ALTER TABLE app.orders DROP COLUMN z"),
        sql_step(
            "index", "CREATE INDEX CONCURRENTLY orders_v ON app.orders (v)", "DROP INDEX CONCURRENTLY app.orders_v"
        ),
        step("pages", BackfillAction(table="app.orders", where="x IS NULL", **filled), SqlRollback(sql="SELECT 1")),
        step("keys", BackfillAction(table="app.orders", assignments=(("y", "code"),), tuning=tuning)),
        step("texts", BackfillAction(table="app.by_code", **filled)),
        step("pairs", BackfillAction(table="app.pair", **filled)),
        step("no key", BackfillAction(table="app.plain", where="x IS NULL", **filled)),
        step(
            "copy",
            CopyAction(
                source="app.orders",
                into="app.target",
                columns=(("id", "id"), ("v", "v")),
                valid=(("has-v", "v IS NOT NULL"),),
                tuning=tuning,
            ),
        ),
        step("same", CompareAction(source="app.orders", into="app.target", columns=(("id", "id"), ("v", "v")))),
        step("one", CompareAction(source="app.orders", into="app.orders", columns=(("id", "id"), ("y", "code")))),
        step("check", CheckAction(query="SELECT true"), verify=("SELECT true",)),
    )


@pytest.fixture
def hostile(server: Database) -> Database:
    """A database full of traps, in which every name is looked for among them first."""
    server.execute(TABLES, "postgres")
    trap(server)
    return server


async def test_the_traps_work(hostile: Database) -> None:
    """What is not named with its schema is caught: else the tests below could not fail."""
    for text in ("SELECT 'pg_class'::regclass = 1259::oid", "SELECT count('x'::text)", "SELECT 'a'::name ~ 'b'::text"):
        before = len(trapped(hostile))
        await do(hostile.dsn("postgres"), text)
        assert len(trapped(hostile)) > before, text


async def test_a_whole_plan_runs_nothing_of_theirs(hostile: Database) -> None:
    """Opened, asked for its board, run, rejected rows tried again, rolled back, read: as a superuser."""
    dsn = hostile.dsn("postgres")
    before = len(trapped(hostile))
    plan = the_plan()
    async with Driver(plan, dsn) as driver:
        driver.conductor.submit(c.RefreshBoard())
        await driver.until(lambda: driver.stage.board is not None)
        for each in plan.steps:
            state = await driver.run(str(each.id))
            assert state.status is StepStatus.DONE, (each.id, state.message)
        await driver.roll_back_to("pages")
    async with Driver(plan, dsn) as driver:
        assert (await driver.run("pages")).status is StepStatus.DONE
    assert await read_runs(Target(dsn))
    await read_rejected(Target(dsn))
    assert trapped(hostile)[before:] == []
    assert await ask(dsn, "SELECT pg_catalog.count(*) FROM app.target") == 400


async def test_a_backfill_whose_rows_are_refused_runs_nothing_of_theirs(hostile: Database) -> None:
    """Batches are halved down to single rows, which stand aside and are tried again."""
    dsn = hostile.dsn("postgres")
    await do(dsn, "ALTER TABLE app.orders ADD CHECK (x OPERATOR(pg_catalog.<>) 7)")
    before = len(trapped(hostile))
    fill = BackfillAction(
        table="app.orders",
        assignments=(("x", "v"),),
        where="x IS NULL",
        tuning=BatchTuning(batch_rows=100, max_rejected=5),
    )
    async with Driver(plan_of(step("fill", fill)), dsn) as driver:
        await driver.run("fill")
        await driver.retry("fill")
    assert trapped(hostile)[before:] == []


async def test_the_panes_run_nothing_of_theirs(hostile: Database) -> None:
    """The engine with its watcher, until every pane has a sample."""
    before = len(trapped(hostile))
    plan = the_plan().model_copy(update={"guards": Guards()})
    engine = Engine(plan, Target(hostile.dsn("postgres")), operator="tester@here")
    engine.start()
    try:
        async with asyncio.timeout(60):
            while not _all_sampled(engine):
                assert engine.failure is None, engine.failure
                await asyncio.sleep(0.05)
    finally:
        engine.stop("over", force=True)
        assert engine.join(20)
    assert trapped(hostile)[before:] == []


def _all_sampled(engine: Engine) -> bool:
    samples, snapshot = engine.snapshot.samples, engine.snapshot
    readings = (samples.locks, samples.queries, samples.replication, samples.progress, samples.weights, samples.server)
    return snapshot.connection_state is ConnectionState.CONNECTED and all(each.sample is not None for each in readings)


async def test_a_trace_runs_nothing_of_theirs(server: Database, tmp_path: Path) -> None:
    """On the target it only reads; on the copy, which has the traps too, it is a superuser."""
    server.execute(TABLES, "postgres")
    trap(server, FEW_TYPES)
    hostile, before = server, len(trapped(server))
    text = (
        "zdtui: 1\nname: t\ntitle: T\nsteps:\n"
        "  - {id: a, title: T, phase: expand, sql: 'ALTER TABLE app.orders ADD COLUMN q int',"
        " rollback: 'ALTER TABLE app.orders DROP COLUMN q'}\n"
        "  - {id: b, title: T, phase: expand, sql: 'CREATE INDEX CONCURRENTLY q ON app.orders (v)',"
        " rollback: 'DROP INDEX CONCURRENTLY app.q'}\n"
    )
    trace = await trace_plan(parse_plan(text, "t.yaml"), Target(hostile.dsn("postgres")))
    assert [each.error for each_step in trace.steps for each in each_step.statements] == ["", "", "", ""]
    assert trapped(hostile)[before:] == []


async def test_a_role_that_owns_nothing_is_as_safe(hostile: Database) -> None:
    """The reading commands, where there is no journal."""
    before = len(trapped(hostile))
    with pytest.raises(Exception, match="no journal"):
        await read_runs(Target(hostile.dsn()))
    with pytest.raises(psycopg.errors.UndefinedTable):
        await ask(hostile.dsn(), "SELECT run FROM zdtui.event")
    assert trapped(hostile)[before:] == []
