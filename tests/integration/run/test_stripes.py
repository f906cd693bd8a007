"""Backfills by page: most updates are HOT, the sweep finds what moved away, and one who holds a snapshot is named."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.errors import RunHeldElsewhereError
from zdtui.plan.model import BackfillAction, BatchTuning, NoRollback, Step
from zdtui.postgres.journal import BATCH_LOCK_KEY, LOCK_KEY, journal_sql
from zdtui.postgres.sessions.authors import change_as_author
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.session import backend_pid
from zdtui.run.bulk import pruning_horizon as snapshots
from zdtui.run.journal import store as journal
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import StepStatus

ROWS = 40_000
TABLE = """
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, pad text NOT NULL, x int, n int NOT NULL DEFAULT 0)
WITH (autovacuum_enabled = off)
"""
ROWS_OF_IT = f"INSERT INTO t SELECT g, g % 7, repeat('p', 60) FROM generate_series(1, {ROWS}) g"
TUNING = BatchTuning(batch_rows=400, max_batch_rows=400)


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def fill(**fields: Any) -> Step:
    defaults = {"table": "t", "assignments": (("x", "a"),), "where": "x IS NULL", "tuning": TUNING}
    return step("fill", BackfillAction(**{**defaults, **fields}), NoRollback(reason="a test"))


async def prepare(dsn: str, *statements: str) -> None:
    """Run them, each by itself."""
    for each in statements:
        await do(dsn, each)


async def ways(dsn: str) -> set[str]:
    """The ways of the lanes."""
    return set(await ask(dsn, "SELECT array_agg(DISTINCT way) FROM zdtui.checkpoint"))


async def hot_share(dsn: str) -> float:
    """The share of the updates of t that were HOT, once the server has counted them."""
    await prepare(dsn, "SELECT pg_sleep(1)")
    return float(
        await ask(dsn, "SELECT n_tup_hot_upd::float8 / n_tup_upd FROM pg_stat_user_tables WHERE relname = 't'")
    )


async def test_most_updates_are_hot_and_the_table_hardly_grows(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "CREATE INDEX ON t (a)", "VACUUM ANALYZE t")
    before = await ask(dsn, "SELECT pg_total_relation_size('t')")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT bool_and(x = a) FROM t")
    assert await ways(dsn) == {"by page", "sweep by key"}
    assert await ask(dsn, "SELECT pg_total_relation_size('t')") < 1.4 * before
    assert await hot_share(dsn) > 0.6


async def test_an_indexed_column_goes_by_key(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "CREATE INDEX ON t ((x + 1))")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ways(dsn) == {"by key"}


async def test_a_row_is_changed_once_however_often_it_moves(dsn: str) -> None:
    """Each row that is updated grows, so that it leaves its page: ahead of us, behind us, beyond the end."""
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    ended, moved = threading.Event(), threading.Event()

    def move_rows() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            number = 0
            while not ended.is_set():
                number = number % ROWS + 37
                connection.execute("UPDATE t SET pad = pad || repeat('q', 90) WHERE id %% 997 = %s", [number % 997])
                moved.set()

    mover = threading.Thread(target=move_rows)
    mover.start()
    try:
        patient = TUNING.model_copy(update={"batch_duration": timedelta(seconds=5)})
        action = fill(assignments=(("n", "n + 1"), ("x", "a")), tuning=patient)
        async with Driver(plan_of(action), dsn) as driver:
            driver.start("fill")
            await driver.until(lambda: driver.state("fill").status is StepStatus.DONE, seconds=170)
            state = driver.state("fill")
    finally:
        ended.set()
        mover.join()
    assert moved.is_set()
    assert state.rows == ROWS
    assert await ask(dsn, "SELECT count(*) FROM t WHERE n <> 1 OR x IS DISTINCT FROM a") == 0


async def test_an_expression_that_gives_null_is_not_tried_for_ever(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT)
    async with Driver(plan_of(fill(assignments=(("x", "nullif(a, 3)"), ("n", "n + 1")))), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")
    assert await ask(dsn, "SELECT bool_and(x IS NOT DISTINCT FROM nullif(a, 3)) FROM t")


async def test_without_a_key_rounds_go_on_until_nothing_is_left(dsn: str) -> None:
    await prepare(dsn, TABLE.replace("PRIMARY KEY", "NOT NULL"), ROWS_OF_IT)
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT bool_and(x = a) FROM t")
    assert await ways(dsn) == {"by page", "sweep by page"}


async def test_a_pause_in_the_middle_of_a_stretch_and_going_on(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    async with Driver(plan_of(fill(assignments=(("n", "n + 1"), ("x", "a")))), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        await driver.until(lambda: driver.stage.work.activity.progress.batches >= 5)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("fill").status is StepStatus.HELD)
        held = driver.state("fill").rows
        assert held is not None
        assert 0 < held < ROWS
        assert await ask(dsn, "SELECT sum(n)::int FROM t") == held
        assert await ask(dsn, "SELECT sum(rows)::int FROM zdtui.checkpoint") == held
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_several_sessions_do_every_row_once(dsn: str, where: str | None) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    tuning = TUNING.model_copy(update={"workers": 3})
    action = fill(assignments=(("n", "n + 1"), ("x", "a")), where=where, tuning=tuning)
    async with Driver(plan_of(action), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and len(driver.stage.work.beside) == 2)
        pids = driver.stage.own_pids
        assert {each.info.backend_pid for each in driver.stage.work.beside} < pids
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
        assert driver.state("fill").rows == ROWS
    assert await ask(dsn, "SELECT bool_and(n = 1 AND x = a) FROM t")
    changing = "SELECT count(*) FROM zdtui.checkpoint WHERE way NOT LIKE 'sweep%' AND rows > 0"
    assert await ask(dsn, changing) == 3
    assert await ask(dsn, "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%worker'") == 0


async def test_a_worker_whose_backend_ends_stops_the_step_and_nothing_is_lost(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    tuning = TUNING.model_copy(update={"workers": 2, "max_batch_rows": 50, "batch_rows": 50})
    async with Driver(plan_of(fill(assignments=(("n", "n + 1"), ("x", "a")), tuning=tuning)), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.beside)
        await prepare(
            dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%worker'"
        )
        await driver.until(lambda: driver.state("fill").status is not StepStatus.RUNNING)
        assert driver.state("fill").status is not StepStatus.DONE
        await driver.until(lambda: driver.stage.working is None)
        assert (await driver.run("fill")).rows == ROWS
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_who_holds_a_snapshot_is_named_and_stripes_are_given_up_meanwhile(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "HELD", 0.2)
    monkeypatch.setattr(snapshots, "LOOK_EVERY", 0.1)
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    slow = TUNING.model_copy(update={"max_batch_rows": 100, "batch_rows": 100})
    with psycopg.connect(dsn, application_name="old report") as holder:
        holder.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        holder.execute("SELECT 1 FROM t LIMIT 1")
        async with Driver(plan_of(fill(tuning=slow)), dsn) as driver:
            driver.start("fill")
            await driver.until(
                lambda: (
                    driver.stage.work
                    and driver.stage.work.activity.progress
                    and "old report" in driver.stage.work.activity.progress.spoiled
                ),
                seconds=10,
            )
            holder.rollback()
            await driver.until(lambda: driver.state("fill").status is StepStatus.DONE)
            assert driver.state("fill").rows == ROWS
    assert await ask(dsn, "SELECT bool_and(x = a) FROM t")


async def test_vacuum_between_batches_keeps_a_table_walked_by_key_small(dsn: str) -> None:
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    before = await ask(dsn, "SELECT pg_relation_size('t')")
    tuning = TUNING.model_copy(update={"vacuum_after_rows": ROWS // 10, "walk": "key"})
    async with Driver(plan_of(fill(tuning=tuning)), dsn) as driver:
        assert (await driver.run("fill")).rows == ROWS
        assert await ask(dsn, "SELECT pg_relation_size('t')") < 1.4 * before
        setting = await driver.stage.open_sessions.working.execute("SHOW synchronous_commit")
        assert await setting.fetchone() == ("on",)
    await prepare(dsn, "SELECT pg_sleep(1)")
    assert await ask(dsn, "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 't'") >= 9


async def test_a_worker_whose_checkpoint_another_console_has_moved_stops_without_a_fault(dsn: str) -> None:
    """As a console that was frozen, and comes back after another one took over."""
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t")
    tuning = TUNING.model_copy(update={"workers": 3, "batch_rows": 50, "max_batch_rows": 50})
    async with Driver(plan_of(fill(assignments=(("n", "n + 1"), ("x", "a")), tuning=tuning)), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.beside)
        await driver.until(
            lambda: driver.stage.work.activity.progress and driver.stage.work.activity.progress.batches > 3
        )
        await do(dsn, "UPDATE zdtui.checkpoint SET batches = batches + 1")
        await driver.until(
            lambda: any(each.event.kind == "connection lost" for each in driver.stage.recorder.state.log)
        )
        await driver.until(lambda: driver.state("fill").status is StepStatus.HELD)
        state = await driver.run("fill")
        told = {each.event.kind for each in driver.stage.recorder.state.log}
    assert state.status is StepStatus.DONE
    assert "fault found" not in told
    assert await ask(dsn, "SELECT bool_and(n = 1) FROM t")


async def test_no_batch_of_a_worker_begins_once_the_working_session_does_not_hold_the_run(dsn: str) -> None:
    """The server refuses before a row is changed: the sequence, which no rollback puts back, was never asked."""
    await prepare(dsn, TABLE, ROWS_OF_IT, "VACUUM ANALYZE t", "CREATE SEQUENCE asked")
    run, before = uuid4(), journal.Checkpoint(None, None, lane=0, part="t")
    working, worker = [await connect(Target(dsn), application_name="test") for _ in range(2)]
    async with working, worker:
        await journal.install(working)
        async with working.transaction():
            await journal.begin_checkpoint(working, run, "fill", before)

        async def batch() -> None:
            with journal.run_is_ours("fill"):
                async with worker.pipeline() as pipeline:
                    await worker.execute("BEGIN")
                    await journal.hold_checkpoint(worker, backend_pid(working), run, "fill", before)
                    await change_as_author(worker, "UPDATE t SET n = nextval('asked')", (), pipeline)
                    await worker.execute("ROLLBACK")

        await working.execute(f"SELECT pg_advisory_lock({LOCK_KEY})".encode())
        await batch()
        held = await ask(dsn, "SELECT last_value FROM asked")
        await working.execute(f"SELECT pg_advisory_unlock({LOCK_KEY})".encode())
        with pytest.raises(RunHeldElsewhereError, match="does not hold the run"):
            await batch()
        assert await ask(dsn, "SELECT last_value FROM asked") == held > 1


async def holder_is(session: journal.Connection, pid: int) -> journal.Holder:
    """Whoever holds the run, once it is that backend: the one before takes a moment to end."""
    for _ in range(3000):
        found = await journal.holder(session)
        if found is not None and found.pid == pid:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"backend {pid} never held the run")


async def test_nobody_takes_the_run_while_a_batch_of_another_console_is_open(dsn: str) -> None:
    """Its working session may have ended before the worker's: what that has not committed yet would come too late."""
    await prepare(dsn, TABLE, ROWS_OF_IT)
    run, before = uuid4(), journal.Checkpoint(None, None, lane=0, part="t")
    working, worker, other = [await connect(Target(dsn), application_name=name) for name in ("w", "batch", "other")]
    async with worker, other:
        async with working:
            await journal.install(working)
            async with working.transaction():
                await journal.begin_checkpoint(working, run, "fill", before)
            assert await journal.try_lock(working)
            await worker.execute("BEGIN")
            with journal.run_is_ours("fill"):
                await journal.hold_checkpoint(worker, backend_pid(working), run, "fill", before)
            held = await journal.holder(other)
            assert held is not None
            assert held.pid == backend_pid(working)
        held = await holder_is(other, backend_pid(worker))
        assert "its last batch is not over" in str(held)
        assert not await journal.try_lock(other)
        await worker.execute("ROLLBACK")
        assert await journal.try_lock(other)
        held = await journal.holder(worker)
        assert held is not None
        assert (held.pid, held.is_in_batch) == (backend_pid(other), False)


@asynccontextmanager
async def open_batch(dsn: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A worker's session whose console is gone, in the middle of a batch; it is over with the ROLLBACK of the caller."""
    async with await connect(Target(dsn), application_name="zdtui chaos worker") as left:
        await left.execute("BEGIN")
        await left.execute(journal_sql("share_batch_lock"), {"batch": BATCH_LOCK_KEY})
        yield left


async def test_a_console_that_meets_an_open_batch_says_so_and_takes_over_after_it(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zdtui.run.engine.connecting.JUST_ENDING", ())
    dsn, plan = server18.dsn(), plan_of(sql_step("one", "SELECT 1"))
    async with open_batch(dsn) as left, Driver(plan, dsn) as driver:
        assert driver.stage.console_role is ConsoleRole.OBSERVER
        assert "zdtui chaos worker" in driver.stage.lock_holder
        assert "its last batch is not over" in driver.stage.lock_holder
        await left.execute("ROLLBACK")
        driver.conductor.submit(c.TakeOver())
        await driver.until(lambda: driver.stage.console_role is ConsoleRole.CONDUCTOR)
        assert (await driver.run("one")).status is StepStatus.DONE


async def test_a_batch_that_is_just_ending_is_waited_for(server18: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zdtui.run.engine.connecting.JUST_ENDING", (0.02,) * 3000)
    dsn, driver = server18.dsn(), Driver(plan_of(sql_step("one", "SELECT 1")), server18.dsn())
    async with open_batch(dsn) as left:
        entering = asyncio.create_task(driver.__aenter__())
        while not await ask(dsn, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'zdtui observer'"):
            assert not entering.done(), "it did not wait"
        await left.execute("ROLLBACK")
        await entering
        try:
            assert driver.stage.console_role is ConsoleRole.CONDUCTOR
        finally:
            await driver.__aexit__()
