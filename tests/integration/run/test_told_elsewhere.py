"""A real run tells a real receiver what became of its steps, and not a word of what the server or the plan said."""

import json
import threading
from collections.abc import Callable
from functools import partial

from tests.fix_db import Database
from tests.integration.run.driver import plan_of, sql_step, taking_everything_on
from tests.unit.notify.test_sending import web
from zdtui.notify.notice import Kind
from zdtui.notify.receivers import USUAL, Receivers
from zdtui.notify.sender import Sender
from zdtui.plan.model import StepId
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepStatus

PLAN = taking_everything_on(
    plan_of(
        sql_step("add", "CREATE TABLE made (i int)", "DROP TABLE made"),
        sql_step("bad", "SELECT 'hunter2'::int"),
    )
)


def test_a_run_tells_what_became_of_its_steps_and_nothing_else(server18: Database) -> None:
    said: list[str] = []
    changed = threading.Event()
    engine = Engine(PLAN, Target(server18.dsn()), operator="tester@here")
    with web() as (port, posted):
        receivers = Receivers({"hook": f"json://127.0.0.1:{port}/"}, USUAL | {Kind.STEP_DONE})
        sender = Sender(receivers, said.append)
        sender.start()
        engine.subscribe(lambda: sender.saw(engine.snapshot))
        engine.subscribe(changed.set)
        engine.start()
        try:
            for step, status in (("add", StepStatus.DONE), ("bad", StepStatus.FAILED)):
                wait_for(engine, changed, partial(is_next, engine, step))
                engine.submit(c.RunStep(StepId(step), step_digest(PLAN.step(step)), confirmed_by=step))
                wait_for(engine, changed, partial(stands, engine, step, status))
        finally:
            engine.stop("test over", force=True)
            engine.join(30)
            sender.close(60)
    told = [json.loads(each)["message"] for each in posted]
    assert "add is done." in told
    assert told[-1] == "bad failed. It waits for a person."
    assert "hunter2" not in "".join(posted)
    assert said == []


def is_next(engine: Engine, step: str) -> bool:
    """Whether that step can be confirmed now."""
    at = engine.snapshot
    return at.is_conductor and at.is_connected and at.activity is None and at.next_step == step


def stands(engine: Engine, step: str, status: StepStatus) -> bool:
    """Whether the step is in that status."""
    return engine.snapshot.run.step(StepId(step)).status is status


def wait_for(engine: Engine, changed: threading.Event, reached: Callable[[], bool]) -> None:
    """Until something is so."""
    for _ in range(180):
        changed.clear()
        if reached():
            return
        changed.wait(0.5)
    raise AssertionError(f"not reached: {engine.failure} {engine.snapshot.verdict}")
