"""A note of before the first step is written once there is a run to write it in, whoever has begun that run."""

import asyncio

import psycopg

from tests.fix_db import Database
from tests.integration.run.driver import Driver, c, e, kinds, plan_of, sql_step
from zdtui.postgres.journal import LOCK_KEY
from zdtui.run.model.console import ConnectionState, ConsoleRole

PLAN = plan_of(sql_step("one", "CREATE TABLE one ()"), sql_step("two", "CREATE TABLE two ()"))


async def test_it_follows_the_beginning_of_the_run(server18: Database) -> None:
    async with Driver(PLAN, server18.dsn()) as driver:
        await keep(driver, "asked ana", "asked ben")
        await driver.run("one")
        events = await driver.journal()
    assert kinds(events)[:3] == ["run opened", "note", "note"]
    assert [each.event.text for each in events if isinstance(each.event, e.NoteAdded)] == ["asked ana", "asked ben"]
    assert driver.stage.early_notes == ()


async def test_it_is_written_into_a_run_that_another_console_began_meanwhile(server18: Database) -> None:
    dsn = server18.dsn()
    async with Driver(PLAN, dsn) as driver:
        await keep(driver, "asked ana")
        await lose_the_lock(driver, dsn)
        async with Driver(PLAN, dsn) as other:
            await other.run("one")
        driver.conductor.submit(c.TakeOver())
        await driver.until(lambda: driver.stage.console_role is ConsoleRole.CONDUCTOR and not driver.stage.early_notes)
        events = await driver.journal()
    assert kinds(events)[0] == "run opened"
    assert [each.event.text for each in events if isinstance(each.event, e.NoteAdded)] == ["asked ana"]


async def keep(driver: Driver, *notes: str) -> None:
    """Write notes where no run was begun."""
    for text in notes:
        driver.conductor.submit(c.AddNote(text))
    await driver.until(lambda: driver.stage.early_notes == notes)


async def lose_the_lock(driver: Driver, dsn: str) -> None:
    """The console's working session ends, and somebody who waited for its lock has that lock for a moment."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
        waiting = asyncio.create_task(other.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY]))
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as third:
            await until_it_waits(third, other.info.backend_pid)
            await third.execute("SELECT pg_terminate_backend(%s)", [driver.stage.open_sessions.backend.pid])
        await waiting
        await driver.until(
            lambda: (
                driver.stage.console_role is ConsoleRole.OBSERVER
                and driver.stage.connection_state is ConnectionState.CONNECTED
            )
        )


async def until_it_waits(asked_on: psycopg.AsyncConnection[object], pid: int) -> None:
    """Its request is in the queue: it stays there until the lock is let go of."""
    async with asyncio.timeout(60):
        while True:
            cursor = await asked_on.execute("SELECT FROM pg_locks WHERE pid = %s AND NOT granted", [pid])
            if cursor.rowcount:
                return
            await asyncio.sleep(0.02)
