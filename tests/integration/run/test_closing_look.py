"""After DONE nothing matches `where`: rows that moved, were renamed, came with a partition or were kept are found."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, e, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, Limits, NoRollback, Step, Walk
from zdtui.run.model import commands as c
from zdtui.run.model.activity import Doing
from zdtui.run.model.state import StepState, StepStatus

SMALL = BatchTuning(batch_rows=200, max_batch_rows=200)
SLOW = BatchTuning(batch_rows=50, max_batch_rows=50, batch_pause=timedelta(milliseconds=20))
JOBS = (
    "CREATE TABLE job (id bigint NOT NULL, state text NOT NULL, v int NOT NULL, x int, n int NOT NULL DEFAULT 0,"
    " PRIMARY KEY (id, state)) PARTITION BY LIST (state);"
    "CREATE TABLE job_done PARTITION OF job FOR VALUES IN ('done');"
    "CREATE TABLE job_open PARTITION OF job FOR VALUES IN ('open');"
    "CREATE TABLE job_other PARTITION OF job DEFAULT;"
)
MOVES = (
    "UPDATE job SET state = 'done' WHERE state = 'open' AND id IN (SELECT (random() * {rows})::int FROM generate_series(1, 20))",
    "UPDATE job SET state = 'open' WHERE state = 'done' AND id IN (SELECT (random() * {rows})::int FROM generate_series(1, 20))",
    "UPDATE job SET state = 'paused' WHERE state = 'open' AND id IN (SELECT (random() * {rows})::int FROM generate_series(1, 5))",
)


def fill(table: str = "t", **fields: object) -> Step:
    given = {"assignments": (("x", "v"),), "where": "x IS NULL", "tuning": SMALL, **fields}
    return step("fill", BackfillAction(table=table, **given), NoRollback(reason="a test"))


@contextlib.asynccontextmanager
async def writing(dsn: str, *statements: str) -> AsyncIterator[list[Exception]]:
    """An application that sends these over and over."""
    ended, wrong = asyncio.Event(), list[Exception]()

    async def write() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            while not ended.is_set():
                for statement in statements:
                    try:
                        await connection.execute(statement.encode())
                    except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                        continue
                    except psycopg.Error as error:
                        wrong.append(error)
                        return

    task = asyncio.create_task(write())
    try:
        yield wrong
    finally:
        ended.set()
        await task


async def first_batch(driver: Driver) -> None:
    """Until the first batch is committed."""
    await driver.until(
        lambda: (
            driver.stage.work and driver.stage.work.activity.progress and driver.stage.work.activity.progress.batches
        )
    )


async def over(driver: Driver, seconds: float = 240.0) -> StepState:
    """Until the step is over, one way or the other; its state."""
    await driver.until(lambda: driver.stage.working is None and driver.state("fill").attempt, seconds)
    return driver.state("fill")


@pytest.mark.parametrize(("walk", "workers"), [(Walk.AUTO, 1), (Walk.KEY, 1), (Walk.AUTO, 3)])
async def test_rows_that_move_between_partitions_are_all_filled_once(
    server: Database, walk: Walk, workers: int
) -> None:
    dsn, rows = server.dsn(), 20000
    await do(dsn, JOBS)
    await do(
        dsn,
        "INSERT INTO job SELECT g, CASE WHEN g % 10 = 0 THEN 'done' ELSE 'open' END, g"
        f" FROM generate_series(1, {rows}) g; ANALYZE",
    )
    tuning = SMALL.model_copy(update={"walk": walk, "workers": workers})
    moves = [each.format(rows=rows) for each in MOVES]
    async with (
        writing(dsn, *moves) as wrong,
        Driver(plan_of(fill("job", assignments=(("x", "v"), ("n", "n + 1")), tuning=tuning)), dsn) as driver,
    ):
        driver.start("fill")
        state = await over(driver)
        assert state.status is StepStatus.DONE, state.message
        assert "nothing is left" in state.message
    assert not wrong
    assert await ask(dsn, "SELECT count(*) FROM job WHERE x IS NULL OR n <> 1") == 0
    assert state.rows == rows


@pytest.mark.parametrize("walk", list(Walk))
async def test_rows_that_go_beyond_the_end_of_another_partition_are_filled(server: Database, walk: Walk) -> None:
    dsn = server.dsn()
    await do(dsn, JOBS)
    await do(
        dsn,
        "INSERT INTO job SELECT g, CASE WHEN g <= 1000 THEN 'done' ELSE 'open' END, g"
        " FROM generate_series(1, 6000) g; ANALYZE",
    )
    async with Driver(plan_of(fill("job", tuning=SLOW.model_copy(update={"walk": walk}))), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, "UPDATE job SET state = 'done' WHERE state = 'open' AND x IS NULL AND id > 5900")
        assert (await over(driver)).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM job WHERE x IS NULL") == 0


@pytest.mark.parametrize("walk", list(Walk))
async def test_rows_whose_key_the_application_changes_are_filled(server: Database, walk: Walk) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (path text PRIMARY KEY, v int NOT NULL, x int)")
    await do(dsn, "INSERT INTO t SELECT 'm/' || lpad(g::text, 5, '0'), g FROM generate_series(1, 6000) g; ANALYZE")
    async with Driver(plan_of(fill(tuning=SLOW.model_copy(update={"walk": walk}))), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, "UPDATE t SET path = 'a' || path WHERE path > 'm/05900'")
        assert (await over(driver)).status is StepStatus.DONE
        looked = [each.event for each in await driver.journal() if each.event.kind == "closing look"]
        assert isinstance(looked[-1], e.ClosingLook)
        assert looked[-1].found == 0
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0


@pytest.mark.parametrize("keyed", [True, False])
async def test_a_partition_that_is_attached_meanwhile_is_filled(server: Database, keyed: bool) -> None:
    dsn, key = server.dsn(), ", PRIMARY KEY (id)" if keyed else ""
    await do(dsn, f"CREATE TABLE t (id int NOT NULL, v int, x int{key}) PARTITION BY RANGE (id)")
    await do(dsn, "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10000)")
    await do(
        dsn, "CREATE TABLE t_2 (LIKE t INCLUDING ALL); INSERT INTO t_2 SELECT g, g FROM generate_series(10000, 10999) g"
    )
    await do(dsn, "INSERT INTO t SELECT g, g FROM generate_series(1, 3000) g; ANALYZE")
    async with Driver(plan_of(fill(tuning=SLOW)), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, "ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES FROM (10000) TO (20000)")
        state = await over(driver)
        assert state.status is StepStatus.DONE, state.message
        assert state.rows == 4000
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0


async def test_an_attached_partition_is_named_where_nothing_tells_its_rows(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0) PARTITION BY RANGE (id)")
    await do(dsn, "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10000)")
    await do(dsn, "CREATE TABLE t_2 (LIKE t INCLUDING ALL); INSERT INTO t_2 SELECT generate_series(10000, 10999)")
    await do(dsn, "INSERT INTO t SELECT generate_series(1, 3000); ANALYZE")
    async with Driver(plan_of(fill(assignments=(("x", "x + 1"),), where=None, tuning=SLOW)), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, "ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES FROM (10000) TO (20000)")
        state = await over(driver)
        assert state.status is StepStatus.FAILED
        assert "public.t_2 became a part of t while it was walked" in state.message
        assert state.partial
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE, state.message
        assert "cannot be proved by looking" in state.message
    assert await ask(dsn, "SELECT bool_and(x = 1) FROM t")


@pytest.mark.parametrize("gone", ["DROP TABLE t_2", "ALTER TABLE t DETACH PARTITION t_2"])
@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_a_partition_that_goes_away_meanwhile_fails_nothing(
    server: Database, gone: str, where: str | None
) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, v int, x int) PARTITION BY RANGE (id)")
    for number in (1, 2, 3):
        low = number * 10000
        await do(dsn, f"CREATE TABLE t_{number} PARTITION OF t FOR VALUES FROM ({low}) TO ({low + 10000})")
        await do(dsn, f"INSERT INTO t SELECT g, g FROM generate_series({low}, {low + 1999}) g")
    async with Driver(plan_of(fill(where=where, tuning=SLOW)), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, f"SET lock_timeout = '20s'; {gone}")
        state = await over(driver)
        assert state.status is StepStatus.DONE, state.message
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0
    assert await ask(dsn, "SELECT count(*) FROM t") == 4000


KEEPS = """
CREATE FUNCTION keep_locked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.locked THEN {does} END IF; RETURN NEW; END $$;
CREATE TRIGGER keep_locked BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION keep_locked();
"""


@pytest.mark.parametrize(
    ("does", "said"), [("RETURN NULL;", "changes nothing there"), ("NEW.x := OLD.x;", "is undone at once")]
)
@pytest.mark.parametrize("key", ["PRIMARY KEY", ""])
async def test_rows_that_a_trigger_keeps_are_named_and_stand_aside_if_the_plan_lets_them(
    server: Database, does: str, said: str, key: str
) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int {key}, locked boolean NOT NULL DEFAULT false, v int, x int)")
    await do(dsn, "INSERT INTO t SELECT g, g % 10 = 0, g FROM generate_series(1, 1000) g")
    await do(dsn, KEEPS.format(does=does))
    async with Driver(plan_of(fill()), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        if key or "NULL" in does:
            assert "100 rows stay as they are: public.t (" in state.message
            assert f"the UPDATE {said}: a trigger keeps it (keep_locked)" in state.message
        else:
            assert "found 100 more" in state.message
            assert "or a trigger sets them back (keep_locked)" in state.message
        await do(dsn, "ALTER TABLE t DISABLE TRIGGER keep_locked")
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0


async def test_kept_rows_within_max_rejected_stand_aside_and_can_be_tried_again(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, locked boolean NOT NULL DEFAULT false, v int, x int)")
    await do(dsn, "INSERT INTO t SELECT g, g % 10 = 0, g FROM generate_series(1, 1000) g")
    await do(dsn, KEEPS.format(does="RETURN NULL;"))
    async with Driver(plan_of(fill(tuning=SMALL.model_copy(update={"max_rejected": 100}))), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE, state.message
        assert state.rejected == 100
        assert "keep_locked" in state.first_rejected[0]
        await do(dsn, "ALTER TABLE t DISABLE TRIGGER keep_locked")
        assert (await driver.retry("fill")).rejected == 0
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0


async def test_rows_that_keep_coming_are_named_and_not_called_done(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, v int, x int)")
    await do(dsn, "INSERT INTO t SELECT g, g FROM generate_series(1, 1000) g")
    await do(
        dsn,
        "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO t SELECT max(id) + 1, 1 FROM t; RETURN NULL; END $$;"
        "CREATE TRIGGER more AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION more()",
    )
    async with Driver(plan_of(fill()), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert "keep coming" in state.message
        await do(dsn, "DROP TRIGGER more ON t")
        assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 0


@pytest.mark.parametrize(
    ("assignments", "where"),
    [
        ((("x", "1"),), "x = 0"),
        ((("x", "v"), ("n", "n + 1")), "t.x = 0"),
        ((("x", "1"), ("n", "n + 1")), "x < 1 AND v > 0"),
    ],
)
async def test_a_where_that_tells_by_its_image_finds_what_was_missed(
    server: Database, assignments: tuple[tuple[str, ...], ...], where: str
) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (path text PRIMARY KEY, v int NOT NULL, x int NOT NULL DEFAULT 0, n int DEFAULT 0)")
    await do(dsn, "INSERT INTO t SELECT 'm/' || lpad(g::text, 5, '0'), g FROM generate_series(1, 3000) g; ANALYZE")
    async with Driver(plan_of(fill(assignments=assignments, where=where, tuning=SLOW)), dsn) as driver:
        driver.start("fill")
        await first_batch(driver)
        await do(dsn, "UPDATE t SET path = 'a' || path WHERE path > 'm/02900'")
        state = await over(driver)
        assert state.status is StepStatus.DONE, state.message
    assert await ask(dsn, f"SELECT count(*) FROM t WHERE {where}") == 0
    assert await ask(dsn, "SELECT max(n) FROM t") <= 1


async def test_rows_whose_new_value_is_null_are_not_asked_for_for_ever(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, v int, x int)")
    await do(dsn, "INSERT INTO t SELECT g, CASE WHEN g % 2 = 0 THEN g END FROM generate_series(1, 1000) g")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x IS NULL") == 500


@pytest.mark.parametrize("tuning", [SMALL, SMALL.model_copy(update={"walk": Walk.KEY})])
async def test_rows_that_stand_aside_are_not_looked_for_again(server: Database, tuning: BatchTuning) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int PRIMARY KEY, v int, x int CHECK (x <> 7))")
    await do(dsn, "INSERT INTO t SELECT g, g FROM generate_series(1, 1000) g")
    async with Driver(plan_of(fill(tuning=tuning.model_copy(update={"max_rejected": 1}))), dsn) as driver:
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE, state.message
        assert state.rejected == 1
    assert await ask(dsn, "SELECT array_agg(id) FROM t WHERE x IS NULL") == [7]


async def test_a_pause_ends_the_closing_look_at_once_and_going_on_looks_again(server: Database) -> None:
    dsn = server.dsn()
    await do(
        dsn,
        "CREATE TABLE t (id int PRIMARY KEY, v int, x int); INSERT INTO t SELECT g, g FROM generate_series(1, 10) g",
    )
    await do(dsn, "INSERT INTO t VALUES (11, NULL); CREATE TABLE gate (id int); INSERT INTO gate VALUES (1)")
    await do(
        dsn,
        "CREATE FUNCTION looked_at(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_query() LIKE '%left_to_do.named%' THEN PERFORM pg_sleep(3600) FROM gate; END IF; RETURN $1; END $$",
    )
    limits = Limits(statement_timeout=timedelta(seconds=1), retries=0)
    async with Driver(
        plan_of(fill(where="x IS NULL AND looked_at(id) = id").model_copy(update={"limits": limits})), dsn
    ) as driver:
        driver.start("fill")
        sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query_start < now() - interval '2 s'"
        async with asyncio.timeout(30):
            while not await ask(dsn, sleeping):
                await ask(dsn, "SELECT pg_sleep(0.1)")
        assert driver.stage.work.activity.doing is Doing.CLOSING_LOOK
        driver.conductor.submit(c.Pause())
        state = await over(driver, 30)
        assert state.hold is e.HoldKind.PAUSED
        await do(dsn, "DELETE FROM gate")
        assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(x)::int FROM t") == 10
