"""A session that is dead is noticed in bounded time, whatever the network says; what ended it is said by its name."""

import asyncio
import os
import socket
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.black_hole import BlackHole, black_hole
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.errors import JournalError, TargetError
from zdtui.plan.model import BackfillAction, BatchTuning, WaitAction
from zdtui.postgres.journal import LOCK_KEY
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.run.engine.conductor import Conductor
from zdtui.run.model import commands as c
from zdtui.run.model.activity import Doing
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

LONG = 240.0
"""Seconds a test waits for what must come: the machine may be busy."""
HOLDERS = f"""
SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND (l.classid::bigint << 32) | l.objid::bigint = {LOCK_KEY}
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

ROWS = "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); INSERT INTO t SELECT generate_series(1, 40000)"
SLOWLY = BackfillAction(
    table="t",
    assignments=(("n", "n + 1"),),
    tuning=BatchTuning(batch_rows=400, max_batch_rows=400, batch_pause=timedelta(milliseconds=20), workers=2),
)
WORKERS = "FROM pg_stat_activity WHERE application_name LIKE 'zdtui % worker' AND datname = current_database()"


def through(server: Database, hole: BlackHole) -> str:
    """The database by way of the hole."""
    return f"host=127.0.0.1 port={hole.port} user=zdtui dbname={server.name} sslmode=disable"


async def seen(server: Database, question: str) -> None:
    """Wait until the server says so."""
    async with asyncio.timeout(LONG):
        while True:
            if await ask(server.dsn(), question):
                return
            await asyncio.sleep(0.02)


async def restored(driver: Driver) -> None:
    """Wait until the link was lost and is there again, and the run is ours."""
    await driver.until(lambda: driver.stage.connection_state is ConnectionState.LOST, LONG)
    await driver.until(
        lambda: (
            driver.stage.connection_state is ConnectionState.CONNECTED
            and driver.stage.console_role is ConsoleRole.CONDUCTOR
        ),
        LONG,
    )


async def working_link(driver: Driver, hole: BlackHole) -> int:
    """The number of the connection that the working session goes by."""
    return link_of(driver.stage.sessions.working, hole)


def link_of(connection: psycopg.AsyncConnection[Any], hole: BlackHole) -> int:
    """The number of the connection that the session goes by."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as ours:
        name = ours.getsockname()
    peers = [each.writers[0].get_extra_info("peername") for each in hole.links]
    return peers.index(name)


async def test_a_link_that_dies_after_we_were_let_in_is_an_error_in_time(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zdtui.postgres.sessions.connect.SET_UP_WITHIN", 0.5)
    async with black_hole(str(server18.cluster.folder), server18.cluster.port) as hole:
        for words in (1, 2, 3):
            hole.words = words
            with pytest.raises(TargetError, match="the server let us in, and then: no answer"):
                async with asyncio.timeout(LONG):
                    await connect(Target(through(server18, hole)), application_name="zdtui test")
        hole.words = None
        await (await connect(Target(through(server18, hole)), application_name="zdtui test")).close()


@pytest.mark.parametrize("words", [6, 8])
async def test_wherever_the_link_dies_in_connecting_it_is_tried_again(
    server18: Database, monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    """Keepalives pass such a link: each question that is asked before the console is connected has an end of its own."""
    monkeypatch.setattr("zdtui.postgres.sessions.connect.SET_UP_WITHIN", 0.5)
    monkeypatch.setattr("zdtui.postgres.sessions.connect.ANSWERS_WITHIN", 0.5)
    plan = plan_of(sql_step("one", "SELECT 1"), sql_step("two", "SELECT 1"))
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan, through(server18, hole)) as driver,
    ):
        assert (await driver.run("one")).status is StepStatus.DONE
        before, hole.words = len(hole.links), words
        hole.cut()
        await driver.until(lambda: len(hole.links) > before)
        hole.words = None
        await restored(driver)
        assert (await driver.run("two")).status is StepStatus.DONE


async def test_a_soak_that_ends_while_every_link_is_dead_does_not_hold_up_the_new_ones(server18: Database) -> None:
    """Its last event waits for a journal that never answers; the sessions are opened anew all the same."""
    plan = plan_of(step("soak", WaitAction(duration=timedelta(seconds=2))), sql_step("next", "SELECT 1"))
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan, through(server18, hole)) as driver,
    ):
        driver.start("soak")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
        hole.swallow()
        await restored(driver)
        await driver.until(lambda: driver.state("soak").status is StepStatus.DONE and not driver.stage.working, LONG)
        assert (await driver.run("next")).status is StepStatus.DONE


async def test_who_waits_for_an_event_when_the_session_goes_hears_of_it_before_the_writer_is_done(
    server18: Database,
) -> None:
    plan = plan_of(step("soak", WaitAction(duration=timedelta(seconds=1))), sql_step("next", "SELECT 1"))
    async with Driver(plan, server18.dsn()) as driver:
        driver.start("soak")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
        recorder = driver.stage.recorder
        async with recorder.writing:
            await driver.until(lambda: list(recorder._queue.true_already()) != list(recorder._queue.pending))
            driver.stage.lose("a test")
        await driver.until(lambda: driver.state("soak").status is StepStatus.DONE and not driver.stage.working, LONG)
        assert (await driver.run("next")).status is StepStatus.DONE


@pytest.mark.parametrize("everything", [False, True], ids=["only the working session", "every session"])
async def test_a_statement_whose_link_is_dead_is_given_up_and_settled(server18: Database, everything: bool) -> None:
    """The server has done the work; its answer never comes. Another session learns it, and the run goes on."""
    await do(server18.dsn(), "CREATE TABLE t (id int)")
    plan = plan_of(sql_step("work", "INSERT INTO t VALUES (1); SELECT pg_sleep(3)"), sql_step("next", "SELECT 1"))
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan, through(server18, hole)) as driver,
    ):
        number = await working_link(driver, hole)
        driver.start("work")
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        await seen(server18, asleep)
        hole.swallow((lambda _: True) if everything else (lambda each: each == number))
        driver.conductor.submit(c.Pause())
        await restored(driver)
        await driver.until(lambda: driver.stage.working is None)
        assert driver.state("work").status in (StepStatus.HELD, StepStatus.DONE)
        if driver.state("work").status is StepStatus.HELD:
            assert (await driver.run("work")).status is StepStatus.DONE
        assert (await driver.run("next")).status is StepStatus.DONE
    assert await ask(server18.dsn(), "SELECT count(*) FROM t") == 1
    assert await ask(server18.dsn(), HOLDERS) == 0


async def test_an_idle_console_whose_links_are_dead_ends_its_former_session_and_goes_on(server18: Database) -> None:
    """The lock is with a backend that nobody will hear of again: it is ours, and is ended once that was told."""
    told: list[str] = []
    plan = plan_of(sql_step("one", "SELECT 1"), sql_step("two", "SELECT 1"))
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan, through(server18, hole)) as driver,
    ):
        assert (await driver.run("one")).status is StepStatus.DONE
        former = driver.stage.sessions.backend.pid
        hole.swallow()

        def back() -> bool:
            told.append(driver.stage.connection_detail)
            return (
                driver.stage.connection_state is ConnectionState.CONNECTED
                and driver.stage.sessions.backend.pid != former
            )

        await driver.until(back, LONG)
        assert driver.stage.console_role is ConsoleRole.CONDUCTOR
        assert any(f"backend {former}, still holds the run" in each for each in told)
        assert (await driver.run("two")).status is StepStatus.DONE
        gone = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {former}"
        assert await ask(server18.dsn(), gone) == 0


async def test_leaving_works_while_nothing_answers(server18: Database) -> None:
    """`q l`: the console is gone in bounded time, though no connection, old or new, is answered."""
    plan = plan_of(sql_step("work", "SELECT pg_sleep(600)"))
    async with black_hole(str(server18.cluster.folder), server18.cluster.port) as hole:
        driver = Driver(plan, through(server18, hole))
        async with driver:
            driver.start("work")
            await driver.until(lambda: driver.stage.work is not None and driver.stage.work.activity.statement)
            hole.swallows_new = True
            hole.swallow()
            driver.conductor.submit(c.Leave("left", force=True))
            assert driver.task is not None
            await asyncio.wait_for(driver.task, LONG)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("idle_session_timeout", "2500ms"), ("transaction_timeout", "900ms"), ("statement_timeout", "1s")],
)
async def test_no_limit_of_the_role_ends_a_soak_or_a_confirmed_statement(
    server18: Database, setting: str, value: str
) -> None:
    """What a role or a database says of sessions is not said of ours: the statement and the soak outlast it."""
    await do(server18.dsn("postgres"), f"ALTER DATABASE {server18.name} SET {setting} = '{value}'")
    soak = WaitAction(duration=timedelta(seconds=4))
    plan = plan_of(sql_step("work", "SELECT pg_sleep(2)"), step("soak", soak), sql_step("after", "SELECT 1"))
    async with Driver(plan, server18.dsn()) as driver:
        backend = driver.stage.sessions.backend
        for each in ("work", "soak", "after"):
            assert (await driver.run(each)).status is StepStatus.DONE, driver.state(each).message
        assert driver.stage.sessions.backend == backend


async def test_a_soak_whose_session_is_ended_is_noticed_named_and_goes_on(server18: Database) -> None:
    """A soak runs no SQL: the session is asked all the same, and no second console becomes conductor meanwhile."""
    plan = plan_of(step("soak", WaitAction(duration=timedelta(seconds=15))), sql_step("after", "SELECT 1"))
    async with Driver(plan, server18.dsn()) as driver:
        driver.start("soak")
        await driver.until(lambda: driver.state("soak").status is StepStatus.RUNNING)
        told: list[str] = []
        await do(server18.dsn(), f"SELECT pg_terminate_backend({driver.stage.sessions.backend.pid})")

        def lost() -> bool:
            told.append(driver.stage.connection_detail)
            return driver.stage.connection_state is ConnectionState.LOST

        await driver.until(lost, LONG)
        assert "an administrator ended our session" in driver.stage.connection_detail
        await driver.until(
            lambda: (
                driver.stage.connection_state is ConnectionState.CONNECTED
                and driver.stage.console_role is ConsoleRole.CONDUCTOR
            ),
            LONG,
        )
        await driver.until(lambda: driver.state("soak").status is StepStatus.DONE and not driver.stage.working, LONG)


async def test_what_ended_a_working_session_is_in_the_steps_words(server18: Database) -> None:
    """An administrator's word, in the sentence of the held step."""
    plan = plan_of(sql_step("work", "SELECT pg_sleep(600)"))
    async with Driver(plan, server18.dsn()) as driver:
        driver.start("work")
        await driver.until(lambda: driver.stage.work is not None and driver.stage.work.activity.statement)
        await do(server18.dsn(), f"SELECT pg_terminate_backend({driver.stage.sessions.backend.pid})")
        await driver.until(lambda: driver.state("work").status is StepStatus.HELD, LONG)
        lost = [line.event.message for line in driver.stage.recorder.state.log if line.event.kind == "connection lost"]
        assert any("administrator" in each for each in lost)


async def test_the_server_watches_our_link_as_we_watch_it(server18: Database) -> None:
    """Its keepalives are set for our sessions over TCP, so that it does not wait two hours for us."""
    async with Driver(plan_of(sql_step("one", "SELECT 1")), server18.dsn(tcp=True)) as driver:
        connection = driver.stage.sessions.working
        for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout"):
            row = await (await connection.execute(f"SHOW {name}".encode())).fetchone()
            assert row is not None
            assert row[0] not in ("0", "0ms", "7200"), name


async def test_a_backfill_cut_off_in_a_batch_goes_on_where_it_was(server18: Database) -> None:
    """Every session of it is swallowed in the middle; every row is changed once."""
    await do(
        server18.dsn(),
        "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); INSERT INTO t SELECT generate_series(1, 3000)",
    )
    tuning = BatchTuning(batch_rows=50, batch_pause=timedelta(milliseconds=20))
    fill = BackfillAction(table="t", assignments=(("n", "n + 1"),), tuning=tuning)
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan_of(step("fill", fill)), through(server18, hole)) as driver,
    ):
        driver.start("fill")
        await seen(server18, "SELECT count(*) FROM t WHERE n > 0")
        hole.swallow()
        await restored(driver)
        await driver.until(lambda: driver.stage.working is None)
        if driver.state("fill").status is not StepStatus.DONE:
            assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(server18.dsn(), "SELECT string_agg(DISTINCT n::text, ' ') FROM t") == "1"


async def test_a_worker_whose_link_is_dead_is_noticed_and_the_run_goes_on(server18: Database) -> None:
    """The working session's link is whole, and it has nothing left to do but to wait for its worker."""
    await do(server18.dsn(), ROWS)
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan_of(step("fill", SLOWLY)), through(server18, hole)) as driver,
    ):
        driver.start("fill")
        await driver.until(lambda: driver.stage.work and driver.stage.work.beside, LONG)
        worker = link_of(driver.stage.work.beside[0], hole)
        await seen(server18, "SELECT count(*) > 500 FROM t WHERE n > 0")
        hole.swallow(lambda number: number == worker)
        await restored(driver)
        await driver.until(lambda: driver.stage.working is None)
        if driver.state("fill").status is not StepStatus.DONE:
            assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(server18.dsn(), "SELECT string_agg(DISTINCT n::text, ' ') FROM t") == "1"


async def test_workers_that_a_black_hole_leaves_on_the_server_are_ended_by_us(server18: Database) -> None:
    """They wait for somebody's rows in their batches, and would go on to hold their own against us."""
    await do(server18.dsn(), ROWS)
    async with (
        black_hole(str(server18.cluster.folder), server18.cluster.port) as hole,
        Driver(plan_of(step("fill", SLOWLY)), through(server18, hole)) as driver,
    ):
        async with await psycopg.AsyncConnection.connect(server18.dsn()) as somebody:
            await somebody.execute("SELECT FROM t FOR UPDATE")
            driver.start("fill")
            await seen(server18, f"SELECT count(*) = 1 {WORKERS} AND wait_event_type = 'Lock'")
            worker = await ask(server18.dsn(), f"SELECT pid {WORKERS}")
            hole.swallow()
            await restored(driver)
            assert await ask(server18.dsn(), f"SELECT count(*) {WORKERS} AND pid = {worker}") == 0
        await driver.until(lambda: driver.stage.working is None)
        assert (await driver.run("fill")).status is StepStatus.DONE
        told = [each.event for each in driver.stage.recorder.state.log if each.event.kind == "backend signalled"]
    assert f"our former session, backend {worker}" in [each.who for each in told]
    assert await ask(server18.dsn(), "SELECT string_agg(DISTINCT n::text, ' ') FROM t") == "1"


async def test_nobody_else_is_ended(server18: Database) -> None:
    """The lock is with another console: it is never taken for a former session of ours."""
    plan = plan_of(sql_step("one", "SELECT 1"))
    async with await psycopg.AsyncConnection.connect(server18.dsn(), autocommit=True) as other:
        await other.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        async with Driver(plan, server18.dsn()) as driver:
            assert driver.stage.console_role is ConsoleRole.OBSERVER
            await do(server18.dsn(), f"SELECT pg_terminate_backend({driver.stage.sessions.backend.pid})")
            before = driver.stage.sessions.backend.pid
            await driver.until(
                lambda: (
                    driver.stage.connection_state is ConnectionState.CONNECTED
                    and driver.stage.sessions.backend.pid != before
                ),
                LONG,
            )
            assert driver.stage.console_role is ConsoleRole.OBSERVER
        assert (await (await other.execute("SELECT 1")).fetchone()) == (1,)


async def test_a_console_that_cannot_join_leaves_no_task_behind(server18: Database) -> None:
    """Its journal's writer is at work by then; cancelled by nobody's owner it would be told as a fault of ours."""
    before = asyncio.all_tasks()
    async with Driver(plan_of(sql_step("one", "SELECT 1"), sql_step("two", "SELECT 1")), server18.dsn()) as driver:
        await driver.run("one")
    amended = plan_of(sql_step("two", "SELECT 1")).model_copy(update={"digest": "another"})
    conductor = Conductor(amended, Target(server18.dsn()), "tester@here", lambda: None, amend_reason="a test")
    with pytest.raises(JournalError, match="has no step one"):
        await conductor.run()
    assert not asyncio.all_tasks() - before
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'zdtui%' AND datname = current_database()"
    )
    await seen(server18, asked.replace("count(*)", "count(*) = 0"))
