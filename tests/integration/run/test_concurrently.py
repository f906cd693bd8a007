"""Statements that cannot run in a transaction: own limits, invalid leftovers named, nothing run twice."""

import contextlib
import os
import socket
from functools import partial

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.plan.model import Guards, Step, StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import clean_up_sql
from zdtui.run.decisions.decision import GuardOver
from zdtui.run.decisions.snapshot import VerdictWord
from zdtui.run.engine.engine import take_snapshot
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import Pane

INDEX = sql_step("index", "CREATE INDEX CONCURRENTLY t_x ON t (x)", "DROP INDEX CONCURRENTLY IF EXISTS t_x")
UNIQUE = sql_step("unique", "CREATE UNIQUE INDEX CONCURRENTLY t_u ON t (x)", "DROP INDEX CONCURRENTLY IF EXISTS t_u")


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(
        server.dsn(),
        "CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t SELECT g, g % 5 FROM generate_series(1, 500) g",
    )
    return str(server.dsn())


async def test_an_index_forward_back_and_forward_again(dsn: str) -> None:
    async with Driver(plan_of(INDEX), dsn) as driver:
        assert (await driver.run("index")).status is StepStatus.DONE
        await driver.roll_back_to("index")
        assert await ask(dsn, "SELECT to_regclass('t_x') IS NULL")
        assert (await driver.run("index")).status is StepStatus.DONE
        assert await ask(dsn, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass")


async def test_an_old_snapshot_elsewhere_does_not_cancel_a_concurrent_build(dsn: str) -> None:
    async with Driver(plan_of(INDEX), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as old:
        await old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await old.execute("SELECT 1 FROM pg_class LIMIT 1")
        driver.start("index")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blocked_for > 0.3)
        assert str(old.info.backend_pid) in " ".join(driver.stage.lock_watch.blockers)
        await old.rollback()
        await driver.until(lambda: driver.state("index").status is StepStatus.DONE)


async def test_a_failed_build_names_its_invalid_index_and_offers_to_remove_it(dsn: str) -> None:
    async with Driver(plan_of(UNIQUE), dsn) as driver:
        state = await driver.run("unique")
        assert state.status is StepStatus.HELD
        assert state.hold is e.HoldKind.INVALID_INDEX
        assert "t_u" in state.message
        assert "duplicate" in state.message or "unique" in state.message
        each = driver.plan.step("unique")
        assert "invalid index" in await driver.refusal(c.RunStep(each.id, step_digest(each), "y"))
        driver.conductor.submit(c.CleanUpIndex(StepId("unique"), "t_u", clean_up_sql("t_u")))
        await driver.until(lambda: driver.state("unique").hold is not e.HoldKind.INVALID_INDEX)
        assert await ask(dsn, "SELECT to_regclass('t_u') IS NULL")
        await do(dsn, "UPDATE t SET x = id")
        assert (await driver.run("unique")).status is StepStatus.DONE


async def test_a_cancelled_build_is_held_with_its_invalid_index(dsn: str) -> None:
    async with Driver(plan_of(INDEX), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as writer:
        await writer.execute("UPDATE t SET x = 0 WHERE id = 1")
        driver.start("index")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blocked_for > 0.2)
        driver.conductor.submit(c.CancelStatement())
        await held(driver, "index")
        assert driver.state("index").hold is e.HoldKind.INVALID_INDEX
        await writer.rollback()


async def test_statements_before_the_one_that_failed_are_not_run_again(dsn: str) -> None:
    several = sql_step(
        "several",
        "CREATE INDEX CONCURRENTLY t_1 ON t (x); INSERT INTO t VALUES (9000, 1);"
        "CREATE INDEX CONCURRENTLY t_2 ON missing (x)",
    )
    async with Driver(plan_of(several), dsn) as driver:
        state = await driver.run("several")
        assert state.status is StepStatus.FAILED
        assert state.statements_done == 2
        await do(dsn, "CREATE TABLE public.missing (x int)")
        assert (await driver.run("several")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM t WHERE id = 9000") == 1


def taken(sql: str) -> Step:
    """A step that makes an index named t_x if there is none."""
    return sql_step("index", sql, "DROP INDEX CONCURRENTLY IF EXISTS t_x")


MAYBE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_x ON t (x)"


def is_removed(driver: Driver, name: str, index: str) -> bool:
    """Whether the step is not held for this index any more."""
    return index not in driver.state(name).invalid_indexes


def asked_to_take_over(driver: Driver) -> Driver:
    """The console, once more asked to take the run over."""
    driver.conductor.submit(c.TakeOver())
    return driver


async def leave_invalid(dsn: str) -> None:
    """An index t_x that a failed build has left."""
    with contextlib.suppress(psycopg.errors.UniqueViolation):
        await do(dsn, "CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (x)")
    assert await ask(dsn, "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass")


async def remove_what_was_left(driver: Driver, name: str) -> list[str]:
    """D, for each that the step is held for; their names."""
    removed = []
    while driver.state(name).hold is e.HoldKind.INVALID_INDEX:
        index = driver.state(name).invalid_indexes[0]
        driver.conductor.submit(c.CleanUpIndex(StepId(name), index, clean_up_sql(index)))
        await driver.until(partial(is_removed, driver, name, index))
        await driver.until(lambda: driver.stage.working is None)
        removed.append(index)
    return removed


@pytest.mark.parametrize("sql", [MAYBE, MAYBE.replace("CONCURRENTLY ", ""), f"CREATE TABLE made (); {MAYBE}"])
async def test_if_not_exists_over_an_invalid_index_is_held_and_not_done(dsn: str, sql: str) -> None:
    await leave_invalid(dsn)
    async with Driver(plan_of(taken(sql)), dsn) as driver:
        state = await driver.run("index")
        assert state.status is StepStatus.HELD
        assert state.hold is e.HoldKind.INVALID_INDEX
        assert state.message.startswith("t_x was left invalid")
        assert await remove_what_was_left(driver, "index") == ["t_x"]
        assert (await driver.run("index")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT indisvalid AND NOT indisunique FROM pg_index WHERE indexrelid = 't_x'::regclass")


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ("CREATE INDEX t_x ON t (id)", "USING btree (id)"),
        ("CREATE UNIQUE INDEX t_x ON t (id, x)", "UNIQUE INDEX"),
        ("CREATE TABLE other (x int); CREATE INDEX t_x ON other (x)", "ON public.other"),
        ("CREATE TABLE t_x ()", "no index"),
    ],
)
@pytest.mark.parametrize("sql", [MAYBE, MAYBE.replace("CONCURRENTLY ", "")])
async def test_if_not_exists_over_something_else_did_nothing_and_says_so(
    dsn: str, there: str, says: str, sql: str
) -> None:
    await do(dsn, there)
    async with Driver(plan_of(taken(sql)), dsn) as driver:
        state = await driver.run("index")
        assert state.status is StepStatus.FAILED
        assert "did nothing" in state.message
        assert says in state.message
        await do(
            dsn, "ALTER TABLE IF EXISTS t_x RENAME TO away" if "no index" in says else "ALTER INDEX t_x RENAME TO away"
        )
        assert (await driver.run("index")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT indrelid = 't'::regclass FROM pg_index WHERE indexrelid = 't_x'::regclass")


@pytest.mark.parametrize("sql", [MAYBE, MAYBE.replace("CONCURRENTLY ", "")])
async def test_if_not_exists_over_the_same_index_is_done(dsn: str, sql: str) -> None:
    await do(dsn, "CREATE INDEX t_x ON t (x)")
    async with Driver(plan_of(taken(sql)), dsn) as driver:
        assert (await driver.run("index")).status is StepStatus.DONE


@pytest.mark.parametrize("sql", [f"{MAYBE} WHERE x > 1", f"{MAYBE} WHERE x > 1".replace("CONCURRENTLY ", "")])
async def test_where_reading_does_not_tell_whether_it_is_the_same_a_person_is_asked(dsn: str, sql: str) -> None:
    await do(dsn, "CREATE INDEX t_x ON t (x) WHERE x > 1")
    async with Driver(plan_of(taken(sql)), dsn) as driver:
        state = await driver.run("index")
        assert state.status is StepStatus.IN_DOUBT
        assert "WHERE (x > 1)" in state.message
        driver.conductor.submit(c.SettleDoubt(StepId("index"), True, "it is that one"))
        await held(driver, "index")
        assert (await driver.run("index")).status is StepStatus.DONE


BROKEN = """
CREATE FUNCTION strict_x(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END $$;
CREATE INDEX {table}_strict ON {table} (strict_x(x));
CREATE OR REPLACE FUNCTION strict_x(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN IF $1 = 3 THEN RAISE EXCEPTION 'not 3'; END IF; RETURN $1; END $$
"""


@pytest.mark.parametrize("sql", ["REINDEX TABLE CONCURRENTLY t", "REINDEX (CONCURRENTLY) SCHEMA public"])
async def test_a_rebuild_that_fails_names_every_index_it_left_and_removes_each(dsn: str, sql: str) -> None:
    await do(dsn, BROKEN.format(table="t"))
    async with Driver(plan_of(sql_step("rebuild", sql)), dsn) as driver:
        state = await driver.run("rebuild")
        assert state.hold is e.HoldKind.INVALID_INDEX
        assert set(state.invalid_indexes) == {"t_pkey_ccnew", "t_strict_ccnew"}
        assert "t_pkey_ccnew, t_strict_ccnew were left invalid" in state.message
        assert "not 3" in state.message
        assert set(await remove_what_was_left(driver, "rebuild")) == {"t_pkey_ccnew", "t_strict_ccnew"}
        await do(dsn, "UPDATE t SET x = 4 WHERE x = 3")
        assert (await driver.run("rebuild")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 't'::regclass")


async def test_what_a_rebuild_of_partitions_left_is_named_too(dsn: str) -> None:
    parts = "CREATE TABLE p (id int, x int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
    await do(dsn, f"{parts} INSERT INTO p VALUES (1, 1), (1, 3); {BROKEN.format(table='p')}")
    async with Driver(plan_of(sql_step("rebuild", "REINDEX INDEX CONCURRENTLY p_strict")), dsn) as driver:
        state = await driver.run("rebuild")
        assert state.hold is e.HoldKind.INVALID_INDEX
        assert state.invalid_indexes == ("p1_strict_x_idx_ccnew",)


async def test_a_rebuild_that_passes_over_an_invalid_index_is_not_done(dsn: str) -> None:
    await leave_invalid(dsn)
    async with Driver(plan_of(sql_step("rebuild", "REINDEX TABLE CONCURRENTLY t")), dsn) as driver:
        state = await driver.run("rebuild")
        assert state.status is StepStatus.HELD
        assert state.invalid_indexes == ("t_x",)


async def test_an_index_without_a_name_is_not_held_for_one_that_was_invalid_before(dsn: str) -> None:
    await leave_invalid(dsn)
    async with Driver(plan_of(sql_step("index", "CREATE INDEX CONCURRENTLY ON t (id)")), dsn) as driver:
        assert (await driver.run("index")).status is StepStatus.DONE


async def old_snapshot(dsn: str) -> psycopg.AsyncConnection[object]:
    """A session whose snapshot every later build has to outwait."""
    old = await psycopg.AsyncConnection.connect(dsn)
    await old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    await old.execute("SELECT 1 FROM pg_class LIMIT 1")
    return old


async def waits_for(driver: Driver, pid: int) -> None:
    """Until the statement is in its last phase, and waits for that session."""
    await driver.until(lambda: driver.stage.lock_watch and any(str(pid) in b for b in driver.stage.lock_watch.blockers))


async def held(driver: Driver, name: str) -> None:
    """Until the step is held and all is over."""
    await driver.until(lambda: driver.state(name).status is StepStatus.HELD and driver.stage.working is None)


async def looks(driver: Driver, count: int) -> None:
    """So many further looks of the lock watch, which is what would cancel a statement."""
    watch = driver.stage.lock_watch
    look, seen = watch.look, 0

    async def counted() -> bool:
        nonlocal seen
        found = await look()
        seen += 1
        return bool(found)

    watch.look = counted
    await driver.until(lambda: seen > count)


@pytest.mark.parametrize("asked", ["pause", "guard", "leave"])
async def test_a_build_that_waits_is_not_cancelled_by_a_pause_a_guard_or_leaving(dsn: str, asked: str) -> None:
    last = sql_step("last", "CREATE TABLE last ()", "DROP TABLE last")
    guards = Guards(replication_lag=None, blocked_sessions=1, oldest_transaction=None)
    async with Driver(plan_of(INDEX, last, guards=guards), dsn) as driver:
        old = await old_snapshot(dsn)
        driver.start("index")
        await waits_for(driver, old.info.backend_pid)
        breach = Breach("replay lag of standby-a", Pane.REPLICATION, "12.5 s", "10 s")
        requests: dict[str, c.Command | GuardOver] = {
            "pause": c.Pause(),
            "guard": GuardOver(breach),
            "leave": c.Leave("the operator left"),
        }
        driver.conductor.submit(requests[asked])
        await driver.until(lambda: driver.stage.work.control.stop)
        await looks(driver, 10)
        assert driver.stage.work.control.cancelled is None
        await driver.until(lambda: take_snapshot(driver.stage).verdict.word is VerdictWord.BLOCKED)
        assert "holds after this statement" in take_snapshot(driver.stage).verdict.advice
        await old.close()
        await driver.until(lambda: driver.state("index").status is StepStatus.DONE)
        await driver.until(lambda: driver.stage.working is None)
        if asked != "leave":
            assert take_snapshot(driver.stage).verdict.word is VerdictWord.HELD
    assert await ask(dsn, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass")


async def test_a_pause_holds_between_two_builds(dsn: str) -> None:
    two = sql_step("two", "CREATE INDEX CONCURRENTLY t_x ON t (x); CREATE INDEX CONCURRENTLY t_y ON t (x)")
    async with Driver(plan_of(two), dsn) as driver:
        old = await old_snapshot(dsn)
        driver.start("two")
        await waits_for(driver, old.info.backend_pid)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.stage.work.control.stop)
        await old.close()
        await held(driver, "two")
        state = driver.state("two")
        assert (state.hold, state.statements_done) == (e.HoldKind.PAUSED, 1)
        assert (await driver.run("two")).status is StepStatus.DONE


async def test_a_terminal_that_goes_away_leaves_the_build_at_work_and_the_next_console_looks(dsn: str) -> None:
    async with Driver(plan_of(INDEX), dsn) as driver:
        old = await old_snapshot(dsn)
        driver.start("index")
        await waits_for(driver, old.info.backend_pid)
        driver.conductor.submit(c.Leave("SIGHUP received", force=True))
        assert driver.task is not None
        await driver.task
    async with Driver(plan_of(INDEX), dsn) as second:
        assert second.stage.console_role is ConsoleRole.OBSERVER
        said = take_snapshot(second.stage).verdict
        assert said.word is VerdictWord.OBSERVING
        assert "at work: CREATE INDEX CONCURRENTLY" in said.reason
        await second.until(lambda: "still held" in str(second.stage.refusal) or bool(asked_to_take_over(second)))
        assert await ask(
            dsn, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND state = 'active'"
        )
        await old.close()
        await second.until(lambda: asked_to_take_over(second).stage.console_role is ConsoleRole.CONDUCTOR)
        await second.until(lambda: second.state("index").status in (StepStatus.HELD, StepStatus.DONE))
        assert second.state("index").statements_done == 1
        assert (await second.run("index")).status is StepStatus.DONE
        sent = [each.event for each in await second.journal() if each.event.kind == "statement sent"]
        assert len(sent) == 1


async def test_removing_an_index_can_be_cancelled_and_asked_for_again(dsn: str) -> None:
    await leave_invalid(dsn)
    async with Driver(plan_of(taken(MAYBE)), dsn) as driver:
        await driver.run("index")
        reader = await psycopg.AsyncConnection.connect(dsn)
        await reader.execute("SELECT count(*) FROM t")
        driver.conductor.submit(c.CleanUpIndex(StepId("index"), "t_x", clean_up_sql("t_x")))
        await waits_for(driver, reader.info.backend_pid)
        driver.conductor.submit(c.CancelStatement())
        await driver.until(lambda: driver.stage.working is None)
        assert "t_x was not removed" in driver.stage.refusal
        assert driver.state("index").hold is e.HoldKind.INVALID_INDEX
        await reader.close()
        assert await remove_what_was_left(driver, "index") == ["t_x"]


async def test_a_drop_that_is_cancelled_goes_on_with_the_same_statement(dsn: str) -> None:
    await do(dsn, "CREATE INDEX t_x ON t (x)")
    async with Driver(plan_of(sql_step("drop", "DROP INDEX CONCURRENTLY t_x")), dsn) as driver:
        reader = await psycopg.AsyncConnection.connect(dsn)
        await reader.execute("SELECT count(*) FROM t")
        driver.start("drop")
        await waits_for(driver, reader.info.backend_pid)
        driver.conductor.submit(c.CancelStatement())
        await held(driver, "drop")
        assert "still there, invalid" in driver.state("drop").message
        await reader.close()
        assert (await driver.run("drop")).status is StepStatus.DONE


async def test_a_detaching_that_is_cancelled_says_how_it_is_ended(dsn: str) -> None:
    await do(dsn, "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)")
    detach = sql_step("detach", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY")
    async with Driver(plan_of(detach), dsn) as driver:
        reader = await psycopg.AsyncConnection.connect(dsn)
        await reader.execute("SELECT count(*) FROM p")
        driver.start("detach")
        await waits_for(driver, reader.info.backend_pid)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.stage.work.control.stop)
        await looks(driver, 5)
        driver.conductor.submit(c.CancelStatement())
        await held(driver, "detach")
        assert "ALTER TABLE p DETACH PARTITION p1 FINALIZE" in driver.state("detach").message
        await reader.close()


async def test_a_lost_connection_leaves_the_build_to_our_former_session_and_looks_after_it(dsn: str) -> None:
    async with Driver(plan_of(INDEX), dsn) as driver:
        old = await old_snapshot(dsn)
        driver.start("index")
        await waits_for(driver, old.info.backend_pid)
        with socket.socket(fileno=os.dup(driver.stage.sessions.working.pgconn.socket)) as link:
            link.shutdown(socket.SHUT_RDWR)
        await driver.until(
            lambda: "goes on with CREATE INDEX CONCURRENTLY" in driver.stage.connection_detail, seconds=60
        )
        await old.close()
        await driver.until(lambda: driver.stage.connection_state is ConnectionState.CONNECTED, seconds=240)
        await driver.until(lambda: driver.state("index").statements_done == 1, seconds=240)
        assert (await driver.run("index")).status is StepStatus.DONE
        sent = [each.event for each in await driver.journal() if each.event.kind == "statement sent"]
        assert len(sent) == 1
