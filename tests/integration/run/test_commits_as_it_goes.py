"""A CALL or DO that commits as it goes: outside a transaction, never sent twice by itself, settled by verify or a person."""

from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.plan.model import SqlAction, SqlRollback, Step
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.state import StepStatus

MADE = """
CREATE TABLE t (id int PRIMARY KEY, x int);
INSERT INTO t SELECT generate_series(1, 1000);
CREATE TABLE called (at timestamptz);
CREATE PROCEDURE fill_in_batches() LANGUAGE plpgsql AS $$
DECLARE low int := 0;
BEGIN
  INSERT INTO called VALUES (clock_timestamp());
  WHILE low < 1000 LOOP
    UPDATE t SET x = id WHERE id > low AND id <= low + 100;
    COMMIT;
    low := low + 100;
  END LOOP;
END $$;
CREATE PROCEDURE half() LANGUAGE plpgsql AS $$
BEGIN
  UPDATE t SET x = id WHERE id <= 500;
  COMMIT;
  UPDATE t SET x = 1 / 0 WHERE id > 500;
END $$;
CREATE PROCEDURE empty() LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET x = NULL; COMMIT; END $$;
CREATE PROCEDURE waits() LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO called VALUES (clock_timestamp());
  COMMIT;
  PERFORM pg_sleep(60);
END $$;
"""
FILLED = "SELECT count(x) FROM t"
UNTIL_CALLED = "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM called) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$"


@pytest.fixture
async def dsn(server: Database) -> str:
    dsn = str(server.dsn())
    await do(dsn, MADE)
    return dsn


def alone(name: str, sql: str, back: str = "CALL empty()", **fields: Any) -> Step:
    made = sql_step(name, sql, back, **fields)
    return made.model_copy(
        update={"action": SqlAction(sql=sql, transaction=False), "rollback": SqlRollback(sql=back, transaction=False)}
    )


BLOCK = "DO $$ BEGIN UPDATE t SET x = id WHERE id = 1; COMMIT; UPDATE t SET x = id WHERE id = 2; END $$"


async def test_it_runs_there_back_and_there(dsn: str) -> None:
    both = "UPDATE t SET x = 0 WHERE id = 3; CALL fill_in_batches(); " + BLOCK
    async with Driver(plan_of(alone("call", both, verify=("SELECT count(x) = 1000 FROM t",))), dsn) as driver:
        for _ in range(2):
            state = await driver.run("call")
            assert (state.status, state.statements_done) == (StepStatus.DONE, 3), state.message
            assert await ask(dsn, FILLED) == 1000
            await driver.roll_back_to("call")
            assert driver.state("call").status is StepStatus.PENDING
            assert await ask(dsn, FILLED) == 0


async def test_in_a_transaction_it_is_refused_and_nothing_remains(dsn: str) -> None:
    async with Driver(plan_of(sql_step("call", "CALL fill_in_batches()"), sql_step("block", BLOCK)), dsn) as driver:
        state = await driver.run("call")
        assert state.status is StepStatus.FAILED
        assert "invalid transaction termination" in state.message
    assert await ask(dsn, FILLED) == 0


async def test_what_fails_half_way_is_in_doubt_and_a_person_says_what_it_is(dsn: str) -> None:
    async with Driver(plan_of(alone("call", "CALL half()")), dsn) as driver:
        driver.start("call")
        await driver.until(lambda: driver.state("call").status is StepStatus.IN_DOUBT)
        state = driver.state("call")
        assert "division by zero" in state.message
        assert "what the CALL had committed by then stays" in state.message
        assert await ask(dsn, FILLED) == 500
        doubts = [each.event for each in await driver.journal() if isinstance(each.event, e.StepInDoubt)]
        assert [each.index for each in doubts] == [0]


async def test_a_lock_that_is_not_had_in_it_does_not_send_it_again(dsn: str) -> None:
    """Everywhere else a lock timeout is tried again; here it could do the first half twice."""
    await do(dsn, "CREATE TABLE locked (id int)")
    await do(
        dsn,
        "CREATE PROCEDURE locks() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO called VALUES (now()); COMMIT;"
        " LOCK TABLE locked; END $$",
    )
    async with await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("LOCK TABLE locked")
        async with Driver(plan_of(alone("call", "CALL locks()")), dsn) as driver:
            driver.start("call")
            await driver.until(lambda: driver.state("call").status is StepStatus.IN_DOUBT)
            assert "lock timeout" in driver.state("call").message
    assert await ask(dsn, "SELECT count(*) FROM called") == 1


async def test_a_backend_that_dies_in_it_leaves_a_doubt_that_verify_settles(dsn: str) -> None:
    step = alone("call", "CALL waits()", verify=("SELECT count(*) = 1 FROM called",))
    async with Driver(plan_of(step), dsn) as driver:
        driver.start("call")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SENDING)
        await do(dsn, UNTIL_CALLED)
        await ask(
            dsn,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'CALL waits()' AND state = 'active'",
        )
        await driver.until(
            lambda: driver.state("call").status not in (StepStatus.RUNNING, StepStatus.PENDING), seconds=60
        )
        assert driver.state("call").status is not StepStatus.IN_DOUBT
        settled = [each.event for each in await driver.journal() if isinstance(each.event, e.DoubtSettled)]
        assert [each.done for each in settled] == [True]
    assert await ask(dsn, "SELECT count(*) FROM called") == 1


async def test_a_pause_leaves_it_at_work(dsn: str) -> None:
    await do(
        dsn,
        "CREATE PROCEDURE slow() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO called VALUES (now()); COMMIT;"
        " PERFORM pg_sleep(2); UPDATE t SET x = id; COMMIT; END $$",
    )
    async with Driver(plan_of(alone("call", "CALL slow()"), sql_step("next", "SELECT 1")), dsn) as driver:
        driver.start("call")
        await do(dsn, UNTIL_CALLED)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.stage.working is None, seconds=240)
        assert driver.state("call").statements_done == 1
    assert await ask(dsn, FILLED) == 1000
