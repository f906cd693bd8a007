"""kill -9 at any moment, then again: no step runs twice, no row is skipped, and the console says where it stands."""

import asyncio
import random
import signal
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from tests.integration.run.headless import PLAN, ROWS, SETUP
from zdtui.plan.model import BackfillAction, BatchTuning, WaitAction
from zdtui.postgres.commands import set_session
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.execute import put_back
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), SETUP)
    return str(server.dsn())


async def killed_after(dsn: str, seconds: float) -> tuple[int, str]:
    """Run without a screen, killed after so long; the exit code (negative when killed) and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.run.headless",
        dsn,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    reading = asyncio.create_task(process.stdout.read())
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    code = process.returncode
    assert code is not None
    return code, (await reading).decode()


@pytest.mark.parametrize("seed", range(2))
async def test_killed_again_and_again_the_run_comes_out_right(dsn: str, seed: int) -> None:
    chance = random.Random(seed)
    kills = 0
    for _ in range(40):
        code, said = await killed_after(dsn, chance.uniform(0.3, 0.9) if kills < 12 else 60)
        assert code in (0, -signal.SIGKILL), said
        if code == 0:
            break
        kills += 1
    assert kills > 0
    assert await ask(dsn, "SELECT string_agg(what, ' ' ORDER BY what) FROM ledger") == (
        "dropping dropped first indexed last verified"
    )
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 1") == ROWS
    assert await ask(dsn, "SELECT count(*) FROM target") == ROWS
    done = "SELECT count(*) FROM zdtui.event WHERE kind = 'step succeeded'"
    assert await ask(dsn, done) == len(PLAN.steps)
    assert await ask(dsn, "SELECT count(*) FROM zdtui.event WHERE kind = 'run opened'") == 1


async def test_a_second_console_looks_on_and_takes_over_once_the_first_is_gone(dsn: str) -> None:
    plan = plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')"), sql_step("two", "SELECT 1"))
    async with Driver(plan, dsn) as first:
        await first.run("one")
        async with Driver(plan, dsn) as second:
            assert second.stage.console_role is ConsoleRole.OBSERVER
            assert second.state("one").status is StepStatus.DONE
            assert "backend" in second.stage.lock_holder
            assert "looks on" in await second.refusal(c.AddNote("hello"))
            assert "still held" in await second.refusal(c.TakeOver())
            first.conductor.submit(c.Leave("done for tonight"))
            assert first.task is not None
            await asyncio.wait_for(asyncio.shield(first.task), 30)
            await second.until(lambda: second.stage.lock_holder is None)
            second.conductor.submit(c.TakeOver())
            await second.until(lambda: second.stage.console_role is ConsoleRole.CONDUCTOR)
            assert (await second.run("two")).status is StepStatus.DONE


async def test_a_lost_connection_is_said_at_once_and_restored_with_the_truth(dsn: str) -> None:
    tuning = BatchTuning(batch_rows=200, max_batch_rows=200)
    fill = step("fill", BackfillAction(table="t", assignments=(("x", "x + 1"),), tuning=tuning))
    async with Driver(plan_of(fill), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        await driver.until(lambda: driver.stage.work.activity.progress.batches >= 3)
        pid = driver.stage.sessions.working.info.backend_pid
        await do(dsn, f"SELECT pg_terminate_backend({pid})")
        await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST)
        await driver.until(
            lambda: (
                driver.stage.connection_state is ConnectionState.CONNECTED
                and driver.stage.console_role is ConsoleRole.CONDUCTOR
            )
        )
        held = driver.state("fill")
        assert held.status is StepStatus.HELD
        assert "connection was lost" in held.message
        assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 1") == held.rows
        assert (await driver.run("fill")).status is StepStatus.DONE
        assert {"connection lost", "connection restored"} <= {each.event.kind for each in await driver.journal()}
    assert await ask(dsn, "SELECT bool_and(x = 1) FROM t")


@pytest.mark.parametrize("before", ["", "CREATE INDEX CONCURRENTLY t_x ON t (x); "], ids=["together", "after an index"])
async def test_a_commit_whose_answer_was_lost_is_found_in_the_journal(dsn: str, before: str) -> None:
    """The session ends right after COMMIT: a deferred trigger terminates us once everything is written."""
    await do(
        dsn,
        "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER gone AFTER INSERT ON ledger DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION gone()",
    )
    async with Driver(plan_of(sql_step("one", f"{before}INSERT INTO ledger VALUES ('one')")), dsn) as driver:
        driver.start("one")
        await driver.until(lambda: driver.state("one").status in (StepStatus.HELD, StepStatus.DONE))
        rows = await ask(dsn, "SELECT count(*) FROM ledger")
        known = driver.state("one").statements_done == 2 if before else driver.state("one").status is StepStatus.DONE
        assert known == (rows == 1)


async def test_rows_changed_outside_a_transaction_are_never_in_doubt(dsn: str) -> None:
    """The session ends while the row is written, after a CONCURRENTLY: as another tool's history is written."""
    await do(
        dsn,
        "CREATE SEQUENCE times; CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF nextval('public.times') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid());"
        " PERFORM pg_sleep(60); END IF; RETURN NULL; END $$;"
        "CREATE TRIGGER gone AFTER INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION gone()",
    )
    row = sql_step("row", "CREATE INDEX CONCURRENTLY t_x ON t (x); INSERT INTO ledger VALUES ('row')")
    async with Driver(plan_of(row), dsn) as driver:
        driver.start("row")
        await driver.until(lambda: driver.state("row").status not in (StepStatus.PENDING, StepStatus.RUNNING))
        assert driver.state("row").status is StepStatus.HELD
        assert driver.state("row").statements_done == 1
        await driver.until(lambda: driver.stage.console_role is ConsoleRole.CONDUCTOR)
        assert (await driver.run("row")).status is StepStatus.DONE
        journal = [each.event for each in await driver.journal()]
    assert await ask(dsn, "SELECT count(*) FROM ledger WHERE what = 'row'") == 1
    assert not any(isinstance(each, e.StepInDoubt) for each in journal)


async def test_a_cancel_that_comes_after_the_commit_neither_fails_the_row_nor_writes_it_again(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was meant for the statement, and meets what we say to the server once that is committed."""
    said: list[str] = []

    def cancelled(settings: Iterable[tuple[str, str]]) -> str:
        said.append(set_session(settings))
        return said[-1] if len(said) > 1 else f"SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60); {said[-1]}"

    monkeypatch.setattr(put_back, "set_session", cancelled)
    row = sql_step("row", "VACUUM t; INSERT INTO ledger VALUES ('row')")
    async with Driver(plan_of(row), dsn) as driver:
        assert (await driver.run("row")).status is StepStatus.DONE, driver.state("row").message
    assert len(said) == 2, "it was cancelled, and said again"
    assert await ask(dsn, "SELECT count(*) FROM ledger") == 1


async def test_a_hang_up_stops_a_backfill_at_its_batch_and_cancels_a_working_statement(dsn: str) -> None:
    tuning = BatchTuning(batch_rows=100, max_batch_rows=100)
    fill = step("fill", BackfillAction(table="t", assignments=(("x", "x + 1"),), tuning=tuning))
    slow = sql_step("slow", "INSERT INTO ledger VALUES ('slow'); SELECT pg_sleep(60)")
    async with Driver(plan_of(fill, slow), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        driver.conductor.submit(c.Leave("SIGHUP received", force=True))
        assert driver.task is not None
        await asyncio.wait_for(asyncio.shield(driver.task), 30)
        held = driver.state("fill")
    assert held.hold is e.HoldKind.HANG_UP
    assert await ask(dsn, "SELECT count(*) FROM t WHERE x = 1") == held.rows
    async with Driver(plan_of(fill, slow), dsn) as driver:
        assert driver.state("fill").status is StepStatus.HELD
        await driver.run("fill")
        driver.start("slow")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
        driver.conductor.submit(c.Leave("SIGTERM received", force=True))
        assert driver.task is not None
        await asyncio.wait_for(asyncio.shield(driver.task), 30)
    working = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'"
    assert await ask(dsn, f"{working} AND pid <> pg_backend_pid()") == 0
    assert await ask(dsn, "SELECT count(*) FROM ledger") == 0
    why = "SELECT payload ->> 'why' FROM zdtui.event WHERE kind = 'console left' ORDER BY at DESC"
    assert await ask(dsn, why) == "SIGTERM received"


async def test_a_changed_plan_does_not_run_until_somebody_says_why(dsn: str) -> None:
    plan = plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')"), sql_step("two", "SELECT 1"))
    async with Driver(plan, dsn) as driver:
        await driver.run("one")
    changed = plan.model_copy(update={"digest": "other"})
    async with Driver(changed, dsn) as driver:
        each = changed.step("two")
        assert "--amend" in await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
    amended = Driver(changed, dsn)
    amended.stage.amend_reason = "two was wrong"
    async with amended as driver:
        assert (await driver.run("two")).status is StepStatus.DONE
        assert driver.state("one").status is StepStatus.DONE


async def test_another_console_that_writes_to_the_run_fences_this_one(dsn: str) -> None:
    plan = plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')"), sql_step("two", "SELECT 1"))
    async with Driver(plan, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        next_place = driver.stage.recorder.state.sequence + 1
        await do(
            dsn,
            "INSERT INTO zdtui.event SELECT run, generate_series("
            f"{next_place}, {next_place} + 20), now(), 'somebody', 'note', NULL, "
            '\'{"kind": "note", "text": "mine"}\' FROM zdtui.event LIMIT 1',
        )
        driver.start("two")
        await driver.until(lambda: driver.stage.console_role is ConsoleRole.OBSERVER)
        assert "only looks on" in driver.stage.refusal
        assert driver.state("two").status is not StepStatus.DONE


async def test_a_soak_goes_on_counting_while_nobody_looks(dsn: str) -> None:
    plan = plan_of(step("soak", WaitAction(duration=timedelta(seconds=1.5))))
    async with Driver(plan, dsn) as driver:
        driver.start("soak")
        await driver.until(lambda: driver.state("soak").status is StepStatus.RUNNING)
        process = driver.stage.sessions
        await process.working.close()
        await process.journal.close()
        assert driver.task is not None
        driver.task.cancel()
    async with Driver(plan, dsn) as driver:
        await driver.until(lambda: driver.state("soak").status is StepStatus.DONE)
