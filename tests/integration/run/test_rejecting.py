"""Bad rows: bisected until they stand alone, kept aside up to the plan's limit, and every other row is changed once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction, NoRollback, SqlRollback, Step, Walk
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

ROWS = 2000
BAD = (3, 450, 451, 1777)
"""Two of them are neighbours: they are in one batch and, halved, in one half for long."""
TUNING = BatchTuning(batch_rows=200, max_batch_rows=200)
KEYS = "SELECT string_agg(key ->> 0, ' ' ORDER BY (key ->> 0)::int) FROM zdtui.rejected"
RAISES = """
CREATE FUNCTION no_bad_ones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.a = 'bad' THEN RAISE EXCEPTION 'we do not take %', NEW.id {errcode}; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_bad_ones BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION no_bad_ones()
"""
DEFERRED = """
CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.a = 'bad' THEN RAISE EXCEPTION 'found at the end: %', NEW.id; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION later()
"""
CAUSES = {
    "check": ("length(a)", "ALTER TABLE t ADD CHECK (x <> 3)", "violates check constraint"),
    "cast": ("a::int", "", "invalid input syntax for type integer"),
    "trigger": ("length(a)", RAISES.format(errcode=""), "we do not take"),
    "trigger with a code of its own": ("length(a)", RAISES.format(errcode="USING ERRCODE = 'ZZ001'"), "we do not take"),
    "at the commit": ("length(a)", DEFERRED, "found at the end"),
}


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def fill(most: int, expression: str = "a::int", walk: Walk = Walk.AUTO, **fields: Any) -> Step:
    tuning = TUNING.model_copy(update={"max_rejected": most, "walk": walk, **fields.pop("tuning", {})})
    chosen = {"table": "t", "assignments": (("x", expression),), "where": "x IS NULL", **fields}
    return step("fill", BackfillAction(**chosen, tuning=tuning), NoRollback(reason="a test"))


async def table(dsn: str, columns: str = "id int PRIMARY KEY", *more: str) -> None:
    """`t` with 2000 rows, four of which are bad."""
    bad = ", ".join(str(each) for each in BAD)
    await do(dsn, f"CREATE TABLE t ({columns}, a text, x int, n int NOT NULL DEFAULT 0)")
    await do(
        dsn,
        f"INSERT INTO t (id, a) SELECT g, CASE WHEN g IN ({bad}) THEN 'bad' ELSE '7777' END"
        f" FROM generate_series(1, {ROWS}) g",
    )
    for each in more:
        await do(dsn, each)


def has_done(driver: Driver, batches: int) -> bool:
    work = driver.stage.work
    progress = work.activity.progress if work else None
    return progress is not None and progress.batches >= batches


def named(*ids: int) -> str:
    return " ".join(str(each) for each in ids)


async def totals(dsn: str) -> tuple[int, int]:
    """Rows and rejected rows by the checkpoints."""
    found = await ask(dsn, "SELECT array[sum(rows), sum(rejected)]::int[] FROM zdtui.checkpoint")
    return found[0], found[1]


@pytest.mark.parametrize("walk", [Walk.AUTO, Walk.KEY])
@pytest.mark.parametrize("cause", CAUSES)
async def test_the_bad_rows_stand_alone_and_all_others_are_changed(dsn: str, cause: str, walk: Walk) -> None:
    expression, made, says = CAUSES[cause]
    await table(dsn, "id int PRIMARY KEY", *([made] if made else []))
    async with Driver(plan_of(fill(len(BAD), expression, walk)), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - len(BAD), len(BAD))
    assert await ask(dsn, KEYS) == named(*BAD)
    assert await ask(dsn, f"SELECT bool_and(reason LIKE '%{says}%') FROM zdtui.rejected")
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == len(BAD)
    assert await totals(dsn) == (ROWS - len(BAD), len(BAD))
    ways = await ask(dsn, "SELECT string_agg(DISTINCT way, ', ') FROM zdtui.checkpoint")
    assert ways == ("by key" if walk is Walk.KEY else "by page, sweep by key")


@pytest.mark.parametrize("walk", [Walk.AUTO, Walk.KEY])
async def test_without_a_limit_the_first_bad_row_fails_the_step_and_is_named(dsn: str, walk: Walk) -> None:
    await table(dsn)
    async with Driver(plan_of(fill(0, walk=walk)), dsn) as driver:
        state = await driver.run("fill")
    assert state.status is StepStatus.FAILED
    assert "public.t (" in state.message
    assert any(f"({each})" in state.message for each in BAD)
    assert 'invalid input syntax for type integer: "bad"' in state.message
    assert "max_rejected" in state.message
    assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == 0
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NOT NULL") == (state.rows or 0)


@pytest.mark.parametrize("walk", [Walk.AUTO, Walk.KEY])
async def test_one_more_than_the_limit_fails_and_nothing_is_lost(dsn: str, walk: Walk) -> None:
    await table(dsn)
    plan = plan_of(fill(len(BAD) - 1, walk=walk))
    async with Driver(plan, dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert f"more than max_rejected {len(BAD) - 1}" in state.message
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == state.rejected < len(BAD)
        assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NOT NULL") == (state.rows or 0)
        await do(dsn, "UPDATE t SET a = '8' WHERE id = 1777")
        state = await driver.run("fill")
        if state.status is StepStatus.FAILED:
            await do(dsn, "UPDATE t SET a = '8' WHERE a = 'bad' AND x IS NULL AND id NOT IN (3, 450, 451)")
            state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 3, 3)
    assert await ask(dsn, KEYS) == named(3, 450, 451)
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NOT NULL") == ROWS - 3


async def test_several_bad_rows_without_a_where_change_every_other_row_once(dsn: str) -> None:
    await table(dsn, "id int PRIMARY KEY", "ALTER TABLE t ADD CHECK (a <> 'bad' OR n = 0)")
    action = fill(10, assignments=(("n", "n + 1"),), where=None)
    async with Driver(plan_of(action), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - len(BAD), len(BAD))
    assert await ask(dsn, "SELECT bool_and(n = CASE a WHEN 'bad' THEN 0 ELSE 1 END) FROM t")


async def test_a_trigger_that_changes_other_rows_of_the_batch_costs_none(dsn: str) -> None:
    """Rows whose place in the file changes while their batch is taken apart are still found, by their key."""
    await table(
        dsn,
        "id int PRIMARY KEY",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF pg_trigger_depth() = 1 THEN UPDATE t SET n = n WHERE id = NEW.id + 1; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER touch AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()",
    )
    async with Driver(plan_of(fill(10, walk=Walk.KEY, tuning={"batch_rows": 20, "max_batch_rows": 20})), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rejected) == (StepStatus.DONE, len(BAD))
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == len(BAD)


@pytest.mark.parametrize("columns", ["id int", "id int UNIQUE"])
async def test_without_a_key_a_row_is_named_by_its_place(dsn: str, columns: str) -> None:
    await table(dsn, columns, "UPDATE t SET id = NULL WHERE id % 500 = 0")
    key = ("id",) if "UNIQUE" in columns else ()
    async with Driver(plan_of(fill(len(BAD), key=key)), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - len(BAD), len(BAD))
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL AND a <> 'bad'") == 0
    same = "SELECT count(*) FROM t JOIN zdtui.rejected ON t.ctid = (key ->> 0)::tid WHERE a = 'bad'"
    assert await ask(dsn, same) == len(BAD)


async def test_nothing_of_a_batch_stays_when_another_console_has_moved_the_checkpoint(dsn: str) -> None:
    await table(dsn)
    await do(dsn, "UPDATE t SET a = '7' WHERE a = 'bad'")
    slow = TUNING.model_copy(update={"walk": Walk.KEY, "batch_pause": timedelta(milliseconds=50)})
    action = BackfillAction(table="t", assignments=(("n", "n + 1"),), tuning=slow)
    async with Driver(plan_of(step("fill", action, NoRollback(reason="a test"))), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: has_done(driver, 2))
        await do(dsn, "UPDATE zdtui.checkpoint SET batches = batches + 100")
        await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST)
        assert "moved by another console" in driver.stage.connection_detail
    assert await ask(dsn, "SELECT sum(n) FROM t") == await ask(dsn, "SELECT rows FROM zdtui.checkpoint")


async def test_in_partitions_each_bad_row_is_kept_with_its_part(dsn: str) -> None:
    await do(
        dsn,
        "CREATE TABLE t (id int PRIMARY KEY, a text, x int) PARTITION BY RANGE (id);"
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (1000);"
        'CREATE TABLE "T 2" PARTITION OF t FOR VALUES FROM (1000) TO (9999);'
        f"INSERT INTO t SELECT g, CASE WHEN g IN {BAD} THEN 'bad' ELSE '7' END FROM generate_series(1, {ROWS}) g",
    )
    async with Driver(plan_of(fill(len(BAD), tuning={"workers": 2})), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - len(BAD), len(BAD))
    parts = "SELECT string_agg(part || ' ' || n, ', ' ORDER BY n) FROM "
    assert await ask(dsn, f"{parts}(SELECT part, count(*) AS n FROM zdtui.rejected GROUP BY 1) AS p") == (
        'public."T 2" 1, public.t_1 3'
    )


async def test_workers_side_by_side_let_no_more_pass_than_the_limit(dsn: str) -> None:
    await do(
        dsn,
        "CREATE TABLE t (id int PRIMARY KEY, a text, x int, pad text);"
        "INSERT INTO t SELECT g, CASE WHEN g % 50 = 0 THEN 'bad' ELSE '7' END, NULL, repeat('p', 400)"
        " FROM generate_series(1, 20000) g",
    )
    action = fill(25, tuning={"workers": 4, "walk": Walk.KEY})
    async with Driver(plan_of(action), dsn) as driver:
        state = await driver.run("fill")
    assert state.status is StepStatus.FAILED
    assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == state.rejected <= 25
    assert await totals(dsn) == (state.rows, state.rejected)


async def test_a_copy_keeps_those_that_fail_a_rule_and_those_the_server_refuses(dsn: str) -> None:
    await table(dsn)
    await do(dsn, "UPDATE t SET a = '' WHERE id % 100 = 0; UPDATE t SET a = NULL WHERE id % 250 = 0")
    await do(dsn, "CREATE TABLE copied (id int PRIMARY KEY, n int NOT NULL); INSERT INTO copied VALUES (1, 0)")
    copy = CopyAction(
        source="t",
        into="copied",
        columns=(("id", "id"), ("n", "a::int")),
        valid=(("has an a", "a <> ''"),),
        tuning=TUNING.model_copy(update={"max_rejected": len(BAD)}),
    )
    moved = step("move", copy, SqlRollback(sql="DELETE FROM copied WHERE id > 1"))
    async with Driver(plan_of(moved), dsn) as driver:
        state = await driver.run("move")
        ruled = 20 + 8 - 4
        assert (state.status, state.rejected) == (StepStatus.DONE, ruled + len(BAD))
        assert state.rows == ROWS - state.rejected - 1
        assert await ask(dsn, "SELECT count(*) FROM copied") == ROWS - state.rejected
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected WHERE reason = 'has an a'") == ruled
        assert await ask(dsn, f"{KEYS} WHERE reason <> 'has an a'") == named(*BAD)
        await driver.roll_back_to("move")
        assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == 0


async def test_a_row_that_where_cannot_be_told_of_is_refused(dsn: str) -> None:
    await table(dsn)
    action = fill(len(BAD), assignments=(("n", "n + 1"),), where="a::int > 0")
    async with Driver(plan_of(action), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - len(BAD), len(BAD))
    assert await ask(dsn, KEYS) == named(*BAD)


async def test_a_bad_row_that_is_refused_again_with_other_words_is_one_row(dsn: str) -> None:
    """The sweep meets the rows by page had to leave; their words differ by then."""
    await do(dsn, "CREATE SEQUENCE s")
    await table(dsn, "id int PRIMARY KEY", RAISES.replace("NEW.id", "nextval('s')").format(errcode=""))
    async with Driver(plan_of(fill(len(BAD), "length(a)")), dsn) as driver:
        state = await driver.run("fill")
    assert (state.status, state.rejected) == (StepStatus.DONE, len(BAD))
    assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == len(BAD)


@pytest.mark.parametrize("walk", [Walk.AUTO, Walk.KEY])
async def test_a_session_lost_in_the_middle_loses_and_doubles_nothing(dsn: str, walk: Walk) -> None:
    await table(dsn)
    await do(dsn, "UPDATE t SET a = 'bad' WHERE id % 40 = 0; ALTER TABLE t ADD CHECK (n < 2)")
    bad = await ask(dsn, "SELECT count(*) FROM t WHERE a = 'bad'")
    action = fill(bad, walk=walk, assignments=(("x", "a::int"), ("n", "n + 1")))
    async with Driver(plan_of(action), dsn) as driver:
        driver.start("fill")
        for batches in (2, 4):
            await driver.until(partial(has_done, driver, batches))
            pid = driver.stage.sessions.working.info.backend_pid
            await do(dsn, f"SELECT pg_terminate_backend({pid})")
            await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST)
            await driver.until(lambda: driver.stage.connection_state is ConnectionState.CONNECTED)
            held = driver.state("fill")
            assert held.status is StepStatus.HELD
            assert await totals(dsn) == (held.rows, held.rejected)
            assert await ask(dsn, "SELECT count(*) FROM zdtui.rejected") == held.rejected
            driver.start("fill")
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
        state = driver.state("fill")
    assert (state.rows, state.rejected) == (ROWS - bad, bad)
    assert await ask(dsn, "SELECT bool_and(n = CASE a WHEN 'bad' THEN 0 ELSE 1 END) FROM t")
