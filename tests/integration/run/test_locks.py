"""Locks are taken in gaps, outside every queue; where there is no gap, by a queue that is short; nobody is kept long."""

import asyncio
import contextlib
import time
from datetime import timedelta
from functools import partial
from typing import TypeVar

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.plan.model import Guards, Limits
from zdtui.run.engine.engine import take_snapshot
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import LocksSample, Reading, Samples

TABLE = "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT g, 0 FROM generate_series(1, 100) g"
PATIENT = Limits(lock_patience=timedelta(seconds=30))
ADD = sql_step("add", "ALTER TABLE t ADD COLUMN a int", "ALTER TABLE t DROP COLUMN a", limits=PATIENT)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), TABLE)
    return str(server.dsn())


def doing(driver: Driver) -> Doing | None:
    """What the step under way does."""
    return driver.stage.work.activity.doing if driver.stage.work else None


Told = TypeVar("Told", bound=e.Event)


def found(driver: Driver, kind: type[Told]) -> list[Told]:
    """The events of a kind, oldest first."""
    return [line.event for line in driver.stage.recorder.state.log if isinstance(line.event, kind)]


def tried(driver: Driver, times: int) -> bool:
    """Whether so many tries were given up."""
    return len(found(driver, e.AttemptFailed)) == times


def in_the_log(server: Database, word: str) -> list[str]:
    """Lines of the server's log about this test's database that hold a word."""
    return [line for line in server.cluster.log_text.splitlines() if word in line and "zdtui" in line]


async def test_while_somebody_is_in_the_way_nobody_waits_and_the_gap_is_taken(dsn: str, server: Database) -> None:
    before = len(in_the_log(server, "zdtui tour ERROR"))
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING and driver.stage.work.activity.locking.holders)
        shown = driver.stage.work.activity.locking
        assert [node.backend.key.pid for node in shown.holders] == [holder.info.backend_pid]
        assert shown.holders[0].backend.query == "SELECT * FROM t"
        assert shown.relations == ("ACCESS EXCLUSIVE on public.t",)
        for _ in range(20):
            assert await ask(dsn, WAITING) == 0
        await holder.rollback()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
        assert not found(driver, e.AttemptFailed)
        (awaited,) = found(driver, e.LockAwaited)
        assert str(holder.info.backend_pid) in awaited.blockers[0]
        (done,) = found(driver, e.StepSucceeded)
        assert done.victims == 0
        assert done.lock_seconds > 0
    assert in_the_log(server, "zdtui tour ERROR")[before:] == []


async def test_a_pause_ends_the_wait_for_a_gap(dsn: str) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as holder:
        await holder.execute("SELECT * FROM t")
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("add").status is StepStatus.HELD)
        assert driver.state("add").hold is e.HoldKind.PAUSED
        await holder.rollback()
        assert (await driver.run("add")).status is StepStatus.DONE


class Overlap:
    """Sessions whose short transactions overlap without end, so that there is never a gap."""

    def __init__(self, dsn: str, sessions: int, seconds: float = 0.05) -> None:
        self._dsn, self._sessions, self._seconds = dsn, sessions, seconds
        self._over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Overlap":
        ready = [asyncio.Event() for _ in range(self._sessions)]
        self._tasks = [asyncio.create_task(self._go_on(at, each)) for at, each in enumerate(ready)]
        await asyncio.gather(*(each.wait() for each in ready))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await asyncio.gather(*self._tasks)

    async def _go_on(self, place: int, ready: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as session:
            while not self._over.is_set():
                async with session.transaction():
                    await session.execute("SELECT v FROM t WHERE id = %s", [place + 1])
                    ready.set()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._over.wait(), self._seconds * (0.5 + place / self._sessions))


async def test_where_no_gap_ever_comes_a_short_queue_takes_the_lock(dsn: str, server: Database) -> None:
    before = len(in_the_log(server, "zdtui tour ERROR"))
    async with Driver(plan_of(ADD), dsn) as driver, Overlap(dsn, 12):
        driver.start("add")
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
    assert in_the_log(server, "zdtui tour ERROR")[before:] == []


async def test_a_ceiling_of_nothing_means_never_in_the_queue(dsn: str) -> None:
    never = Limits(lock_patience=timedelta(seconds=1.5), lock_queue_ceiling=timedelta(0))
    step = ADD.model_copy(update={"limits": never})
    async with Driver(plan_of(step), dsn) as driver, Overlap(dsn, 12):
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING)
        while driver.stage.working is not None:
            assert await ask(dsn, WAITING) == 0
        state = driver.state("add")
        assert state.hold is e.HoldKind.LOCK
        assert "no gap" in state.message
        assert not found(driver, e.AttemptFailed)


async def test_victims_are_counted_and_the_attempt_lets_go_at_the_guard(dsn: str) -> None:
    """A lock that is met late, in the course of a statement: what the watchdog is for."""
    late = sql_step(
        "late",
        "DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$",
        limits=Limits(lock_timeout=timedelta(seconds=60), lock_queue_ceiling=timedelta(seconds=60), retries=50),
    )
    guards = Guards(replication_lag=None, blocked_sessions=2, oldest_transaction=None)
    async with contextlib.AsyncExitStack() as stack:
        driver = await stack.enter_async_context(Driver(plan_of(late, guards=guards), dsn))
        holder = await stack.enter_async_context(await psycopg.AsyncConnection.connect(dsn))
        victims = [
            await stack.enter_async_context(await psycopg.AsyncConnection.connect(dsn, autocommit=True))
            for _ in range(3)
        ]
        await holder.execute("SELECT * FROM t")
        driver.start("late")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.is_waiting)
        for tries in (1, 2):
            while await ask(dsn, WAITING) == 0:
                assert driver.state("late").status is StepStatus.RUNNING
            queued = [asyncio.create_task(each.execute("SELECT * FROM t")) for each in victims]
            await driver.until(partial(tried, driver, tries))
            await asyncio.gather(*queued)
            failed = found(driver, e.AttemptFailed)[-1]
            assert "3 sessions waited behind us, over 2" in failed.message
            assert failed.victims == 3, "each try tells of its own"
            assert 0.05 <= failed.victim_seconds < 30
        await holder.rollback()
        await driver.until(lambda: driver.state("late").status is StepStatus.DONE)
        assert found(driver, e.StepSucceeded)[0].victims >= 6


async def test_no_deadlock_with_an_application_that_locks_in_the_other_order(dsn: str) -> None:
    await do(dsn, "CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t); INSERT INTO u VALUES (1, 1)")
    both = sql_step("both", "ALTER TABLE t ADD COLUMN a int; ALTER TABLE u ADD COLUMN a int", limits=PATIENT)
    failures = []
    over = asyncio.Event()

    async def application(first: str, second: str) -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as session:
            while not over.is_set():
                try:
                    async with session.transaction():
                        await session.execute(f"UPDATE {first} SET id = id WHERE id = 1".encode())
                        await session.execute(f"SELECT id FROM {second}".encode())
                except psycopg.errors.DeadlockDetected as error:
                    failures.append(error)

    async with Driver(plan_of(both), dsn) as driver:
        running = [asyncio.create_task(application(*pair)) for pair in (("u", "t"), ("u", "t"), ("t", "u"))]
        driver.start("both")
        await driver.until(lambda: driver.state("both").status is StepStatus.DONE)
        over.set()
        await asyncio.gather(*running)
        assert not [each for each in found(driver, e.AttemptFailed) if each.sqlstate == "40P01"]
    assert not failures


async def test_a_name_made_to_break_out_of_the_lock_statement_is_only_a_name(dsn: str) -> None:
    name = '"x$zdtui0$; DROP TABLE t; --"'
    await do(dsn, f"CREATE TABLE {name} (i int)")
    odd = sql_step("odd", f"ALTER TABLE {name} ADD COLUMN j int")
    async with Driver(plan_of(odd), dsn) as driver:
        assert (await driver.run("odd")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT to_regclass('t') IS NOT NULL")


async def test_among_statements_outside_a_transaction_a_strong_lock_is_still_taken_in_a_gap(dsn: str) -> None:
    mixed = sql_step("mixed", "CREATE INDEX CONCURRENTLY t_v ON t (v); ALTER TABLE t ADD COLUMN a int", limits=PATIENT)
    async with Driver(plan_of(mixed), dsn) as driver:
        await driver.run("mixed")
        assert driver.state("mixed").statements_done == 2
    later = sql_step("later", "VACUUM t; ALTER TABLE t ADD COLUMN b int", limits=PATIENT)
    async with Driver(plan_of(later, name="later"), dsn) as driver:
        async with await psycopg.AsyncConnection.connect(dsn) as holder:
            await holder.execute("SELECT * FROM t")
            driver.start("later")
            await driver.until(lambda: doing(driver) is Doing.LOOKING)
            assert driver.state("later").statements_done == 1
            assert driver.state("later").statement_in_doubt is None
            assert await ask(dsn, WAITING) == 0
        await driver.until(lambda: driver.state("later").status is StepStatus.DONE)
    same = "SELECT count(*) FROM zdtui.event AS e, pg_attribute AS a WHERE e.kind = 'statement finished' AND e.xmin = a.xmin"
    assert await ask(dsn, f"{same} AND a.attrelid = 't'::regclass AND a.attname = 'b'") == 1


async def test_a_concurrent_build_is_never_withdrawn_by_a_short_lock_limit_and_says_for_whom_it_waits(dsn: str) -> None:
    build = sql_step("build", "CREATE INDEX CONCURRENTLY t_v ON t (v)", limits=PATIENT)
    async with Driver(plan_of(build), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as old:
        await old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await old.execute("SELECT 1 FROM pg_class LIMIT 1")
        driver.start("build")
        await driver.until(lambda: driver.stage.lock_watch and driver.stage.lock_watch.blocked_for > 0.5)
        assert str(old.info.backend_pid) in " ".join(driver.stage.lock_watch.blockers)
        said = take_snapshot(driver.stage).verdict
        assert said.reason.startswith("waits for older transactions to end: ")
        assert str(old.info.backend_pid) in said.reason
        assert "invalid index" in said.advice
        await old.rollback()
        await driver.until(lambda: driver.state("build").status is StepStatus.DONE)


async def test_a_prepared_transaction_in_the_way_is_named_and_counts_once(dsn: str, server: Database) -> None:
    async with Driver(plan_of(ADD), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as other:
        await other.execute("UPDATE t SET v = 1 WHERE id = 1")
        await other.execute("PREPARE TRANSACTION 'left-behind'")
        await other.rollback()
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING and driver.stage.work.activity.locking.holders)
        (node,) = driver.stage.work.activity.locking.holders
        assert node.backend.key.pid == 0
        assert node.backend.has_written
        assert "prepared transaction" in found(driver, e.LockAwaited)[0].blockers[0]
        await do(dsn, "ROLLBACK PREPARED 'left-behind'")
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)


async def test_what_a_holder_has_written_is_told_as_far_as_anybody_can_tell(dsn: str) -> None:
    async with (
        Driver(plan_of(ADD), dsn) as driver,
        await psycopg.AsyncConnection.connect(dsn) as reader,
        await psycopg.AsyncConnection.connect(dsn) as writer,
    ):
        await reader.execute("SELECT * FROM t")
        await writer.execute("UPDATE t SET v = 1 WHERE id = 1")
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING and driver.stage.work.activity.locking.holders)
        told = {node.backend.key.pid: node.backend.has_written for node in driver.stage.work.activity.locking.holders}
        assert told == {reader.info.backend_pid: False, writer.info.backend_pid: True}
        stop = c.SignalBackend("terminate", driver.stage.work.activity.locking.holders[0].backend.key, "the oldest")
        driver.conductor.submit(stop)
        await driver.until(lambda: len(driver.stage.work.activity.locking.holders) == 1)
        first, second = (reader, writer) if stop.backend.pid == reader.info.backend_pid else (writer, reader)
        await first.close()
        await second.rollback()
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)


async def test_the_operator_turns_the_ceiling_while_it_waits(dsn: str) -> None:
    never = ADD.model_copy(update={"limits": PATIENT.model_copy(update={"lock_queue_ceiling": timedelta(0)})})
    async with Driver(plan_of(never), dsn) as driver, Overlap(dsn, 12):
        driver.start("add")
        await driver.until(lambda: doing(driver) is Doing.LOOKING and "never" in driver.stage.work.activity.locking.why)
        driver.conductor.submit(c.SetQueueCeiling(timedelta(milliseconds=300)))
        await driver.until(lambda: driver.state("add").status is StepStatus.DONE)
        assert [event.seconds for event in found(driver, e.QueueCeilingSet)] == [0.3]


async def test_a_stale_sample_of_a_moment_in_the_queue_does_not_pause_the_run(dsn: str) -> None:
    """The panes' sample is a second old; the lock watch knows by now that nobody waits behind us."""
    guards = Guards(replication_lag=None, blocked_sessions=2, oldest_transaction=None)
    sample = LocksSample(waiting=9, waiting_behind_us=9)
    slow = sql_step("slow", "ALTER TABLE t ADD COLUMN a int; SELECT pg_sleep(1.5)", limits=PATIENT)
    async with Driver(plan_of(slow, guards=guards), dsn) as driver:
        driver.start("slow")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
        driver.stage.samples = lambda: Samples(locks=Reading(sample, time.monotonic()))
        await driver.until(lambda: driver.state("slow").status is StepStatus.DONE)
        assert not found(driver, e.GuardTripped)


async def test_those_who_do_wait_behind_a_statement_that_works_pause_the_run(dsn: str) -> None:
    guards = Guards(replication_lag=None, blocked_sessions=0, oldest_transaction=None)
    slow = sql_step("slow", "ALTER TABLE t ADD COLUMN a int; SELECT pg_sleep(1.5)", limits=PATIENT)
    async with Driver(plan_of(slow, guards=guards), dsn) as driver, await psycopg.AsyncConnection.connect(dsn) as app:
        driver.start("slow")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
        waiting = asyncio.create_task(app.execute("SELECT * FROM t"))
        driver.stage.samples = lambda: Samples(
            locks=Reading(LocksSample(waiting=1, waiting_behind_us=1), time.monotonic())
        )
        await driver.until(lambda: found(driver, e.GuardTripped))
        await waiting
        await app.rollback()
        await driver.until(lambda: driver.state("slow").status is StepStatus.DONE)
        assert found(driver, e.StepSucceeded)[0].victims == 1
