"""With an old reader there, a step never waits in the lock queue, whatever tells which tables it locks.

The text names some, the catalog others: by a type, a domain, a sequence, a function, a partition that came later.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.plan.model import Limits
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.state import StepStatus

PATIENT = Limits(lock_patience=timedelta(seconds=60))
OURS_UNGRANTED = """
SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
 WHERE NOT l.granted AND a.datname = current_database() AND a.application_name LIKE 'zdtui%'
"""
TABLE = """
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE DOMAIN label AS text;
CREATE SEQUENCE ticket;
CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (id int PRIMARY KEY, m mood, l label, n int DEFAULT nextval('ticket'), o int DEFAULT one());
INSERT INTO t SELECT g, 'sad', 'x' FROM generate_series(1, 100) AS g;
"""
STATEMENTS = (
    "ALTER TABLE t ADD COLUMN a int",
    "ALTER TABLE t SET (user_catalog_table = true)",
    "DROP TYPE mood CASCADE",
    "DROP DOMAIN label CASCADE",
    "DROP SEQUENCE ticket CASCADE",
    "DROP FUNCTION one() CASCADE",
    "ALTER DOMAIN label ADD CONSTRAINT longer CHECK (length(VALUE) < 9)",
)


@contextlib.asynccontextmanager
async def application(dsn: str) -> AsyncIterator[list[int]]:
    """Selects by key without end; how often, so that a test can wait for the next."""
    done, over = [0], asyncio.Event()

    async def select() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as session:
            while not over.is_set():
                await session.execute("SELECT id FROM t WHERE id = 7")
                done[0] += 1

    task = asyncio.create_task(select())
    try:
        yield done
    finally:
        over.set()
        await task


@pytest.mark.parametrize("sql", STATEMENTS)
async def test_with_an_old_reader_there_it_is_never_in_the_queue(server: Database, sql: str) -> None:
    dsn = str(server.dsn())
    await do(dsn, TABLE)
    step = sql_step("it", sql, limits=PATIENT)
    async with Driver(plan_of(step), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as reader:
        # A row lock conflicts with SHARE too, which is all that ALTER DOMAIN takes.
        await reader.execute("SELECT id FROM t WHERE id = 1 FOR UPDATE")
        await reader.execute("UPDATE t SET id = id WHERE id = 2")
        async with application(dsn) as selects:
            driver.start("it")
            await driver.until(lambda: _looking(driver))
            assert any("public.t" in each for each in driver.stage.work.activity.locking.relations)
            for _ in range(30):
                before = selects[0]
                assert await ask(dsn, OURS_UNGRANTED) == 0
                await driver.until(partial(_has_selected, selects, before))
            assert _looking(driver)
            assert driver.stage.work.host.blocking_cost.victims == 0
            await reader.rollback()
            await driver.until(lambda: driver.state("it").status is StepStatus.DONE)
        assert not [line for line in driver.stage.recorder.state.log if isinstance(line.event, e.AttemptFailed)]


async def test_a_partition_that_comes_while_a_gap_is_waited_for_is_waited_for_too(server: Database) -> None:
    dsn = str(server.dsn())
    await do(dsn, "CREATE TABLE t (id int, k int) PARTITION BY LIST (k); CREATE TABLE late (id int, k int)")
    step = sql_step("add", "ALTER TABLE t ADD COLUMN a int", limits=PATIENT)
    async with (
        Driver(plan_of(step), dsn) as driver,
        await psycopg.AsyncConnection.connect(dsn) as first,
        await psycopg.AsyncConnection.connect(dsn) as second,
    ):
        await first.execute("SELECT * FROM t")
        driver.start("add")
        await driver.until(lambda: _looking(driver))
        await do(dsn, "ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (2)")
        await second.execute("SELECT * FROM late")
        await driver.until(lambda: "ACCESS EXCLUSIVE on public.late" in driver.stage.work.activity.locking.relations)
        await first.rollback()
        await driver.until(
            lambda: (
                [node.backend.key.pid for node in driver.stage.work.activity.locking.holders]
                == [second.info.backend_pid]
            )
        )
        assert await ask(dsn, OURS_UNGRANTED) == 0
        await second.rollback()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
        assert not [line for line in driver.stage.recorder.state.log if isinstance(line.event, e.AttemptFailed)]


def _has_selected(selects: list[int], before: int) -> bool:
    """Whether the application has got an answer since."""
    return selects[0] > before


def _looking(driver: Driver) -> bool:
    """Whether the step waits for a gap, and for whom is known."""
    work = driver.stage.work
    if work is None or work.activity.doing is not Doing.LOOKING:
        return False
    return bool(work.activity.locking and work.activity.locking.holders)
