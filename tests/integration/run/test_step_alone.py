"""A step begins in the session as it was opened, and what it sets ends with it."""

from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step, step
from zdtui.plan.model import BackfillAction, BatchTuning, CheckAction, StepId, WaitAction
from zdtui.postgres.journal import LOCK_KEY
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import StepStatus

DONE = StepStatus.DONE
HELD_BY = f"""
SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND (l.classid::bigint << 32) | l.objid::bigint = {LOCK_KEY}
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def roles(server: Database) -> str:
    """A role that owns a schema, and another that may become it; the connection string of the second."""
    name = server.name[:50]
    for role in (f"{name}_o", f"{name}_m"):
        await do(server.dsn("postgres"), f"DROP ROLE IF EXISTS {role}")
    await do(
        server.dsn("postgres"),
        f"CREATE ROLE {name}_o; CREATE ROLE {name}_m LOGIN IN ROLE {name}_o;"
        f"GRANT CREATE ON DATABASE {server.name} TO {name}_m; CREATE SCHEMA app AUTHORIZATION {name}_o",
    )
    return name


async def test_a_step_may_become_the_owner_and_is_itself_again_after_it(server: Database) -> None:
    """SET LOCAL ROLE, SET ROLE, and a step after them outside a transaction; forward, back and forward."""
    name = await roles(server)
    steps = (
        sql_step(
            "local",
            f"SET LOCAL ROLE {name}_o; CREATE TABLE app.other (id int PRIMARY KEY)",
            f"SET LOCAL ROLE {name}_o; DROP TABLE app.other",
        ),
        sql_step("session", f"SET ROLE {name}_o; CREATE TABLE app.third (id int PRIMARY KEY)", "DROP TABLE app.third"),
        sql_step(
            "alone",
            f"SET ROLE {name}_o; CREATE INDEX CONCURRENTLY third_i ON app.third (id); COMMENT ON TABLE app.third IS 'x'",
            "DROP INDEX CONCURRENTLY app.third_i",
        ),
        step("who", CheckAction(query="SELECT current_user = session_user")),
    )
    async with Driver(plan_of(*steps), server.dsn(f"{name}_m")) as driver:
        for _ in range(2):
            for each in ("local", "session", "alone"):
                assert (await driver.run(each)).status is DONE, (
                    driver.state(each).message,
                    driver.stage.connection_detail,
                )
            await driver.roll_back_to("local")
            assert driver.state("local").status is StepStatus.PENDING
        for each in ("local", "session", "alone", "who"):
            assert (await driver.run(each)).status is DONE, (driver.state(each).message, driver.stage.connection_detail)
    owners = "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE schemaname = 'app'"
    assert await ask(server.dsn(), owners) == f"{name}_o"


async def test_another_user_is_left_with_the_step(server: Database) -> None:
    """SET SESSION AUTHORIZATION, which a superuser may."""
    name = await roles(server)
    steps = (
        sql_step("other", f"SET SESSION AUTHORIZATION {name}_m; CREATE SCHEMA made"),
        step("who", CheckAction(query="SELECT session_user = 'postgres'")),
    )
    async with Driver(plan_of(*steps), server.dsn("postgres")) as driver:
        for each in ("other", "who"):
            assert (await driver.run(each)).status is DONE, (driver.state(each).message, driver.stage.connection_detail)
    assert (
        await ask(server.dsn(), "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'made'")
        == f"{name}_m"
    )


async def test_what_a_step_sets_is_not_there_for_the_next(server: Database) -> None:
    """A search_path, a limit, a cursor, a temporary table, a prepared statement, a channel, a lock of the step's own."""
    await do(
        server.dsn(),
        "CREATE SCHEMA a; CREATE TABLE a.orders (id int PRIMARY KEY, v int, x int);"
        "CREATE TABLE public.orders (id int PRIMARY KEY, v int, x int);"
        "INSERT INTO a.orders SELECT g, g FROM generate_series(1, 50) g; INSERT INTO public.orders SELECT * FROM a.orders",
    )
    left = (
        "SET search_path = a; ALTER TABLE orders ADD COLUMN note text; CREATE TEMPORARY TABLE kept (id int);"
        "PREPARE kept AS SELECT 1; LISTEN kept; SET work_mem = '77MB'; SELECT pg_advisory_lock(7), pg_advisory_lock(7);"
        "SELECT pg_advisory_lock_shared(-1, 2); DECLARE kept CURSOR WITH HOLD FOR SELECT 1"
    )
    nothing = (
        "SELECT to_regclass('kept') IS NULL AND current_setting('work_mem') <> '77MB'"
        " AND NOT EXISTS (SELECT FROM pg_prepared_statements WHERE from_sql) AND NOT EXISTS (SELECT FROM pg_cursors"
        " WHERE name = 'kept') AND NOT EXISTS (SELECT FROM pg_listening_channels())"
        " AND (SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
    )
    fill = BackfillAction(table="orders", assignments=(("x", "v"),), where="x IS NULL", tuning=BatchTuning())
    steps = (
        sql_step("tenant", left),
        step("nothing", CheckAction(query=nothing)),
        sql_step("public", "ALTER TABLE orders ADD COLUMN remark text"),
        step("fill", fill),
        sql_step(
            "outside", "SET search_path = a; CREATE INDEX CONCURRENTLY o_x ON orders (x); COMMENT ON INDEX o_x IS '1'"
        ),
        sql_step("fails", "SET work_mem = '77MB'; SELECT 1 / 0; VACUUM public.orders"),
        step("nothing-again", CheckAction(query=nothing)),
    )
    async with Driver(plan_of(*steps), server.dsn()) as driver:
        for each in ("tenant", "nothing", "public", "fill", "outside"):
            assert (await driver.run(each)).status is DONE, (driver.state(each).message, driver.stage.connection_detail)
        assert (await driver.run("fails")).status is not DONE
        driver.conductor.submit(c.SkipStep(StepId("fails"), "it was to fail"))
        await driver.until(lambda: driver.state("fails").status is StepStatus.SKIPPED)
        assert (await driver.run("nothing-again")).status is DONE
    columns = "SELECT string_agg(attrelid::regclass || '.' || attname, ' ' ORDER BY 1) FROM pg_attribute"
    assert (
        await ask(server.dsn(), f"{columns} WHERE attname IN ('note', 'remark') AND NOT attisdropped")
        == "a.orders.note orders.remark"
    )
    assert await ask(server.dsn(), "SELECT count(x) FROM public.orders") == 50
    assert await ask(server.dsn(), "SELECT count(x) FROM a.orders") == 0
    assert await ask(server.dsn(), "SELECT to_regclass('a.o_x') IS NOT NULL")


@pytest.mark.parametrize(
    "sql", ["SELECT pg_advisory_unlock_all()", "VACUUM orders; DISCARD ALL"], ids=["in a transaction", "outside one"]
)
async def test_a_step_that_lets_go_of_the_runs_lock_does_not_let_go_of_the_run(server: Database, sql: str) -> None:
    """It is taken again at once, and said; where another console was quicker, this one only looks on."""
    await do(server.dsn(), "CREATE TABLE orders (id int PRIMARY KEY)")
    async with Driver(plan_of(sql_step("let-go", sql), sql_step("next", "SELECT 1")), server.dsn()) as driver:
        assert (await driver.run("let-go")).status is DONE
        assert await ask(server.dsn(), HELD_BY) is not None
        assert "run lock taken again" in kinds(await driver.journal())
        assert driver.stage.console_role is ConsoleRole.CONDUCTOR
        assert (await driver.run("next")).status is DONE


async def test_a_lock_that_another_took_meanwhile_makes_this_console_look_on(server: Database) -> None:
    """The step gives the lock away and waits; somebody takes it before the step ends."""
    async with await psycopg.AsyncConnection.connect(server.dsn(), autocommit=True) as other:
        await other.execute("SELECT pg_advisory_lock(4711)")
        plan = plan_of(sql_step("let-go", "SELECT pg_advisory_unlock_all(); SELECT pg_advisory_lock(4711)"))
        async with Driver(plan, server.dsn()) as driver:
            driver.start("let-go")
            await other.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
            await other.execute("SELECT pg_advisory_unlock(4711)")
            await driver.until(lambda: driver.stage.console_role is ConsoleRole.OBSERVER)


async def test_constraints_that_wait_for_the_commit_are_looked_at_as_the_author_means_it(server: Database) -> None:
    """A deferred trigger whose function names a table without its schema, in a step and in a backfill."""
    await do(
        server.dsn(),
        "CREATE TABLE orders (id int PRIMARY KEY, v int, x int); CREATE TABLE seen (id int);"
        "INSERT INTO orders SELECT g, g FROM generate_series(1, 30) g;"
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER see AFTER UPDATE ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " EXECUTE FUNCTION see()",
    )
    fill = BackfillAction(table="orders", assignments=(("x", "v"),), where="x IS NULL", tuning=BatchTuning())
    async with Driver(plan_of(sql_step("one", "UPDATE orders SET v = v"), step("fill", fill)), server.dsn()) as driver:
        for each in ("one", "fill"):
            assert (await driver.run(each)).status is DONE, (driver.state(each).message, driver.stage.connection_detail)
    assert await ask(server.dsn(), "SELECT count(*) FROM seen") == 60


async def test_a_soak_leaves_the_session_as_it_is(server18: Database) -> None:
    """A wait runs no SQL of the author's; the lock is ours after it."""
    plan = plan_of(step("soak", WaitAction(duration=timedelta(milliseconds=200))))
    async with Driver(plan, server18.dsn()) as driver:
        assert (await driver.run("soak")).status is DONE
        assert await ask(server18.dsn(), HELD_BY) is not None
