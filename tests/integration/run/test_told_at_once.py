"""Where a step stands is told at once, however seldom figures are: a pause that came 100 ms late looked like none."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import plan_of, sql_step, taking_everything_on
from tests.integration.run.test_faults import wait_for
from zdtui.plan.model import StepId
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus

NEVER = 10_000.0


def test_a_step_that_begins_and_ends_is_told_though_no_figure_would_be(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zdtui.run.engine.engine.PUBLISH_EVERY", NEVER)
    plan = taking_everything_on(plan_of(sql_step("one", "SELECT 1")))
    engine = Engine(plan, Target(server18.dsn()), operator="tester@here")
    engine.start()
    try:
        wait_for(engine, lambda now: now.connection_state is ConnectionState.CONNECTED)
        engine.submit(c.RunStep(StepId("one"), step_digest(plan.step("one")), "one"))
        wait_for(engine, lambda now: now.run.step(StepId("one")).status is StepStatus.DONE)
    finally:
        engine.stop("test over", force=True)
        assert engine.join(30)
    assert engine.failure is None
