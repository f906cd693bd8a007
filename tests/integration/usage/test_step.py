"""The step that proves a column unused, on a real server: taken over, held with the list, waited for again, done."""

import json
from datetime import timedelta

from tests.fix_counting import Counting
from tests.fix_db import Database
from tests.integration.run.driver import Driver, do, e, plan_of, sql_step, step
from zdtui.plan.model import Plan, UnusedAction
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.verdict import verdict
from zdtui.run.model.activity import Doing
from zdtui.run.model.state import StepState, StepStatus
from zdtui.run.preflight.doctor import look

LONG = timedelta(hours=20)
SYNC = (
    "CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.email; RETURN NEW; END $$;"
    "CREATE TRIGGER sync BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION sync()"
)
"""What the plan itself makes is in nobody's way."""


def plan(duration: timedelta = timedelta(milliseconds=1), *roles: str) -> Plan:
    """Its second step proves users.name unused. With the short time it ends as soon as it is gone on with."""
    proof = UnusedAction(column="users.name", duration=duration, except_roles=roles)
    return plan_of(sql_step("makes", SYNC), step("unused", proof), name="drop-name")


async def soak(database: Counting, *meanwhile: str) -> None:
    """A console begins to count, these statements are sent, and the console dies."""
    async with Driver(plan(LONG), database.dsn()) as driver:
        if driver.state("makes").status is not StepStatus.DONE:
            await driver.run("makes")
        driver.start("unused")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
        for each in meanwhile:
            await do(database.dsn(), each)
        process = driver.stage.sessions
        await process.working.close()
        await process.journal.close()
        assert driver.task is not None
        driver.task.cancel()


async def outcome(database: Counting, *roles: str) -> StepState:
    """Another console takes over when the time is over: the proof goes on by itself."""
    async with Driver(plan(timedelta(milliseconds=1), *roles), database.dsn()) as driver:
        await driver.until(lambda: driver.state("unused").used is not None and driver.stage.working is None)
        await driver.until(lambda: driver.state("unused").status in (StepStatus.HELD, StepStatus.DONE))
        return driver.state("unused")


async def test_what_was_called_in_between_is_told_by_another_console_and_a_new_time_proves_it_unused(
    counting: Counting,
) -> None:
    counting.execute("SELECT name FROM users WHERE email = 'secret'")
    await soak(
        counting,
        "SELECT u.name FROM users u WHERE u.email = 'secret' LIMIT 3",
        "SELECT id, email FROM users",
        "UPDATE users SET email = 'other' WHERE id = 1",
    )
    async with Driver(plan(), counting.dsn()) as driver:
        await driver.until(lambda: driver.state("unused").status is StepStatus.HELD and driver.stage.working is None)
        held = driver.state("unused")
        assert held.hold is e.HoldKind.USAGE
        assert held.message.startswith("public.users.name is in use: 1 statement, counted since ")
        assert "1 call by zdtui: reads users.name: SELECT u.name FROM users u WHERE u.email = $1" in held.message
        assert "R counts anew and waits again; S passes over it" in verdict(driver.stage.view()).advice
        assert held.used is not None
        assert [(each.role, each.calls, each.why) for each in held.used.statements] == [
            ("zdtui", 1, "reads users.name")
        ]
        assert held.used.in_the_way == ()
        assert held.used.goes_with_it == (
            "function public.sync(): writes public.users.name; run by the trigger sync of"
            " public.users (the plan itself looks after it)",
            "index public.users_name",
        )
        done = await driver.run("unused")
        assert done.status is StepStatus.DONE, done.message
        assert done.message.startswith("nothing uses public.users.name, counted since ")
        assert done.used is not None
        assert done.used.verdict == "unused"
        written = json.dumps([each.event.model_dump(mode="json") for each in await driver.journal()])
        assert "secret" not in written


async def test_a_reset_meanwhile_leaves_it_unknown_and_a_pause_does_not(counting: Counting) -> None:
    async with Driver(plan(LONG), counting.dsn()) as driver:
        await driver.run("makes")
        driver.start("unused")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
        first = driver.state("unused").usage
    async with Driver(plan(), counting.dsn()) as driver:
        assert driver.state("unused").usage == first
        assert (await driver.run("unused")).status is StepStatus.DONE
    counting.execute("CREATE TABLE public.again (x int)")
    other = plan_of(step("unused", UnusedAction(table="public.again", duration=LONG)), name="drop-again")
    async with Driver(other, counting.dsn()) as driver:
        driver.start("unused")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
    counting.execute("SELECT stats.pg_stat_statements_reset()", "postgres")
    again = plan_of(
        step("unused", UnusedAction(table="public.again", duration=timedelta(milliseconds=1))), name="drop-again"
    )
    async with Driver(again, counting.dsn()) as driver:
        state = await driver.run("unused")
        assert state.status is StepStatus.HELD
        assert state.message.startswith("whether public.again is used is not known, counted since ")
        assert "pg_stat_statements was reset at " in state.message


async def test_a_role_that_the_plan_leaves_out_does_not_count_and_a_restart_is_not_overlooked(
    counting: Counting,
) -> None:
    await soak(counting, "SELECT name FROM users")
    state = await outcome(counting, "zdtui")
    assert state.status is StepStatus.DONE
    assert "statements of zdtui are left out, as the plan says" in state.message
    counting.execute("CREATE TABLE public.again (x int)")
    long, short = (
        plan_of(step("unused", UnusedAction(table="public.again", duration=each)), name="drop-again")
        for each in (LONG, timedelta(milliseconds=1))
    )
    async with Driver(long, counting.dsn()) as driver:
        driver.start("unused")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.doing is Doing.SOAKING)
    counting.restart()
    async with Driver(short, counting.dsn()) as driver:
        assert "the server was started anew at " in (await driver.run("unused")).message


async def test_a_server_that_does_not_count_is_said_at_once(server18: Database) -> None:
    server18.execute("CREATE TABLE users (id int, name text)")
    long = plan_of(step("unused", UnusedAction(column="users.name", duration=LONG)))
    missing = plan_of(step("unused", UnusedAction(column="users.nam", duration=LONG)), name="other")
    async with Driver(long, server18.dsn()) as driver:
        state = await driver.run("unused")
        assert (state.status, state.hold) == (StepStatus.HELD, e.HoldKind.USAGE)
        assert "CREATE EXTENSION pg_stat_statements" in state.message
    async with Driver(missing, server18.dsn()) as driver:
        state = await driver.run("unused")
        assert (state.status, state.message) == (StepStatus.FAILED, "users has no column nam")


async def test_the_board_says_before_the_first_step_whether_the_server_counts(
    counting: Counting, server18: Database
) -> None:
    for database, said in ((counting, "OK"), (server18, "WARN")):
        board = await look(Target(database.dsn()), plan())
        (check,) = [each for each in board.checks if each.name == "counted statements"]
        assert check.outcome.upper() == said, check
    assert "CREATE EXTENSION pg_stat_statements" in check.finding
    assert check.advice == "unused will be held until then"
    assert "counted statements" not in {each.name for each in (await look(Target(server18.dsn()), None)).checks}
