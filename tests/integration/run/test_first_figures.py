"""A step that is confirmed as soon as there is a connection waits for figures, never for a timer of ours."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import QUIET, plan_of, sql_step, step, taking_everything_on
from zdtui.plan.model import Action, BackfillAction, Guards, Plan, SqlAction
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine import step_runner
from zdtui.run.engine.engine import Engine
from zdtui.run.execute.control import Control, Stop
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.events import HoldKind
from zdtui.run.model.state import StepStatus
from zdtui.run.throttle import throttling
from zdtui.watch import probe_session

NEVER = 3600.0
PATIENCE = 240.0
FILL = BackfillAction(table="public.t", assignments=(("x", "1"),), where="x IS NULL")


@pytest.fixture
def only_figures_wake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever would be looked at again after a time is not looked at again within this test."""
    monkeypatch.setattr(probe_session, "FIRST_RETRY", NEVER)
    monkeypatch.setattr(probe_session, "LAST_RETRY", NEVER)
    monkeypatch.setattr(step_runner, "SEE_AGAIN", NEVER)
    monkeypatch.setattr(throttling, "LOOK_AGAIN", NEVER)


@contextmanager
def engine(plan: Plan, dsn: str) -> Iterator[tuple[Engine, Callable[[Callable[[], object]], None]]]:
    """The console's engine without a screen, and what waits for something to be so."""
    changed = threading.Event()
    running = Engine(taking_everything_on(plan), Target(dsn), operator="tester@here")
    running.subscribe(changed.set)

    def until(reached: Callable[[], object]) -> None:
        for _ in range(int(PATIENCE / 0.5)):
            changed.clear()
            if reached():
                return
            changed.wait(0.5)
        raise AssertionError(f"not reached: {running.failure} {running.snapshot.verdict} {running.snapshot.activity}")

    running.start()
    try:
        yield running, until
    finally:
        running.stop("test over", force=True)
        running.join(30)


@pytest.mark.usefixtures("only_figures_wake")
@pytest.mark.parametrize(
    ("action", "guards"),
    [
        (SqlAction(sql="ALTER TABLE public.t ADD COLUMN y int"), Guards()),
        (FILL, Guards()),
        (FILL, QUIET),
    ],
    ids=["guards", "guards-and-throttle", "throttle"],
)
def test_a_step_confirmed_at_once_goes_as_soon_as_the_panes_see(
    server: Database, action: Action, guards: Guards
) -> None:
    server.execute(
        "CREATE TABLE public.t (id int PRIMARY KEY, x int); INSERT INTO public.t SELECT generate_series(1, 1000)"
    )
    plan = plan_of(step("one", action), guards=guards)
    each = plan.steps[0]
    with engine(plan, server.dsn()) as (running, until):
        until(lambda: running.snapshot.connection_state is ConnectionState.CONNECTED)
        running.submit(c.RunStep(each.id, step_digest(running.plan.steps[0]), str(each.id)))
        over = (StepStatus.DONE, StepStatus.HELD, StepStatus.FAILED)
        until(lambda: running.snapshot.run.step(each.id).status in over)
        found = running.snapshot.run.step(each.id)
        assert found.status is StepStatus.DONE, found.message


@pytest.mark.usefixtures("only_figures_wake")
def test_the_panes_come_back_with_the_sessions(server: Database) -> None:
    plan = plan_of(sql_step("one", "SELECT 1"))
    with engine(plan, server.dsn()) as (running, until):
        until(lambda: running.snapshot.samples.locks.sample and running.snapshot.samples.server.sample)
        before = running.snapshot.samples
        server.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name LIKE 'zdtui%' AND datname = current_database()"
        )
        until(lambda: running.snapshot.connection_state is not ConnectionState.CONNECTED)
        until(lambda: running.snapshot.connection_state is ConnectionState.CONNECTED)

        def fresh() -> bool:
            now = running.snapshot.samples
            pairs = ((now.locks, before.locks), (now.server, before.server))
            return all((new.taken_at or 0) > (old.taken_at or 0) and not new.error for new, old in pairs)

        until(fresh)


async def test_who_waits_for_a_figure_is_woken_by_one_and_by_a_stop() -> None:
    control = Control()
    waiting = asyncio.ensure_future(control.sleep_until_figures(NEVER))
    await asyncio.sleep(0)
    control.new_figures()
    assert not await asyncio.wait_for(waiting, PATIENCE)
    waiting = asyncio.ensure_future(control.sleep_until_figures(NEVER))
    await asyncio.sleep(0)
    control.ask(Stop(HoldKind.PAUSED, "p"))
    assert await asyncio.wait_for(waiting, PATIENCE)


async def test_a_figure_does_not_shorten_the_rest_between_two_batches() -> None:
    control = Control()
    resting = asyncio.ensure_future(control.sleep(NEVER))
    await asyncio.sleep(0)
    control.new_figures()
    done, _ = await asyncio.wait([resting], timeout=0.05)
    assert not done
    control.ask(Stop(HoldKind.PAUSED, "p"))
    assert await asyncio.wait_for(resting, PATIENCE)
