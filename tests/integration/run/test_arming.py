"""A step that is armed starts by itself in a quiet moment, and only then; it is disarmed by a key, by time, by a crash."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

ADD = sql_step("add", "ALTER TABLE t ADD COLUMN a int", "ALTER TABLE t DROP COLUMN a")
THERE = "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'"
CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), "CREATE TABLE t (id int PRIMARY KEY)")
    return str(server.dsn())


def arm(driver: Driver, lasts: float = 60.0) -> None:
    """Confirm the step for later, as the console does."""
    step = driver.plan.step("add")
    driver.conductor.submit(c.Arm(step.id, step_digest(step), "y", timedelta(seconds=lasts)))


def kinds(driver: Driver) -> list[str]:
    return [line.event.kind for line in driver.stage.recorder.state.log]


async def test_it_fires_once_the_old_holder_is_gone_and_not_before(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        await ask(dsn, "SELECT pg_sleep(1.1)")
        arm(driver)
        await driver.until(lambda: str(holder.info.backend_pid) in driver.stage.not_quiet)
        assert driver.stage.recorder.state.armed is not None
        assert "step started" not in kinds(driver)
        assert await ask(dsn, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0
        await holder.rollback()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
        assert driver.stage.recorder.state.armed is None
        started = next(x.event for x in await driver.journal() if isinstance(x.event, e.StepStarted))
        assert started.confirmed_by == "y, armed"
    assert await ask(dsn, THERE) == 1


async def test_pause_disarms_and_what_was_armed_does_not_start(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        await ask(dsn, "SELECT pg_sleep(1.1)")
        arm(driver)
        await driver.until(lambda: driver.stage.not_quiet)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: "step disarmed" in kinds(driver))
        await holder.rollback()
        await driver.until(lambda: not driver.stage.not_quiet)
        assert driver.state("add").status is StepStatus.PENDING
        assert (await driver.run("add")).status is StepStatus.DONE


async def test_time_disarms(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        await ask(dsn, "SELECT pg_sleep(1.1)")
        arm(driver, lasts=1.0)
        await driver.until(lambda: "step disarmed" in kinds(driver))
        assert driver.state("add").status is StepStatus.PENDING


async def test_a_console_that_is_killed_while_armed_leaves_nothing_armed(dsn: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        await ask(dsn, "SELECT pg_sleep(1.1)")
        console = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.integration.run.armed", dsn, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
        )
        assert console.stdout is not None
        assert (await asyncio.wait_for(console.stdout.readline(), 30)).strip() == b"armed"
        console.send_signal(signal.SIGKILL)
        await console.wait()
        async with Driver(plan_of(ADD), dsn) as driver:
            await driver.until(lambda: driver.stage.recorder.state.opened is not None)
            driver.conductor.submit(c.TakeOver())
            await driver.until(lambda: kinds(driver).count("console joined") == 2)
            assert "step armed" in kinds(driver)
            assert driver.stage.recorder.state.armed is None
            await holder.rollback()
            assert (await driver.run("add")).status is StepStatus.DONE
            assert (
                next(x.event for x in await driver.journal() if isinstance(x.event, e.StepStarted)).confirmed_by
                == "add"
            )
