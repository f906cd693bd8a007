"""Steps in one transaction: all or nothing, tried again for locks, withdrawn on pause, cancelled on the server."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step
from zdtui.demo.embedded import SUPERUSER
from zdtui.plan.model import Limits, Phase, StepId
from zdtui.run.decisions.confirm_text import rollback_digest
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

ADD = sql_step(
    "add",
    "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD COLUMN b int",
    "ALTER TABLE t DROP COLUMN a, DROP COLUMN b",
)
TABLE = "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 10)"
COLUMNS = "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped"


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), TABLE)
    return str(server.dsn())


async def test_a_step_forward_back_and_forward_again(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver:
        assert (await driver.run("add")).status is StepStatus.DONE
        assert await ask(dsn, COLUMNS) == 3
        await driver.roll_back_to("add")
        assert driver.state("add").rolled_back
        assert await ask(dsn, COLUMNS) == 1
        assert (await driver.run("add")).status is StepStatus.DONE
        assert await ask(dsn, COLUMNS) == 3


async def test_the_success_is_in_the_journal_with_the_step_itself(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver:
        await driver.run("add")
        found = await driver.journal()
    assert kinds(found)[:4] == ["run opened", "console joined", "step started", "statement sent"]
    same = await ask(
        dsn,
        "SELECT e.xmin = a.xmin FROM zdtui.event AS e, pg_attribute AS a "
        "WHERE e.kind = 'step succeeded' AND a.attrelid = 't'::regclass AND a.attname = 'b'",
    )
    assert same is True


async def test_nothing_remains_of_a_step_that_fails(dsn: str) -> None:
    bad = sql_step("bad", "ALTER TABLE t ADD COLUMN c int; ALTER TABLE missing ADD COLUMN d int", "SELECT 1")
    async with Driver(plan_of(bad), dsn) as driver:
        state = await driver.run("bad")
        assert state.status is StepStatus.FAILED
        assert "missing" in state.message
        assert not state.applied
    assert await ask(dsn, COLUMNS) == 1


async def test_a_percent_sign_reaches_the_server_as_it_is_written(dsn: str) -> None:
    text = sql_step("text", "COMMENT ON TABLE t IS '100 %s %(x)s %'")
    async with Driver(plan_of(text), dsn) as driver:
        assert (await driver.run("text")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT obj_description('t'::regclass)") == "100 %s %(x)s %"


async def test_a_lock_that_is_met_late_is_tried_for_again_and_each_try_is_journaled(dsn: str) -> None:
    hidden = sql_step("add", "DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$", "ALTER TABLE t DROP COLUMN a")
    async with Driver(plan_of(hidden), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        driver.start("add")
        tried = e.AttemptFailed
        await driver.until(lambda: any(isinstance(line.event, tried) for line in driver.stage.recorder.state.log))
        await holder.rollback()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
        failed = next(each.event for each in await driver.journal() if isinstance(each.event, tried))
        assert failed.sqlstate == "55P03"
        assert str(holder.info.backend_pid) in " ".join(failed.blockers)


async def test_when_patience_is_over_the_step_is_held_and_names_the_holder(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        state = await driver.run("add")
        assert state.status is StepStatus.HELD
        assert state.hold is e.HoldKind.LOCK
        assert str(holder.info.backend_pid) in state.message


async def test_a_pause_withdraws_a_statement_that_waits_for_a_lock(dsn: str) -> None:
    unseen = "DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$"
    long = Limits(lock_timeout=timedelta(seconds=30), lock_queue_ceiling=timedelta(seconds=30))
    patient = sql_step("add", unseen, "ALTER TABLE t DROP COLUMN a", limits=long)
    async with Driver(plan_of(patient), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        driver.start("add")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blockers)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("add").status is StepStatus.HELD)
        assert driver.state("add").hold is e.HoldKind.PAUSED
        assert "withdrawn" in driver.state("add").message
        assert await ask(dsn, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0
        await holder.rollback()
        assert (await driver.run("add")).status is StepStatus.DONE


async def test_a_pause_leaves_a_working_statement_alone(dsn: str) -> None:
    slow = sql_step("slow", "SELECT pg_sleep(0.7); CREATE TABLE made (i int)", "DROP TABLE made")
    async with Driver(plan_of(slow, ADD), dsn) as driver:
        driver.start("slow")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_since)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("slow").status is StepStatus.DONE)
    assert await ask(dsn, "SELECT to_regclass('made') IS NOT NULL")


async def test_x_cancels_on_the_server_and_nothing_remains(dsn: str) -> None:
    slow = sql_step("slow", "CREATE TABLE made (i int); SELECT pg_sleep(30)", "DROP TABLE made")
    async with Driver(plan_of(slow), dsn) as driver:
        driver.start("slow")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
        driver.conductor.submit(c.CancelStatement())
        await driver.until(lambda: driver.state("slow").status is StepStatus.HELD)
        assert driver.state("slow").hold is e.HoldKind.CANCELLED
    assert await ask(dsn, "SELECT to_regclass('made') IS NULL")


async def test_the_servers_own_time_limit_is_a_failure_that_says_so(dsn: str) -> None:
    slow = sql_step("slow", "SELECT pg_sleep(30)", limits=Limits(statement_timeout=timedelta(milliseconds=200)))
    async with Driver(plan_of(slow), dsn) as driver:
        state = await driver.run("slow")
        assert state.status is StepStatus.FAILED
        assert "statement timeout" in state.message


async def test_verify_decides_success_and_trying_again_does_not_apply_again(dsn: str) -> None:
    made = sql_step(
        "made", "CREATE TABLE made (i int)", "DROP TABLE made", verify=("SELECT EXISTS (SELECT FROM made)",)
    )
    async with Driver(plan_of(made), dsn) as driver:
        state = await driver.run("made")
        assert state.status is StepStatus.FAILED
        assert state.applied
        assert "verify is not true" in state.message
        await do(dsn, "INSERT INTO made VALUES (1)")
        assert (await driver.run("made")).status is StepStatus.DONE
        await driver.roll_back_to("made")
    assert await ask(dsn, "SELECT to_regclass('made') IS NULL")


async def test_verify_cannot_write(dsn: str) -> None:
    sly = sql_step("sly", "SELECT 1", verify=("WITH d AS (DELETE FROM t RETURNING 1) SELECT count(*) > 0 FROM d",))
    async with Driver(plan_of(sly), dsn) as driver:
        state = await driver.run("sly")
        assert state.status is StepStatus.FAILED
        assert "read-only" in state.message
    assert await ask(dsn, "SELECT count(*) FROM t") == 10


async def test_notices_and_row_counts_are_journaled(dsn: str) -> None:
    chatty = sql_step("chatty", "DO $$ BEGIN RAISE NOTICE 'hello %', 1; END $$; UPDATE t SET id = id + 100", "SELECT 1")
    async with Driver(plan_of(chatty), dsn) as driver:
        assert (await driver.run("chatty")).rows == 10
        said = [each.event.message for each in await driver.journal() if isinstance(each.event, e.NoticeReceived)]
        assert said == ["hello 1"]


async def test_deadlocks_are_tried_again(dsn: str, server: Database) -> None:
    await do(dsn, "CREATE TABLE u (id int)")
    both = sql_step(
        "both",
        "LOCK TABLE t IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.3); DO $$ BEGIN LOCK TABLE u; END $$",
        limits=Limits(lock_timeout=timedelta(seconds=20), lock_queue_ceiling=timedelta(seconds=20), retries=5),
    )
    superuser = server.dsn(SUPERUSER)
    async with Driver(plan_of(both), dsn) as driver, await psycopg.AsyncConnection.connect(superuser) as other:
        await other.execute("SET deadlock_timeout = '10s'")
        await other.execute("SELECT * FROM u")
        driver.start("both")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
        crossing = asyncio.create_task(other.execute("SELECT * FROM t"))
        tried = e.AttemptFailed
        await driver.until(lambda: any(isinstance(line.event, tried) for line in driver.stage.recorder.state.log))
        await crossing
        await other.rollback()
        await driver.until(lambda: driver.state("both").status is StepStatus.DONE)
        states = [each.event.sqlstate for each in await driver.journal() if isinstance(each.event, tried)]
        assert "40P01" in states


async def test_a_manual_step_is_confirmed_with_a_note(dsn: str) -> None:
    from tests.integration.run.driver import step
    from zdtui.plan.model import ManualAction

    deploy = step("deploy", ManualAction(instructions="deploy v2"), phase=Phase.DUAL_WRITE)
    async with Driver(plan_of(deploy), dsn) as driver:
        state = await driver.run("deploy", note="v2 is out")
        assert state.status is StepStatus.DONE
        assert state.message == "v2 is out"
        assert driver.stage.recorder.state.step(StepId("deploy")).seconds is not None


async def test_two_confirmations_in_the_inbox_at_once_start_the_step_once(dsn: str) -> None:
    slow = sql_step("slow", "SELECT pg_sleep(0.2); CREATE TABLE made (i int)", "DROP TABLE made")
    async with Driver(plan_of(slow), dsn) as driver:
        driver.start("slow")
        driver.start("slow")
        await driver.until(lambda: driver.state("slow").status is StepStatus.DONE)
        assert "under way" in str(driver.stage.refusal)
        assert driver.state("slow").attempt == 1


async def test_a_pause_between_two_rollbacks_stops_there(dsn: str) -> None:
    first = sql_step("first", "CREATE TABLE one (i int)", "DROP TABLE one")
    second = sql_step("second", "CREATE TABLE two (i int)", "SELECT pg_sleep(0.5); DROP TABLE two")
    async with Driver(plan_of(first, second), dsn) as driver:
        await driver.run("first")
        await driver.run("second")
        steps = [driver.plan.step("second"), driver.plan.step("first")]
        driver.conductor.submit(c.RollBack((steps[0].id, steps[1].id), rollback_digest(steps), "first"))
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_since)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("second").rolled_back)
        await driver.until(lambda: driver.stage.working is None)
        assert driver.state("first").status is StepStatus.DONE
    assert await ask(dsn, "SELECT to_regclass('one') IS NOT NULL AND to_regclass('two') IS NULL")


async def test_after_a_rollback_that_failed_the_step_goes_forward_without_being_applied_again(dsn: str) -> None:
    odd = sql_step("odd", "CREATE INDEX CONCURRENTLY odd ON t (id); INSERT INTO t VALUES (77)", "DROP TABLE missing")
    async with Driver(plan_of(odd), dsn) as driver:
        await driver.run("odd")
        await driver.roll_back_to("odd")
        assert driver.state("odd").status is StepStatus.FAILED
        assert (await driver.run("odd")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE id = 77") == 1
