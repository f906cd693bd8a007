"""The longest a strong lock is queued for holds by our own clock, whatever the server does with lock_timeout."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, do, plan_of, sql_step
from zdtui.plan.model import Limits
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.deadline import Deadline
from zdtui.run.execute import lock_acquisition as taking
from zdtui.run.locks.policy import WaitInQueue
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

SHORT = Limits(
    lock_timeout=timedelta(milliseconds=100),
    lock_queue_ceiling=timedelta(milliseconds=100),
    lock_patience=timedelta(seconds=30),
    retries=1,
)
SETUP = """
CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int);
CREATE FUNCTION waits() RETURNS void LANGUAGE plpgsql SET lock_timeout = 0 AS $$ BEGIN LOCK TABLE t; END $$;
"""
ON_DDL = """
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN SET LOCAL lock_timeout = 0; LOCK TABLE public.t; END $$;
CREATE EVENT TRIGGER on_ddl ON ddl_command_start WHEN TAG IN ('CREATE DOMAIN') EXECUTE FUNCTION on_ddl()
"""


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), SETUP)
    return str(server.dsn())


@pytest.mark.parametrize(
    "sql",
    [
        "DO $$ BEGIN SET LOCAL lock_timeout = 0; LOCK TABLE t; END $$",
        "SET LOCAL lock_timeout = 0; DO $$ BEGIN LOCK TABLE t; END $$",
        "SELECT waits()",
        "CREATE DOMAIN d AS int",
        "VACUUM u; DO $$ BEGIN SET LOCAL lock_timeout = 0; LOCK TABLE t; END $$",
    ],
)
async def test_a_wait_that_the_server_does_not_end_is_ended_by_us(dsn: str, server: Database, sql: str) -> None:
    server.execute(ON_DDL, user="postgres")
    async with Driver(plan_of(sql_step("step", sql, limits=SHORT)), dsn) as driver:
        holder = await psycopg.AsyncConnection.connect(dsn)
        await holder.execute("SELECT * FROM t")
        state = await driver.run("step")
        assert state.status is StepStatus.HELD
        assert state.hold is e.HoldKind.LOCK
        tries = [each.event for each in await driver.journal() if isinstance(each.event, e.AttemptFailed)]
        assert len(tries) == 2
        assert all("the server did not end that by itself" in each.message for each in tries)
        await holder.close()
        assert (await driver.run("step")).status is StepStatus.DONE


async def test_a_deadline_ends_what_waits_and_leaves_what_is_in_time(dsn: str) -> None:
    session = await connect(Target(dsn), application_name="test")
    holder = await psycopg.AsyncConnection.connect(dsn)
    await holder.execute("SELECT * FROM t")
    async with session.transaction(force_rollback=True):
        async with Deadline(session, 0.2) as late:
            await session.execute("LOCK TABLE public.t")
        assert late.passed
    for _ in range(20):
        async with Deadline(session, 30.0) as in_time:
            await session.execute("SELECT 1")
        assert not in_time.passed
    with pytest.raises(psycopg.errors.DivisionByZero):
        async with Deadline(session, 30.0):
            await session.execute("SELECT 1/0")
    await session.close()
    await holder.close()


async def test_a_cancel_that_comes_with_the_answer_does_not_meet_the_next_question(dsn: str) -> None:
    session = await connect(Target(dsn), application_name="test")
    passed = 0
    for number in range(60):
        async with Deadline(session, 0.02) as deadline:
            await session.execute("SELECT pg_sleep(%s)", [0.015 + number % 10 / 1000])
        passed += deadline.passed
        await session.execute("SELECT 1")
    assert passed
    await session.close()


async def test_the_queue_is_left_at_our_deadline_where_the_server_does_not_keep_its_own(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a server that takes locks elsewhere: there lock_timeout does not reach."""

    def endless(*_: object) -> str:
        return "DO $$ BEGIN SET LOCAL lock_timeout = 0; LOCK TABLE public.t; END $$"

    monkeypatch.setattr(taking, "in_the_queue", endless)
    monkeypatch.setattr(taking, "next_move", lambda *_: WaitInQueue(0.05))
    limits = SHORT.model_copy(update={"retries": 1000})
    async with Driver(plan_of(sql_step("add", "ALTER TABLE t ADD COLUMN a int", limits=limits)), dsn) as driver:
        holder = await psycopg.AsyncConnection.connect(dsn)
        await holder.execute("SELECT * FROM t")
        driver.start("add")

        def left_at_our_deadline() -> bool:
            tries = [line.event for line in driver.stage.recorder.state.log if isinstance(line.event, e.AttemptFailed)]
            return any("which we ended: the server did not" in each.message for each in tries)

        await driver.until(left_at_our_deadline)
        reader = await psycopg.AsyncConnection.connect(dsn)
        await asyncio.wait_for(reader.execute("SELECT * FROM t"), 20)
        await reader.close()
        await holder.close()
        monkeypatch.undo()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE, seconds=60)
