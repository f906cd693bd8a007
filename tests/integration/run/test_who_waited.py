"""Whatever becomes of a step, its end tells who waited behind it: the end of the run says that of all steps."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import psycopg

from tests.fix_db import Database
from tests.integration.run.driver import Driver, c, do, e, plan_of, sql_step, step
from zdtui.plan.model import BackfillAction, Limits
from zdtui.run.model.state import StepStatus

TABLES = "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0); CREATE TABLE u ()"


async def test_a_step_that_is_cancelled_tells_who_waited_behind_it(server18: Database) -> None:
    """It holds its lock on u and waits for t, until a person ends that: nothing of it is committed with what it cost."""
    dsn = server18.dsn()
    await do(dsn, TABLES)
    both = sql_step(
        "both",
        "DO $$ BEGIN ALTER TABLE u ADD COLUMN a int; ALTER TABLE t ADD COLUMN a int; END $$",
        limits=Limits(lock_timeout=timedelta(seconds=60), lock_queue_ceiling=timedelta(seconds=60)),
    )
    async with Driver(plan_of(both), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        driver.start("both")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.is_waiting)
        await waits_behind_us(driver, dsn, "SELECT FROM u", lambda: driver.conductor.submit(c.CancelStatement()))
        await driver.until(lambda: driver.state("both").status is StepStatus.HELD and driver.stage.working is None)
        (held,) = [each.event for each in await driver.journal() if isinstance(each.event, e.StepHeld)]
        assert held.victims == 1
        assert held.victim_seconds > 0
        await holder.rollback()
        assert (await driver.run("both")).status is StepStatus.DONE
        totals = driver.stage.recorder.state.totals
        assert (totals.behind.sessions, totals.uncounted) == (1, False)


async def test_a_step_in_batches_tells_who_waited_behind_it(server18: Database) -> None:
    dsn = server18.dsn()
    await do(dsn, TABLES)
    fill = step("fill", BackfillAction(table="t", assignments=(("v", "v + 1"),)))
    async with Driver(plan_of(fill), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT FROM t FOR UPDATE")
        driver.start("fill")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.is_waiting)
        await waits_behind_us(driver, dsn, "LOCK TABLE t IN SHARE MODE", lambda: None, holder.rollback)
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
        (ended,) = [each.event for each in await driver.journal() if isinstance(each.event, e.StepSucceeded)]
        assert ended.victims == 1


async def waits_behind_us(
    driver: Driver,
    dsn: str,
    statement: str,
    when_seen: Callable[[], object],
    and_then: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Somebody else's statement that waits behind the step under way; it is let through once that was seen."""
    async with await psycopg.AsyncConnection.connect(dsn) as victim:
        waiting = asyncio.create_task(victim.execute(statement.encode()))
        await driver.until(lambda: driver.stage.blocking_cost.victims == 1)
        when_seen()
        if and_then is not None:
            await and_then()
        await waiting
