"""Backfill and copy: every row once, whatever the key, also across pause, resume, errors and rollback."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction, Limits, NoRollback, SqlRollback, Step, Walk
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

SMALL = BatchTuning(batch_rows=100, max_batch_rows=100)


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def fill(**fields: Any) -> Step:
    action = BackfillAction(**{"table": "t", "assignments": (("x", "x + 1"),), "tuning": SMALL, **fields})
    return step("fill", action, SqlRollback(sql="UPDATE t SET x = 0"))


KEYS = {
    "bigint": ("id bigint PRIMARY KEY", "g * 7 - 3000"),
    "uuid": ("id uuid PRIMARY KEY", "md5(g::text)::uuid"),
    "text": ("id text PRIMARY KEY", "'k' || g || repeat('é', g % 3)"),
    "timestamptz": ("id timestamptz PRIMARY KEY", "'2026-01-01'::timestamptz + g * interval '1.000001 s'"),
    "numeric": ("id numeric PRIMARY KEY", "g / 7.0"),
    "composite": ("a int, id text, PRIMARY KEY (a, id)", "NULL"),
    "quoted": ('"Odd Name" int PRIMARY KEY, id int', "g"),
}


@pytest.mark.parametrize("kind", KEYS)
async def test_every_row_is_changed_exactly_once_whatever_the_key(dsn: str, kind: str) -> None:
    columns, value = KEYS[kind]
    await do(dsn, f"CREATE TABLE t ({columns}, x int NOT NULL DEFAULT 0)")
    if kind == "composite":
        await do(dsn, "INSERT INTO t (a, id) SELECT g % 13, 'r' || g FROM generate_series(1, 3000) g")
    elif kind == "quoted":
        await do(dsn, 'INSERT INTO t ("Odd Name", id) SELECT g, g FROM generate_series(1, 3000) g')
    else:
        await do(dsn, f"INSERT INTO t (id) SELECT {value} FROM generate_series(1, 3000) g")
    async with Driver(plan_of(fill()), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE
        assert state.rows == 3000
        assert state.batches >= 30
    assert await ask(dsn, "SELECT bool_and(x = 1) FROM t")


async def test_a_pause_stops_at_a_batch_boundary_and_going_on_starts_exactly_there(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0)")
    await do(dsn, "INSERT INTO t SELECT g, 0 FROM generate_series(1, 50000) g")
    async with Driver(plan_of(fill()), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        await driver.until(lambda: driver.stage.work.activity.progress.batches >= 5)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("fill").status is StepStatus.HELD)
        held = driver.state("fill")
        assert held.hold is e.HoldKind.PAUSED
        assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 1") == held.rows
        assert await ask(dsn, "SELECT rows FROM zdtui.checkpoint") == held.rows
        assert (await driver.run("fill")).rows == 50000
    assert await ask(dsn, "SELECT bool_and(x = 1) FROM t")


@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_rows_that_come_later_are_done_where_they_can_be_told_and_else_the_dual_writes(
    dsn: str, where: str | None
) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t SELECT generate_series(1, 1000)")
    by_key = SMALL.model_copy(update={"walk": Walk.KEY})
    async with Driver(plan_of(fill(assignments=(("x", "1"),), where=where, tuning=by_key)), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        await do(dsn, "INSERT INTO t SELECT generate_series(2001, 2010)")
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == (10 if where is None else 0)


async def test_a_where_that_matches_few_rows_and_a_percent_sign(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int, n text)")
    await do(dsn, "INSERT INTO t SELECT g, 0, CASE WHEN g % 100 = 0 THEN 'a%b' END FROM generate_series(1, 5000) g")
    async with Driver(plan_of(fill(where="n LIKE 'a\\%%'")), dsn) as driver:
        assert (await driver.run("fill")).rows == 50
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 1") == 50


async def test_an_empty_table_is_done_at_once(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int)")
    async with Driver(plan_of(fill()), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE


@pytest.mark.parametrize(
    ("table", "key", "says"),
    [
        ("CREATE TABLE t (id int, x int)", (), "no primary key"),
        ("CREATE TABLE t (id int UNIQUE, x int)", ("id",), "may be null"),
        ("CREATE TABLE t (id int, x int); CREATE INDEX ON t (id)", ("id",), "no valid unique index"),
    ],
)
async def test_a_key_that_would_miss_rows_is_refused(dsn: str, table: str, key: tuple[str, ...], says: str) -> None:
    await do(dsn, table)
    async with Driver(plan_of(fill(key=key)), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert says in state.message


async def test_a_unique_key_that_the_plan_names_will_do(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int, k int NOT NULL UNIQUE, x int)")
    await do(dsn, "INSERT INTO t SELECT NULL, g, 0 FROM generate_series(1, 500) g")
    async with Driver(plan_of(fill(key=("k",))), dsn) as driver:
        assert (await driver.run("fill")).rows == 500


async def test_a_bad_row_fails_the_batch_and_keeps_those_before(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int, n text)")
    await do(dsn, "INSERT INTO t SELECT g, 0, CASE g WHEN 450 THEN 'bad' ELSE '7' END FROM generate_series(1, 1000) g")
    async with Driver(plan_of(fill(assignments=(("x", "n::int"),))), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert "bad" in state.message
        assert state.rows is not None
        assert 0 < state.rows < 1000
        assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 7") == state.rows
        await do(dsn, "UPDATE t SET n = '7' WHERE id = 450")
        assert (await driver.run("fill")).rows == 1000
    assert await ask(dsn, "SELECT bool_and(x = 7) FROM t")


async def test_a_locked_row_is_tried_again_with_a_smaller_batch(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0)")
    await do(dsn, "INSERT INTO t SELECT g, 0 FROM generate_series(1, 300) g")
    patient = fill().model_copy(update={"limits": Limits(lock_timeout=timedelta(milliseconds=50), retries=50)})
    async with Driver(plan_of(patient), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t WHERE id = 150 FOR UPDATE")
        driver.start("fill")
        tried = e.AttemptFailed
        await driver.until(lambda: any(isinstance(line.event, tried) for line in driver.stage.recorder.state.log))
        await holder.rollback()
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
    assert await ask(dsn, "SELECT bool_and(x = 1) FROM t")


async def test_a_rollback_forgets_the_checkpoint(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0)")
    await do(dsn, "INSERT INTO t SELECT g, 0 FROM generate_series(1, 300) g")
    async with Driver(plan_of(fill()), dsn) as driver:
        await driver.run("fill")
        await driver.roll_back_to("fill")
        assert await ask(dsn, "SELECT count(*) FROM zdtui.checkpoint") == 0
        assert await ask(dsn, "SELECT bool_and(x = 0) FROM t")
        assert (await driver.run("fill")).rows == 300


async def test_a_copy_takes_what_is_valid_and_records_the_rest_with_the_reason(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, address text, city text)")
    await do(
        dsn,
        "INSERT INTO t SELECT g, CASE WHEN g % 10 = 0 THEN '' ELSE 'street ' || g END, "
        "CASE WHEN g % 25 = 0 THEN NULL ELSE 'town' END FROM generate_series(1, 1000) g",
    )
    await do(dsn, "CREATE TABLE a (user_id int PRIMARY KEY, line text NOT NULL); INSERT INTO a VALUES (1, 'kept')")
    copy = CopyAction(
        source="t",
        into="a",
        columns=(("user_id", "id"), ("line", "address")),
        valid=(("has an address", "address <> ''"), ("has a city", "city IS NOT NULL")),
        tuning=SMALL,
    )
    moved = step("move", copy, SqlRollback(sql="DELETE FROM a WHERE user_id <> 1"))
    async with Driver(plan_of(moved), dsn) as driver:
        state = await driver.run("move")
        assert state.status is StepStatus.DONE
        assert state.rejected == 120
        assert state.rows == 1000 - 120 - 1
        assert await ask(dsn, "SELECT line FROM a WHERE user_id = 1") == "kept"
        reasons = "SELECT string_agg(reason || ' ' || n, ', ' ORDER BY reason) FROM "
        counted = "(SELECT reason, count(*) AS n FROM zdtui.rejected GROUP BY 1) AS r"
        assert await ask(dsn, reasons + counted) == "has a city 20, has an address 100"
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected WHERE key = '[\"10\"]'") == 1
        await driver.roll_back_to("move")
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == 0


async def test_a_backfill_with_nothing_to_undo_can_be_rolled_back_and_run_again(dsn: str) -> None:
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t SELECT generate_series(1, 300)")
    again = step("fill", BackfillAction(table="t", assignments=(("x", "1"),)), NoRollback(reason="harmless"))
    async with Driver(plan_of(again), dsn) as driver:
        await driver.run("fill")
        await driver.roll_back_to("fill")
        assert (await driver.run("fill")).rows == 300
