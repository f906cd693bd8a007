"""A defect of ours, wherever it strikes: the step is held with a sentence, nothing is run twice, the rest goes on."""

import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fix_db import Database
from tests.integration.run.bombs import KINDS, Bomb, lay
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step, taking_everything_on
from zdtui.plan.model import BackfillAction, BatchTuning, CheckAction, Step, StepId, Throttle, WaitAction
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import clean_up_sql
from zdtui.run.decisions.snapshot import Snapshot, Verdict, VerdictWord
from zdtui.run.decisions.verdict import verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.engine.engine import Engine, take_snapshot
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.faults import Part
from zdtui.run.model.state import StepStatus

WAITS = (1, 2, 3, 5, 8, 12, 17, 23)
SETUP = """
CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT g, 0 FROM generate_series(1, 300) g;
CREATE TABLE once (what text)
"""


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "zdtui"


@pytest.fixture
async def dsn(server18: Database) -> str:
    await do(server18.dsn(), SETUP)
    return str(server18.dsn())


def steps_of(number: int) -> dict[str, Step]:
    """One step of each kind; what it does, it does once, and `once` or `t` tells how often."""
    fill = BackfillAction(
        table="t", assignments=(("v", "v + 1"),), where=f"v = {number}", tuning=BatchTuning(batch_rows=50, workers=2)
    )
    note = f"INSERT INTO once VALUES ('{number}')"
    return {
        "transaction": sql_step("s", f"{note}; ALTER TABLE t ADD COLUMN c{number} int"),
        "statements": sql_step("s", f"CREATE INDEX CONCURRENTLY i{number} ON t (v); {note}"),
        "backfill": step("s", fill),
        "check": step("s", CheckAction(query="SELECT count(*) = 300 FROM t")),
        "soak": step("s", WaitAction(duration=timedelta(seconds=1.5))),
    }


TRUTH = {
    "transaction": "SELECT count(*) = 1 FROM once WHERE what = '{0}'",
    "statements": "SELECT count(*) = 1 AND (SELECT indisvalid FROM pg_index WHERE indexrelid = 'i{0}'::regclass)"
    " FROM once WHERE what = '{0}'",
    "backfill": "SELECT bool_and(v = {0} + 1) FROM t",
    "check": "SELECT true",
    "soak": "SELECT true",
}


@pytest.mark.parametrize("kind", TRUTH)
async def test_wherever_a_performer_fails_its_step_is_held_and_done_once_in_the_end(
    dsn: str, kind: str, monkeypatch: pytest.MonkeyPatch, reports: Path
) -> None:
    struck = 0
    for number, at in enumerate(WAITS):
        bomb = Bomb(Part.PERFORMER, KINDS[number % len(KINDS)], at)
        with monkeypatch.context() as patch:
            lay(patch, bomb)
            async with Driver(plan_of(steps_of(number)[kind], name=f"{kind}-{number}"), dsn) as driver:
                await strike(driver, bomb)
                struck += bomb.went_off
                await finish(driver, kind, number)
        assert await ask(dsn, TRUTH[kind].format(number)) is True
    assert struck >= 3
    assert os.listdir(reports)


async def strike(driver: Driver, bomb: Bomb) -> None:
    """Run the step with the bomb in it, and look at what is said once it is over."""
    stage = driver.stage
    driver.start("s")
    await driver.until(lambda: bomb.went_off or driver.state("s").status is StepStatus.DONE, seconds=60)
    bomb.armed = False
    await driver.until(
        lambda: stage.working is None and stage.connection_state is ConnectionState.CONNECTED and stage.fell is None, 60
    )
    if not bomb.went_off:
        return
    said, state = take_snapshot(stage).verdict, driver.state("s")
    assert said.word is VerdictWord.HELD
    assert f"the console's {Part.PERFORMER} failed" in said.reason
    assert "report: " in said.reason
    assert state.status in (StepStatus.PENDING, StepStatus.HELD, StepStatus.IN_DOUBT, StepStatus.DONE)
    assert state.hold in (None, e.HoldKind.FAULT, e.HoldKind.INVALID_INDEX)
    assert "reason" in await driver.refusal(c.SkipStep(StepId("s"), "")) or state.status is StepStatus.DONE


async def finish(driver: Driver, kind: str, number: int) -> None:
    """As a person would: settle what is in doubt by looking, remove what is in the way, go on."""
    while (state := driver.state("s")).status is not StepStatus.DONE:
        if state.status is StepStatus.IN_DOUBT:
            done = await ask(driver.dsn, f"SELECT count(*) = 1 FROM once WHERE what = '{number}'")
            driver.conductor.submit(c.SettleDoubt(StepId("s"), bool(done), "looked with psql"))
            await driver.until(lambda: driver.state("s").status is not StepStatus.IN_DOUBT)
        elif state.hold is e.HoldKind.INVALID_INDEX:
            driver.conductor.submit(c.CleanUpIndex(StepId("s"), f"i{number}", clean_up_sql(f"i{number}")))
            await driver.until(lambda: driver.state("s").hold is not e.HoldKind.INVALID_INDEX)
        else:
            await driver.run("s")


@pytest.mark.parametrize("part", [Part.COMMANDS, Part.HEARTBEAT, Part.ARMING, Part.JOURNAL_WRITER])
@pytest.mark.parametrize("error", KINDS, ids=lambda make: type(make()).__name__)
async def test_a_part_that_fails_is_told_of_begun_again_and_the_run_goes_on(
    dsn: str, part: Part, error: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = Bomb(part, error)
    lay(monkeypatch, bomb)
    one, two = sql_step("one", "INSERT INTO once VALUES ('one')"), sql_step("two", "INSERT INTO once VALUES ('two')")
    async with Driver(plan_of(one, two), dsn) as driver:
        driver.conductor.submit(c.RefreshBoard())
        if part is Part.JOURNAL_WRITER:
            driver.start("one")
        await driver.until(lambda: bomb.went_off and driver.stage.fault, seconds=60)
        await driver.until(
            lambda: driver.stage.working is None and driver.stage.connection_state is ConnectionState.CONNECTED,
            seconds=60,
        )
        said = take_snapshot(driver.stage).verdict
        assert said.word is VerdictWord.HELD
        assert f"the console's {part} failed" in said.reason
        for name in ("one", "two"):
            while driver.state(name).status is not StepStatus.DONE:
                await run_or_be_refused(driver, name)
        assert driver.stage.fault is None
        assert take_snapshot(driver.stage).verdict.word is VerdictWord.FINISHED
    assert await ask(dsn, "SELECT count(*) FROM once") == 2


async def run_or_be_refused(driver: Driver, name: str) -> None:
    """Confirm it; a session that the fault has spoilt refuses, and is opened anew."""
    attempt, refused = driver.state(name).attempt, driver.stage.refusal_count
    driver.start(name)
    await driver.until(lambda: driver.state(name).attempt > attempt or driver.stage.refusal_count > refused, seconds=60)
    await driver.until(
        lambda: driver.stage.working is None and driver.stage.connection_state is ConnectionState.CONNECTED, seconds=60
    )


@pytest.mark.parametrize("part", [Part.LOCK_WATCH, Part.THROTTLE])
async def test_a_part_beside_a_step_that_fails_holds_the_step(
    dsn: str, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = Bomb(part, KINDS[0])
    lay(monkeypatch, bomb)
    asking = Throttle(query="SELECT true")
    slowly = BatchTuning(batch_rows=1, max_batch_rows=1, batch_pause=timedelta(milliseconds=20))
    fill = step("s", BackfillAction(table="t", assignments=(("v", "v + 1"),), where="v = 0", tuning=slowly))
    async with Driver(plan_of(fill, throttle=asking), dsn) as driver:
        driver.start("s")
        await driver.until(lambda: driver.state("s").status is StepStatus.HELD, seconds=60)
        assert bomb.went_off
        assert driver.state("s").hold is e.HoldKind.FAULT
        assert f"the console's {part} failed" in driver.state("s").message
        assert driver.stage.connection_state is ConnectionState.CONNECTED
        await finish(driver, "backfill", 0)
    assert await ask(dsn, "SELECT bool_and(v = 1) FROM t")


@pytest.mark.parametrize(
    ("part", "error", "at"),
    [
        *((part, error, 4) for part in (Part.WATCHER, Part.PUBLISHER) for error in KINDS),
        (Part.LOADING, lambda: ImportError("thrown by a test"), 2),
    ],
    ids=lambda each: type(each()).__name__ if callable(each) else str(each),
)
def test_the_engine_goes_on_when_what_watches_or_tells_or_loads_fails(
    server18: Database, part: Part, error: Callable[..., Any], at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server18.execute(SETUP)
    bomb = Bomb(part, error, at=at)
    lay(monkeypatch, bomb)
    plan = taking_everything_on(plan_of(sql_step("one", "INSERT INTO once VALUES ('one')")))
    engine = Engine(plan, Target(server18.dsn()), operator="tester@here")
    engine.start()
    try:
        held = wait_for(engine, lambda now: f"the console's {part} failed" in now.verdict.reason)
        assert held.verdict.word is VerdictWord.HELD
        seen = wait_for(engine, lambda now: now.samples.locks.sample is not None and now.samples.locks.error is None)
        assert seen.connection_state is ConnectionState.CONNECTED
        engine.submit(c.RunStep(StepId("one"), step_digest(plan.step("one")), "one"))
        wait_for(engine, lambda now: now.verdict.word is VerdictWord.FINISHED)
    finally:
        engine.stop("test over", force=True)
        assert engine.join(30)
    assert engine.failure is None
    assert server18.execute("SELECT count(*) FROM once") == [(1,)]


def wait_for(engine: Engine, reached: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot of which that is true."""
    changed = threading.Event()
    engine.subscribe(changed.set)
    deadline = time.monotonic() + 60
    while not reached(now := engine.snapshot):
        assert time.monotonic() < deadline, f"{now.verdict}; {now.refusal}"
        changed.wait(1.0)
        changed.clear()
    return now


def test_a_verdict_that_cannot_be_made_says_so_and_the_next_one_can(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = threading.Event()
    failing.set()

    def verdict_or_not(at: RunView) -> Verdict:
        if failing.is_set():
            raise KeyError("thrown by a test")
        return verdict(at)

    engine = Engine(plan_of(sql_step("one", "SELECT 1")), Target(server18.dsn()), operator="tester@here")
    monkeypatch.setattr("zdtui.run.engine.engine.verdict", verdict_or_not)
    engine.start()
    try:
        blind = wait_for(engine, lambda now: "cannot be told" in now.verdict.reason)
        assert blind.verdict.word is VerdictWord.HELD
        failing.clear()
        wait_for(
            engine, lambda now: now.verdict.word is VerdictWord.HELD and "cannot be told" not in now.verdict.reason
        )
    finally:
        engine.stop("test over", force=True)
        assert engine.join(30)
