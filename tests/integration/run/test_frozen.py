"""A console that froze and thawed reads the journal anew: no step runs twice, and who holds the run is not disturbed."""

import asyncio
import contextlib
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds
from tests.integration.run.frozen import PLAN, SETUP, told
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.decide import next_step
from zdtui.run.journal.reader import fold, read_journals
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

ROOT = Path(__file__).parents[3]
WORKING = "SELECT pid FROM pg_stat_activity WHERE application_name = 'zdtui frozen' AND datname = current_database()"


def has_answered(driver: Driver, refusals: int) -> bool:
    """Whether the console has taken the run over, or refused to."""
    return driver.stage.console_role is ConsoleRole.CONDUCTOR or driver.stage.refusal_count > refusals


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), SETUP)
    return str(server.dsn())


@contextlib.asynccontextmanager
async def console(dsn: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A real process, killed at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.run.frozen", dsn, cwd=ROOT, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def until_asked(dsn: str, sql: str, wanted: object = True) -> None:
    """Wait for the server to say so. The test's timeout is the limit."""
    while await ask(dsn, sql) != wanted:  # noqa: ASYNC110 (it is the server that has to be asked)
        await asyncio.sleep(0.05)


async def frozen_in_its_step(dsn: str, process: asyncio.subprocess.Process) -> None:
    """Stop it when it has told of some of its notices, and end its working backend, as operating.md says."""
    await until_asked(dsn, "SELECT to_regclass('zdtui.event') IS NOT NULL")
    await until_asked(dsn, "SELECT count(*) >= 5 FROM zdtui.event WHERE kind = 'notice'")
    process.send_signal(signal.SIGSTOP)


async def end_its_backend(dsn: str) -> None:
    """Terminate the working backend of the frozen console, and wait until it is gone."""
    pid = await ask(dsn, WORKING)
    assert await ask(dsn, f"SELECT pg_terminate_backend({pid}, 20000)")


async def took_over(second: Driver) -> None:
    """The run is taken from the console that froze."""
    second.conductor.submit(c.TakeOver())
    await second.until(lambda: second.stage.console_role is ConsoleRole.CONDUCTOR)
    await second.until(lambda: second.state("noisy").status is StepStatus.HELD)


async def ended(process: asyncio.subprocess.Process) -> str:
    """What the thawed console printed, to its end."""
    assert process.stdout is not None
    said = (await process.stdout.read()).decode()
    assert await process.wait() == 0, said
    return said


async def test_a_thawed_console_sees_what_another_did_and_runs_no_step_twice(dsn: str) -> None:
    async with console(dsn) as process:
        await frozen_in_its_step(dsn, process)
        async with Driver(PLAN, dsn) as second:
            assert second.stage.console_role is ConsoleRole.OBSERVER
            await end_its_backend(dsn)
            await took_over(second)
            second.conductor.submit(c.SkipStep(PLAN.steps[0].id, "it hangs"))
            await second.until(lambda: second.state("noisy").status is StepStatus.SKIPPED)
            assert (await second.run("insert")).status is StepStatus.DONE
        process.send_signal(signal.SIGCONT)
        said = await ended(process)
    assert await ask(dsn, "SELECT string_agg(what, ' ' ORDER BY what) FROM ledger") == "insert last slow", said
    journal = (await read_journals(Target(dsn)))[0]
    assert journal.damage is None
    succeeded = [each.event.step for each in journal.events if each.event.kind == "step succeeded"]
    assert sorted(succeeded) == ["insert", "last", "slow"], said
    assert [
        each.event.pid for each in journal.events if each.event.kind == "console joined" and not each.event.pid
    ] == []
    assert "insert " not in said.replace("insert=", "")
    state = fold(
        [each for each in journal.events if each.event.kind != "console left" or each.event.why != "test over"]
    )
    assert f"FOLD {told(state)}" in said


async def test_a_thawed_console_does_not_disturb_the_one_that_holds_the_run(dsn: str) -> None:
    async with console(dsn) as process:
        await frozen_in_its_step(dsn, process)
        async with Driver(PLAN, dsn) as second:
            await end_its_backend(dsn)
            await took_over(second)
            second.conductor.submit(c.SkipStep(PLAN.steps[0].id, "it hangs"))
            await second.until(lambda: second.state("noisy").status is StepStatus.SKIPPED)
            await second.run("insert")
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
                await other.execute("SELECT pg_advisory_lock(77)")
                second.start("slow")
                await second.until(lambda: second.stage.work and second.stage.work.activity.statement_index == 1)
                process.send_signal(signal.SIGCONT)
                looking_on = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'zdtui observer'"
                await until_asked(dsn, f"{looking_on} AND datname = current_database()")
            await second.until(lambda: second.state("slow").status is StepStatus.DONE)
            assert second.stage.console_role is ConsoleRole.CONDUCTOR
            assert "connection lost" not in kinds(await second.journal())
        said = await ended(process)
    assert await ask(dsn, "SELECT string_agg(what, ' ' ORDER BY what) FROM ledger") == "insert last slow", said
    assert (await read_journals(Target(dsn)))[0].damage is None


async def goes_on(second: Driver, process: asyncio.subprocess.Process, chance: random.Random) -> None:
    """A second operator: takes what is free, runs what is next, a few times; the other thaws in between."""
    thaw_after = chance.randint(0, 3)
    for turn in range(chance.randint(2, 5)):
        if turn == thaw_after:
            process.send_signal(signal.SIGCONT)
        following = next_step(PLAN, second.stage.recorder.state)
        if following is None or second.stage.connection_state is ConnectionState.LOST:
            break
        if second.stage.console_role is ConsoleRole.OBSERVER:
            count = second.stage.refusal_count
            second.conductor.submit(c.TakeOver())
            await second.until(partial(has_answered, second, count))
            continue
        if second.state(following.id).hold is e.HoldKind.CONNECTION and chance.random() < 0.5:
            second.conductor.submit(c.SkipStep(following.id, "it hangs"))
        else:
            second.start(following.id)
        if chance.random() < 0.7:
            await asyncio.sleep(chance.uniform(0.0, 0.6))
        await second.until(lambda: second.stage.working is None)
    process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("seed", range(4))
async def test_freeze_terminate_and_thaw_in_any_order_leaves_one_truth(dsn: str, seed: int) -> None:
    chance = random.Random(seed)
    async with console(dsn) as process:
        await until_asked(dsn, "SELECT to_regclass('zdtui.event') IS NOT NULL")
        await until_asked(dsn, f"SELECT count(*) >= {chance.randint(3, 30)} FROM zdtui.event")
        process.send_signal(signal.SIGSTOP)
        async with Driver(PLAN, dsn) as second:
            if chance.random() < 0.8:
                await do(dsn, f"SELECT pg_terminate_backend(pid, 20000) FROM ({WORKING}) AS w")
            await goes_on(second, process, chance)
            await second.stage.recorder.flush(5)
        said = await ended(process)
    journal = (await read_journals(Target(dsn)))[0]
    assert journal.damage is None
    state = fold(
        [each for each in journal.events if each.event.kind != "console left" or each.event.why != "test over"]
    )
    assert f"FOLD {told(state)}" in said
    steps = Counter(str(each.event.step) for each in journal.events if each.event.kind == "step succeeded")
    assert set(steps.values()) <= {1}, said
    rows = Counter(str(await ask(dsn, "SELECT string_agg(what, ' ') FROM ledger")).split())
    assert set(rows.values()) <= {1}, said
    assert set(rows) - {"None"} == {step for step in steps if step != "noisy"}, said
