"""A guard that cannot see holds: hidden lag, a standby that went, a restarted server, views that may not be read."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from tests.fix_db import Database, ReplicatedDatabase
from tests.integration.run.driver import Driver, e, plan_of, sql_step, step
from zdtui.demo.embedded import SUPERUSER
from zdtui.demo.shop import wait_for_standby
from zdtui.plan.model import BackfillAction, BatchTuning, Guards, Throttle
from zdtui.run.model import commands as c
from zdtui.run.model.events import HoldKind
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import Unseen

LAG = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=None, oldest_transaction=None)
LONG = 120.0
"""Seconds that waiting for a named event may take on a machine that is busy with something else."""
SLOW = BatchTuning(batch_rows=20, max_batch_rows=20, batch_pause=timedelta(milliseconds=20))
FILL = step("fill", BackfillAction(table="t", assignments=(("x", "1"),), where="x = 0", tuning=SLOW))
WAL_FUNCTIONS = (
    "pg_current_wal_lsn()",
    "pg_current_wal_insert_lsn()",
    "pg_last_wal_receive_lsn()",
    "pg_last_wal_replay_lsn()",
)


def table(database: Database, rows: int, owner: str = "zdtui") -> None:
    database.execute(
        f"CREATE TABLE public.t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0); ALTER TABLE public.t OWNER TO {owner};"
        f"INSERT INTO public.t SELECT g FROM generate_series(1, {rows}) g; ANALYZE public.t",
        SUPERUSER,
    )


@contextmanager
def narrow_role(database: Database) -> Iterator[str]:
    """A role that owns its database's objects and sees nobody else: the DSN of one."""
    name = f"narrow_{database.name}"[:60]
    database.execute(
        f'CREATE ROLE "{name}" LOGIN; GRANT CREATE ON DATABASE "{database.name}" TO "{name}";'
        f'GRANT CREATE ON SCHEMA public TO "{name}"',
        SUPERUSER,
    )
    try:
        yield name
    finally:
        database.execute(f'DROP OWNED BY "{name}" CASCADE; DROP ROLE "{name}"', SUPERUSER)


def accepting(figure: str = "replication_lag", about: tuple[str, ...] = ()) -> c.AcceptBlindness:
    return c.AcceptBlindness(figure, "a test says so", "blind", about)


def tripped(driver: Driver) -> list[e.GuardTripped]:
    return [line.event for line in driver.stage.recorder.state.log if isinstance(line.event, e.GuardTripped)]


async def test_a_lag_that_is_hidden_holds_until_it_is_accepted_in_writing(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    with narrow_role(pair) as role:
        table(pair, 200, f'"{role}"')
        async with Driver(plan_of(FILL, guards=LAG), pair.dsn(role)) as driver:
            await driver.until(lambda: driver.stage.breached_guards, LONG)
            assert "replication lag cannot be seen" in str(driver.stage.breached_guards[0])
            fill = driver.plan.step("fill")
            said = await driver.refusal(c.RunStep(fill.id, _digest(driver), "fill"))
            assert "the guard replication_lag is blind: " in said
            assert any("V, typed" in check.advice for check in driver.stage.board.checks)
            assert "type blind" in await driver.refusal(c.AcceptBlindness("replication_lag", "because", "yes"))
            driver.conductor.submit(accepting())
            await driver.until(lambda: driver.stage.recorder.state.blindness, LONG)
            assert (await driver.run("fill")).status is StepStatus.DONE
            kept = [each.event for each in await driver.journal() if each.event.kind == "blindness accepted"]
            assert [(each.guard, each.by) for each in kept] == [("replication_lag", "tester@here")]


def _digest(driver: Driver) -> str:
    from zdtui.run.decisions.confirm_text import step_digest

    return step_digest(driver.plan.step("fill"))


async def test_without_the_wal_functions_a_real_lag_is_still_seen_and_stops_the_backfill(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    """As managed services have it: pg_monitor, and no function that says how far the WAL is."""
    pair = primary_with_standby
    table(pair, 5_000)
    for function in WAL_FUNCTIONS:
        pair.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, pg_monitor", SUPERUSER)
    standby = await asyncio.to_thread(_paused, pair)
    try:
        throttle = Throttle(replication_lag=timedelta(seconds=2))
        async with Driver(plan_of(FILL, guards=LAG, throttle=throttle), pair.dsn()) as driver:
            driver.start("fill")
            await driver.until(lambda: tripped(driver), LONG)
            assert tripped(driver)[0].guard == "replay lag of standby-a"
            sample = driver.stage.samples().replication.sample
            assert isinstance(sample.standbys[0].replay_lag_bytes, Unseen)
            await driver.until(lambda: driver.state("fill").status is StepStatus.HELD, LONG)
    finally:
        standby()


async def test_a_replay_that_was_paused_before_the_console_came_is_not_taken_for_one_that_keeps_up(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    table(pair, 400)
    resume = await asyncio.to_thread(_paused, pair)
    try:
        pair.execute("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 5000)")
        async with Driver(plan_of(FILL, guards=LAG), pair.dsn()) as driver:
            driver.start("fill")
            await driver.until(lambda: tripped(driver), LONG)
            assert "or more" in tripped(driver)[0].value
            await driver.until(lambda: driver.state("fill").status is StepStatus.HELD, LONG)
            assert driver.state("fill").rows is None
    finally:
        await asyncio.to_thread(resume)
    pair.wait_for_replay()


def has_others(driver: Driver, before: object) -> bool:
    """Whether there are sessions, and other ones than before."""
    return driver.stage.sessions not in (None, before)


def is_done(driver: Driver, name: str) -> bool:
    """Whether the step is done."""
    return driver.state(name).status is StepStatus.DONE


def _paused(pair: ReplicatedDatabase) -> Callable[[], None]:
    import psycopg

    with psycopg.connect(pair.standby_dsn(SUPERUSER), autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")

    def resume() -> None:
        with psycopg.connect(pair.standby_dsn(SUPERUSER), autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_resume()")

    return resume


async def test_a_standby_that_goes_in_the_middle_of_a_backfill_holds_it(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    table(pair, 50_000)
    async with Driver(plan_of(FILL, guards=LAG), pair.dsn()) as driver:
        driver.start("fill")
        await driver.until(lambda: "standby-a" in driver.stage.recorder.state.standbys, LONG)
        await asyncio.to_thread(pair.standby.stop, "immediate")
        await driver.until(lambda: driver.state("fill").status is StepStatus.HELD, LONG)
        assert driver.state("fill").hold is HoldKind.GUARD
        assert "standby-a streamed and is gone" in driver.state("fill").message
        assert [event.unseen for event in tripped(driver)] == [True]
        assert "Try again when it can be seen" in await driver.refusal(c.RunStep(FILL.id, _digest(driver), "fill"))
        await asyncio.to_thread(pair.standby.start)
        await asyncio.to_thread(wait_for_standby, pair.primary, pair.standby.name)
        await driver.until(lambda: not driver.stage.breached_guards and not driver.stage.unseen_guards, LONG)
        driver.start("fill")
        await driver.until(lambda: driver.state("fill").status is StepStatus.RUNNING, LONG)


async def test_a_standby_that_leaves_on_purpose_is_let_go_and_the_next_console_knows(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    table(pair, 400)
    plan = plan_of(sql_step("first", "SELECT 1"), FILL, guards=LAG)
    async with Driver(plan, pair.dsn()) as driver:
        await driver.run("first")
        await driver.until(lambda: driver.stage.recorder.state.standbys == ("standby-a",), LONG)
    await asyncio.to_thread(pair.standby.stop, "immediate")
    async with Driver(plan, pair.dsn()) as driver:
        await driver.until(lambda: driver.stage.unseen_guards, LONG)
        await driver.until(lambda: driver.stage.breached_guards, LONG)
        assert "standby-a streamed and is gone" in str(driver.stage.breached_guards[0])
        assert "not what was shown" in await driver.refusal(accepting())
        driver.conductor.submit(accepting(about=("standby-a",)))
        await driver.until(lambda: driver.stage.recorder.state.blindness, LONG)
        await driver.until(lambda: not driver.stage.breached_guards, LONG)
        assert (await driver.run("fill")).status is StepStatus.DONE


async def test_a_server_without_a_standby_needs_nothing_accepted(server18: Database) -> None:
    table(server18, 200)
    with narrow_role(server18) as role:
        server18.execute(f'ALTER TABLE t OWNER TO "{role}"', SUPERUSER)
        async with Driver(plan_of(FILL, guards=LAG), server18.dsn(role)) as driver:
            assert (await driver.run("fill")).status is StepStatus.DONE
            assert driver.stage.recorder.state.standbys == ()


async def test_after_a_restart_of_the_server_a_step_waits_for_the_panes_and_is_not_held(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    pair = primary_with_standby
    steps = [sql_step(f"s{number}", "SELECT 1") for number in range(4)]
    guards = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=2, oldest_transaction=timedelta(hours=1))
    async with Driver(plan_of(*steps, guards=guards), pair.dsn()) as driver:
        await driver.run("s0")
        for name in ("s1", "s2", "s3"):
            before = driver.stage.sessions
            await asyncio.to_thread(pair.primary.stop, "immediate")
            await asyncio.to_thread(pair.primary.start)
            await driver.until(partial(has_others, driver, before), LONG)
            await driver.until(lambda: driver.stage.connection_state == "connected", LONG)
            driver.start(name)
            await driver.until(partial(is_done, driver, name), LONG)
        assert tripped(driver) == []


@pytest.mark.parametrize(
    "hidden", ["VIEW pg_replication_slots", "FUNCTION pg_get_replication_slots()", "VIEW pg_prepared_xacts"]
)
async def test_a_view_that_may_not_be_read_does_not_stop_a_backfill(server18: Database, hidden: str) -> None:
    table(server18, 2_000)
    kind, name = hidden.split(" ", 1)
    what = f"SELECT ON {name}" if kind == "VIEW" else f"EXECUTE ON {hidden}"
    server18.execute(f"REVOKE {what} FROM PUBLIC, pg_monitor", SUPERUSER)
    fill = FILL.model_copy(update={"action": FILL.action.model_copy(update={"tuning": BatchTuning(batch_rows=100)})})
    async with Driver(plan_of(fill, guards=LAG), server18.dsn()) as driver:
        assert (await driver.run("fill")).status is StepStatus.DONE
        await driver.until(lambda: driver.stage.samples().replication.sample, LONG)
        slots = driver.stage.samples().replication.sample.slots
        assert isinstance(slots, Unseen) is ("slots" in hidden)
    assert server18.execute("SELECT count(*) FROM t WHERE x = 0") == [(0,)]


async def test_a_limit_on_what_slots_retain_rests_while_the_slots_are_hidden(server18: Database) -> None:
    table(server18, 400)
    server18.execute("REVOKE SELECT ON pg_replication_slots FROM PUBLIC", SUPERUSER)
    throttle = Throttle(retained_wal=10 * 1024**3)
    async with Driver(plan_of(FILL, guards=LAG, throttle=throttle), server18.dsn()) as driver:
        driver.start("fill")
        await driver.until(
            lambda: driver.stage.work and "retained by slots cannot be seen" in driver.stage.work.activity.reason, LONG
        )
        driver.conductor.submit(accepting("retained_wal"))
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE, LONG)
