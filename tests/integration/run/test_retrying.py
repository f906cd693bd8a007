"""Rejected rows, put right and tried again: each is taken once, the totals stay exact, and a crash loses nothing."""

from typing import Any

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import (
    BackfillAction,
    BatchTuning,
    CopyAction,
    Environment,
    NoRollback,
    SqlRollback,
    Step,
    StepId,
    Target,
    Walk,
)
from zdtui.postgres.target.target import Target as Server
from zdtui.run.decisions.confirm_text import retry_digest
from zdtui.run.journal.rejected_rows import read_rejected
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

ROWS = 1000
BAD = (3, 450, 451, 777)
TUNING = BatchTuning(batch_rows=100, max_batch_rows=100, max_rejected=500)
KEYS = "SELECT coalesce(string_agg(key ->> 0, ' ' ORDER BY (key ->> 0)::int), '') FROM zdtui.rejected"
TOTALS = "SELECT array[sum(rows), sum(rejected)]::int[] FROM zdtui.checkpoint"


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def fill(walk: Walk = Walk.AUTO, **fields: Any) -> Step:
    chosen = {"table": "t", "assignments": (("x", "a::int"), ("n", "n + 1")), "where": "x IS NULL", **fields}
    tuning = TUNING.model_copy(update={"walk": walk})
    return step("fill", BackfillAction(**chosen, tuning=tuning), NoRollback(reason="a test"))


async def table(dsn: str, columns: str = "id int PRIMARY KEY", bad: tuple[int, ...] = BAD) -> None:
    await do(
        dsn,
        f"CREATE TABLE t ({columns}, a text, x int, n int NOT NULL DEFAULT 0);"
        f"INSERT INTO t (id, a) SELECT g, CASE WHEN g = ANY ('{{{','.join(map(str, bad))}}}') THEN 'bad' ELSE '7' END"
        f" FROM generate_series(1, {ROWS}) g",
    )


@pytest.mark.parametrize("walk", [Walk.AUTO, Walk.KEY])
async def test_those_that_were_put_right_are_taken_and_the_others_stay(dsn: str, walk: Walk) -> None:
    await table(dsn)
    async with Driver(plan_of(fill(walk)), dsn) as driver:
        state = await driver.run("fill")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 4, 4)
        assert len(state.first_rejected) == 3
        assert state.first_rejected[0].startswith("(3): 22P02 invalid input syntax")
        await do(dsn, "UPDATE t SET a = '8' WHERE id = 3; UPDATE t SET a = 'worse' WHERE id = 451")
        await do(dsn, "DELETE FROM t WHERE id = 777; UPDATE t SET a = '9', x = 9, n = 1 WHERE id = 450")
        state = await driver.retry("fill")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 3, 1)
        assert state.first_rejected == ('(451): 22P02 invalid input syntax for type integer: "worse"',)
        assert await ask(dsn, KEYS) == "451"
        assert await ask(dsn, TOTALS) == [ROWS - 3, 1]
        assert await ask(dsn, "SELECT bool_and(n = CASE WHEN id = 451 THEN 0 ELSE 1 END) FROM t")
        await do(dsn, "UPDATE t SET a = '8' WHERE id = 451")
        state = await driver.retry("fill")
        assert (state.rows, state.rejected, state.first_rejected) == (ROWS - 2, 0, ())
        assert "no row of fill was rejected" in await driver.refusal(
            c.RetryRejected(StepId("fill"), retry_digest(driver.plan.steps[0]), "fill")
        )
        journal = await driver.journal()
    told = [each.event for each in journal if isinstance(each.event, e.RetryStarted | e.RetryEnded)]
    assert [(each.kind, getattr(each, "changed", None), each.rejected) for each in told] == [
        ("retry started", None, 4),
        ("retry ended", 1, 1),
        ("retry started", None, 1),
        ("retry ended", 1, 0),
    ]


async def test_those_still_refused_stay_in_the_order_of_their_keys(dsn: str) -> None:
    await table(dsn, bad=(8, 90, 777))
    async with Driver(plan_of(fill()), dsn) as driver:
        await driver.run("fill")
        state = await driver.retry("fill")
        keys = [each.split(":")[0] for each in state.first_rejected]
        listed = [each.key for each in await read_rejected(Server(dsn))]
    assert keys == ["(8)", "(90)", "(777)"]
    assert listed == [("8",), ("90",), ("777",)]


async def test_without_a_where_each_row_is_changed_once(dsn: str) -> None:
    await table(dsn)
    await do(dsn, "ALTER TABLE t ADD CHECK (a <> 'bad' OR n = 0)")
    async with Driver(plan_of(fill(assignments=(("n", "n + 1"),), where=None)), dsn) as driver:
        assert (await driver.run("fill")).rejected == 4
        await do(dsn, "UPDATE t SET a = '8' WHERE a = 'bad'")
        state = await driver.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_without_a_key_rows_are_found_wherever_they_are_by_now(dsn: str) -> None:
    await table(dsn, "id int")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rejected == 4
        await do(dsn, "UPDATE t SET a = '8' WHERE id IN (3, 777); UPDATE t SET a = 'bad' WHERE id IN (450, 451)")
        state = await driver.retry("fill")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 2, 2)
        same = "SELECT count(*) FROM t JOIN zdtui.rejected ON t.ctid = (key ->> 0)::tid WHERE a = 'bad'"
        assert await ask(dsn, same) == 2
        await do(dsn, "UPDATE t SET a = '8' WHERE a = 'bad'")
        await do(dsn, "VACUUM t")
        state = await driver.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, TOTALS) == [ROWS, 0]
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_a_copy_takes_those_that_satisfy_its_rules_now(dsn: str) -> None:
    await table(dsn)
    await do(dsn, "UPDATE t SET a = '' WHERE id IN (100, 200); CREATE TABLE copied (id int PRIMARY KEY, n int)")
    copy = CopyAction(
        source="t",
        into="copied",
        columns=(("id", "id"), ("n", "a::int")),
        valid=(("has an a", "a <> ''"),),
        tuning=TUNING,
    )
    async with Driver(plan_of(step("move", copy, SqlRollback(sql="DELETE FROM copied"))), dsn) as driver:
        state = await driver.run("move")
        assert (state.rows, state.rejected) == (ROWS - 6, 6)
        await do(dsn, "UPDATE t SET a = '8' WHERE id IN (100, 3); UPDATE t SET a = '' WHERE id = 450")
        state = await driver.retry("move")
    assert (state.rows, state.rejected) == (ROWS - 4, 4)
    assert await ask(dsn, KEYS + " WHERE reason = 'has an a'") == "200 450"
    assert await ask(dsn, "SELECT count(*) FROM copied") == ROWS - 4
    assert await ask(dsn, TOTALS) == [ROWS - 4, 4]


async def test_rows_of_a_partition_that_is_gone_are_put_right_by_that(dsn: str) -> None:
    await do(
        dsn,
        "CREATE TABLE t (id int PRIMARY KEY, a text, x int, n int NOT NULL DEFAULT 0) PARTITION BY RANGE (id);"
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (500);"
        "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (500) TO (9999);"
        f"INSERT INTO t SELECT g, CASE WHEN g IN {BAD} THEN 'bad' ELSE '7' END FROM generate_series(1, {ROWS}) g",
    )
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rejected == 4
        await do(dsn, "DROP TABLE t_2; UPDATE t SET a = '8' WHERE id = 450")
        state = await driver.retry("fill")
        assert (state.rows, state.rejected) == (ROWS - 3, 2)
        assert await ask(dsn, KEYS) == "3 451"


async def test_a_step_that_failed_for_too_many_is_retried_and_then_gone_on_with(dsn: str) -> None:
    await table(dsn)
    plan = plan_of(
        step(
            "fill",
            BackfillAction(
                table="t",
                assignments=(("x", "a::int"),),
                where="x IS NULL",
                tuning=TUNING.model_copy(update={"max_rejected": 2, "walk": Walk.KEY}),
            ),
            NoRollback(reason="a test"),
        )
    )
    async with Driver(plan, dsn) as driver:
        state = await driver.run("fill")
        assert (state.status, state.rejected) == (StepStatus.FAILED, 1)
        await do(dsn, "UPDATE t SET a = '8' WHERE id = 3")
        state = await driver.retry("fill")
        assert (state.status, state.rejected) == (StepStatus.FAILED, 0)
        await do(dsn, "UPDATE t SET a = '8' WHERE a = 'bad' AND id <> 777")
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 1, 1)
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 1


async def slow_and_many(dsn: str) -> int:
    """200 bad rows, each put right, each of which takes a moment to change."""
    await do(
        dsn,
        "UPDATE t SET a = '8' WHERE a = 'bad';"
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$;"
        "CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION slow()",
    )
    return 200


async def test_a_pause_stops_it_between_two_transactions(dsn: str) -> None:
    await table(dsn, bad=tuple(range(5, ROWS + 1, 5)))
    async with Driver(plan_of(fill()), dsn) as driver:
        await driver.run("fill")
        bad = await slow_and_many(dsn)
        each = driver.plan.steps[0]
        driver.conductor.submit(c.RetryRejected(each.id, retry_digest(each), "fill"))
        await driver.until(lambda: driver.state("fill").retrying)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: not driver.state("fill").retrying and driver.stage.working is None)
        state = driver.state("fill")
        assert state.status is StepStatus.DONE
        assert 0 < state.rejected <= bad
        assert await ask(dsn, TOTALS) == [state.rows, state.rejected]
        assert driver.stage.recorder.state.pause_by is not None
        state = await driver.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


@pytest.mark.parametrize("columns", ["id int PRIMARY KEY", "id int"])
async def test_a_session_lost_meanwhile_loses_and_doubles_nothing(dsn: str, columns: str) -> None:
    await table(dsn, columns, bad=tuple(range(5, ROWS + 1, 5)))
    async with Driver(plan_of(fill()), dsn) as driver:
        await driver.run("fill")
        await slow_and_many(dsn)
        each = driver.plan.steps[0]
        driver.conductor.submit(c.RetryRejected(each.id, retry_digest(each), "fill"))
        await driver.until(lambda: driver.state("fill").retrying)
        pid = driver.stage.sessions.working.info.backend_pid
        await do(dsn, f"SELECT pg_sleep(0.3), pg_terminate_backend({pid})")
        await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST)
        await driver.until(
            lambda: driver.stage.connection_state is ConnectionState.CONNECTED and not driver.state("fill").retrying
        )
        state = driver.state("fill")
        assert state.status is StepStatus.DONE
        assert await ask(dsn, TOTALS) == [state.rows, state.rejected]
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == state.rejected
        assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NOT NULL") == state.rows
        if state.rejected:
            state = await driver.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_a_console_that_died_meanwhile_is_told_by_the_next(dsn: str) -> None:
    await table(dsn, bad=tuple(range(5, ROWS + 1, 5)))
    plan = plan_of(fill())
    async with Driver(plan, dsn) as driver:
        await driver.run("fill")
        await slow_and_many(dsn)
        each = driver.plan.steps[0]
        driver.conductor.submit(c.RetryRejected(each.id, retry_digest(each), "fill"))
        await driver.until(lambda: driver.state("fill").retrying)
        assert driver.task is not None
        driver.task.cancel()
    async with Driver(plan, dsn) as again:
        state = again.state("fill")
        assert not state.retrying
        assert await ask(dsn, TOTALS) == [state.rows, state.rejected]
        if state.rejected:
            state = await again.retry("fill")
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_in_production_the_id_is_typed_and_the_text_is_the_one_that_was_shown(dsn: str) -> None:
    await table(dsn)
    target = Target(environment=Environment.PRODUCTION)
    async with Driver(plan_of(fill(), target=target), dsn) as driver:
        assert (await driver.run("fill")).rejected == 4
        each = driver.plan.steps[0]
        typed = await driver.refusal(c.RetryRejected(each.id, retry_digest(each), "y"))
        other = await driver.refusal(c.RetryRejected(each.id, "of something else", "fill"))
    assert typed == "type fill to try its rejected rows again"
    assert other == "what was confirmed is not what fill would send now; look at it again"
