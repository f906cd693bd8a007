"""What is said after a backfill stopped in the middle is what is so: some is done, and R goes on from there."""

import asyncio
from datetime import timedelta

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, Limits, NoRollback, Step
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

ROWS = 4000
BY_KEY = BatchTuning(batch_rows=100, max_batch_rows=100, walk="key")
RAISES = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.id = 2500 THEN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def fill(expression: str = "v", where: str | None = "x IS NULL", **tuning: object) -> Step:
    action = BackfillAction(
        table="t", assignments=(("x", expression),), where=where, tuning=BY_KEY.model_copy(update=tuning)
    )
    return step("fill", action, NoRollback(reason="a test"), limits=Limits(retries=2))


@pytest.fixture
async def dsn(server: Database) -> str:
    made = server.dsn()
    await do(made, "CREATE TABLE t (id int PRIMARY KEY, v int, x int)")
    await do(made, f"INSERT INTO t SELECT g, g FROM generate_series(1, {ROWS}) g; ANALYZE")
    return made


@pytest.mark.parametrize("code", ["22012", "53100", "42501", "P0001"])
@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_a_failure_half_way_says_how_much_is_done_and_going_on_begins_there(
    dsn: str, code: str, where: str | None
) -> None:
    await do(dsn, RAISES.format(code=code))
    async with Driver(plan_of(fill(where=where)), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert state.partial
        assert 0 < (state.rows or 0) < ROWS
        failed = [each.event for each in await driver.journal() if isinstance(each.event, e.StepFailed)]
        assert failed[-1].partial
        await do(dsn, "DROP TRIGGER refuse ON t")
        state = await driver.run("fill")
        assert (state.status, state.rows) == (StepStatus.DONE, ROWS)
    assert await ask(dsn, "SELECT bool_and(x = v) FROM t")


async def test_a_verify_query_that_is_not_true_is_no_failure_half_way(dsn: str) -> None:
    wrong = fill().model_copy(update={"verify": ("SELECT false",)})
    async with Driver(plan_of(wrong), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert (state.applied, state.partial) == (True, False)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_cut_connection_is_no_failure_wherever_in_a_batch_it_comes(dsn: str, workers: int) -> None:
    """Cut again and again at moments of its own: in the middle of a pipeline, between two batches, while it rests."""
    slow = fill(batch_pause=timedelta(milliseconds=2), workers=workers)
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'zdtui tour%'"
        " AND datname = current_database() AND state = 'active'"
    )
    async with Driver(plan_of(slow), dsn) as driver:
        for _ in range(6):
            if driver.state("fill").status is StepStatus.DONE:
                break
            driver.start("fill")
            await driver.until(lambda: driver.stage.working is not None)
            async with asyncio.timeout(20):
                while driver.stage.working is not None and not await ask(dsn, cut):
                    pass
            await driver.until(lambda: driver.stage.working is None)
            await driver.until(
                lambda: (
                    driver.stage.connection_state is ConnectionState.CONNECTED
                    and driver.stage.console_role is ConsoleRole.CONDUCTOR
                ),
                seconds=60,
            )
        if driver.state("fill").status is not StepStatus.DONE:
            await driver.run("fill")
        state = driver.state("fill")
        assert (state.status, state.rows) == (StepStatus.DONE, ROWS), state.message
        assert not [each.event for each in await driver.journal() if isinstance(each.event, e.StepFailed)]
    assert await ask(dsn, "SELECT bool_and(x = v) FROM t")
