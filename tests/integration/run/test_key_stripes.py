"""Backfills by key in stripes: each row belongs to one pass by its key alone, and a stretch goes on where it was cut."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, Limits, NoRollback, Step
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

ROWS = 30_000
TABLE = """
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL, pad text NOT NULL, x int, n int NOT NULL DEFAULT 0)
WITH (autovacuum_enabled = off)
"""
TUNING = BatchTuning(batch_rows=300, max_batch_rows=300)
ONCE = "SELECT bool_and(n = 1) FROM t"
WAYS = "SELECT string_agg(DISTINCT way, ', ') FROM zdtui.checkpoint"


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def has_done(driver: Driver, least: int) -> bool:
    """Whether so many batches are done."""
    return batches(driver) >= least


def fill(limits: Limits | None = None, **fields: Any) -> Step:
    defaults = {"table": "t", "assignments": (("n", "n + 1"),), "tuning": TUNING}
    more: dict[str, Any] = {} if limits is None else {"limits": limits}
    return step("fill", BackfillAction(**{**defaults, **fields}), NoRollback(reason="a test"), **more)


async def table(dsn: str, key: str = "g", rows: int = ROWS) -> None:
    """`t`, whose rows lie in the order of their keys."""
    await do(dsn, TABLE)
    await do(dsn, f"INSERT INTO t SELECT {key}, g % 7, repeat('p', 60) FROM generate_series(1, {rows}) g")
    await do(dsn, "CREATE INDEX ON t (a)")
    await do(dsn, "VACUUM ANALYZE t")


@pytest.mark.parametrize(
    "key", ["g", "g - 15000", "g * 2", "g * 70", "g + g / 100 * 1000000", "9223372036854775807 - 30000 + g"]
)
async def test_every_row_is_changed_once_whatever_the_keys_are(dsn: str, key: str) -> None:
    await table(dsn, key)
    async with Driver(plan_of(fill()), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows) == (StepStatus.DONE, ROWS)
    assert await ask(dsn, ONCE)
    assert await ask(dsn, WAYS) == "by key, in stripes"


async def test_most_updates_are_hot_and_the_table_hardly_grows(dsn: str) -> None:
    await table(dsn)
    before = await ask(dsn, "SELECT pg_total_relation_size('t')")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT pg_total_relation_size('t')") < 1.4 * before
    await do(dsn, "SELECT pg_sleep(1)")
    hot = "SELECT n_tup_hot_upd::float8 / n_tup_upd FROM pg_stat_user_tables WHERE relname = 't'"
    assert await ask(dsn, hot) > 0.6


async def test_it_goes_on_in_the_middle_of_a_stretch_beside_a_writing_application(dsn: str) -> None:
    await table(dsn)
    ended = threading.Event()

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            number = 0
            while not ended.is_set():
                number += 1
                connection.execute("UPDATE t SET pad = pad || 'q' WHERE id %% 97 = %s", [number % 97])
                connection.execute("DELETE FROM t WHERE id = %s", [ROWS - number])

    writer = threading.Thread(target=write)
    async with Driver(
        plan_of(fill(tuning=TUNING.model_copy(update={"batch_pause": timedelta(milliseconds=5)}))), dsn
    ) as driver:
        writer.start()
        stopped: list[int] = []
        try:
            for stop in range(4):
                driver.start("fill")
                least = 4 + 11 * stop
                await driver.until(partial(has_done, driver, least))
                pid = driver.stage.sessions.working.info.backend_pid
                await do(dsn, f"SELECT pg_terminate_backend({pid})")
                await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST)
                await driver.until(lambda: driver.stage.connection_state is ConnectionState.CONNECTED)
                stopped.append(await ask(dsn, "SELECT jsonb_array_length(position) FROM zdtui.checkpoint"))
            assert 5 in stopped, "never in the middle of a stretch"
            state = await driver.run("fill")
        finally:
            ended.set()
            writer.join()
    assert state.status is StepStatus.DONE
    assert await ask(dsn, ONCE)
    assert state.rows >= await ask(dsn, "SELECT count(*) FROM t")


def batches(driver: Driver) -> int:
    work = driver.stage.work
    progress = work.activity.progress if work else None
    return progress.batches if progress else 0


async def test_a_pass_that_times_out_is_divided_and_still_changes_every_row_once(dsn: str) -> None:
    await table(dsn, rows=3000)
    await do(
        dsn,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.id > 1500 THEN PERFORM pg_sleep(0.001); END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION slow()",
    )
    limits = Limits(statement_timeout=timedelta(milliseconds=150), retries=9)
    tuning = BatchTuning(batch_rows=300, max_batch_rows=300, batch_duration=timedelta(seconds=5))
    async with Driver(plan_of(fill(limits, tuning=tuning)), dsn) as driver:
        state = await driver.run("fill")
        failed = [line.event for line in driver.stage.recorder.state.log if line.event.kind == "attempt failed"]
    assert failed
    assert (state.status, state.rows) == (StepStatus.DONE, 3000)
    assert await ask(dsn, ONCE)


async def test_few_rows_that_match_are_found_in_two_passes(dsn: str) -> None:
    await table(dsn)
    tuning = TUNING.model_copy(update={"batch_duration": timedelta(seconds=5)})
    async with Driver(plan_of(fill(where="a = 3 AND id % 50 = 0", tuning=tuning)), dsn) as driver:
        state = await driver.run("fill")
    assert state.rows == await ask(dsn, "SELECT count(*) FROM t WHERE a = 3 AND id % 50 = 0")
    assert await ask(dsn, "SELECT sum(n) FROM t") == state.rows
    assert state.batches < 40


async def test_bad_rows_stand_aside_once(dsn: str) -> None:
    await table(dsn)
    await do(dsn, "ALTER TABLE t ADD CHECK (id % 5000 <> 17 OR n = 0)")
    async with Driver(plan_of(fill(tuning=TUNING.model_copy(update={"max_rejected": 10}))), dsn) as driver:
        state = await driver.run("fill")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 6, 6)
        await do(dsn, "ALTER TABLE t DROP CONSTRAINT t_check")
        state = await driver.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, ONCE)


async def test_where_rows_do_not_lie_by_key_or_the_column_is_indexed_it_is_plain(dsn: str) -> None:
    await do(dsn, TABLE)
    await do(dsn, f"INSERT INTO t SELECT g, 1, 'p' FROM generate_series(1, {ROWS}) g ORDER BY hashint8(g)")
    await do(dsn, "ANALYZE t")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, WAYS) == "by key"
    assert await ask(dsn, ONCE)
