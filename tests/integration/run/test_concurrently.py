"""Statements that cannot run in a transaction: own limits, invalid leftovers named, nothing run twice."""

import psycopg
import pytest

from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.plan.model import StepId
from zdtui.run import commands as c
from zdtui.run import events as e
from zdtui.run.decide import clean_up_sql
from zdtui.run.shown import step_digest
from zdtui.run.state import StepStatus

INDEX = sql_step("index", "CREATE INDEX CONCURRENTLY t_x ON t (x)", "DROP INDEX CONCURRENTLY IF EXISTS t_x")
UNIQUE = sql_step("unique", "CREATE UNIQUE INDEX CONCURRENTLY t_u ON t (x)", "DROP INDEX CONCURRENTLY IF EXISTS t_u")


@pytest.fixture
async def dsn(server) -> str:
    await do(
        server.dsn(),
        "CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t SELECT g, g % 5 FROM generate_series(1, 500) g",
    )
    return str(server.dsn())


async def test_an_index_forward_back_and_forward_again(dsn):
    async with Driver(plan_of(INDEX), dsn) as driver:
        assert (await driver.run("index")).status is StepStatus.DONE
        await driver.roll_back_to("index")
        assert await ask(dsn, "SELECT to_regclass('t_x') IS NULL")
        assert (await driver.run("index")).status is StepStatus.DONE
        assert await ask(dsn, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass")


async def test_an_old_snapshot_elsewhere_does_not_cancel_a_concurrent_build(dsn):
    async with Driver(plan_of(INDEX), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as old:
        await old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await old.execute("SELECT 1 FROM pg_class LIMIT 1")
        driver.start("index")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blocked_for > 0.3)
        assert str(old.info.backend_pid) in " ".join(driver.stage.lock_watch.blockers)
        await old.rollback()
        await driver.until(lambda: driver.state("index").status is StepStatus.DONE)


async def test_a_failed_build_names_its_invalid_index_and_offers_to_remove_it(dsn):
    async with Driver(plan_of(UNIQUE), dsn) as driver:
        state = await driver.run("unique")
        assert state.status is StepStatus.HELD
        assert state.hold is e.HoldKind.INVALID_INDEX
        assert "t_u" in state.message
        assert "duplicate" in state.message or "unique" in state.message
        each = driver.plan.step("unique")
        assert "invalid index" in await driver.refusal(c.RunStep(each.id, step_digest(each), "y"))
        driver.conductor.submit(c.CleanUpIndex(StepId("unique"), "t_u", clean_up_sql("t_u")))
        await driver.until(lambda: driver.state("unique").hold is not e.HoldKind.INVALID_INDEX)
        assert await ask(dsn, "SELECT to_regclass('t_u') IS NULL")
        await do(dsn, "UPDATE t SET x = id")
        assert (await driver.run("unique")).status is StepStatus.DONE


async def test_a_cancelled_build_is_held_with_its_invalid_index(dsn):
    async with Driver(plan_of(INDEX), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as writer:
        await writer.execute("UPDATE t SET x = 0 WHERE id = 1")
        driver.start("index")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blocked_for > 0.2)
        driver.conductor.submit(c.CancelStatement())
        await driver.until(lambda: driver.state("index").status is StepStatus.HELD)
        assert driver.state("index").hold is e.HoldKind.INVALID_INDEX
        await writer.rollback()


async def test_statements_before_the_one_that_failed_are_not_run_again(dsn):
    several = sql_step(
        "several",
        "CREATE INDEX CONCURRENTLY t_1 ON t (x); INSERT INTO t VALUES (9000, 1);"
        "CREATE INDEX CONCURRENTLY t_2 ON missing (x)",
    )
    async with Driver(plan_of(several), dsn) as driver:
        state = await driver.run("several")
        assert state.status is StepStatus.FAILED
        assert state.statements_done == 2
        await do(dsn, "CREATE TABLE public.missing (x int)")
        assert (await driver.run("several")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE id = 9000") == 1
