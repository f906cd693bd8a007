"""A run that was begun with an older version goes on with this one: to its end, back to its beginning, and forward again.

The journals in tests/upgrade/begun were written by those versions themselves (tests/upgrade/begin.py): by 0.1.0, with
layout 1; by 1a0c62c, with layout 2; by 2822fd7, with layout 3, the last commit before zdtui.run had rooms.
"""

from functools import partial
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask
from tests.integration.run.test_reading import zdtui
from tests.upgrade.begin import HERE, ROWS
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan, StepId
from zdtui.run.model.state import StepStatus

BEGUN = sorted((HERE / "begun").glob("*.sql"))
BEFORE_THE_FILL = ("not-there-yet", "add", "index")
REJECTED = ROWS // 50
"""Rows of the copy that are no address, and were left out by its `where`."""
FILLED = "SELECT count(*) FROM account WHERE email_key = lower(email)"


@pytest.fixture
def plan() -> Plan:
    return load_plan(str(HERE / "plan.yaml"))


@pytest.fixture
def dsn(server: Database, begun: Path) -> str:
    """A database as the older version left it."""
    server.execute(begun.read_text("utf-8"))
    return server.dsn()


async def finish(driver: Driver) -> None:
    """Every step that is not done, in order."""
    for step in driver.plan.steps:
        if driver.state(step.id).status is not StepStatus.DONE:
            driver.start(step.id, "deployed 4711")
            await driver.until(partial(is_over, driver, step.id))
            assert driver.state(step.id).status is StepStatus.DONE, driver.state(step.id)


def is_over(driver: Driver, step: StepId) -> bool:
    """Whether it was begun, and nobody works on it any more."""
    status = driver.state(step).status
    return status not in (StepStatus.PENDING, StepStatus.RUNNING) and driver.stage.working is None


async def stands_at_the_end(dsn: str) -> None:
    """What the plan is for is true."""
    assert await ask(dsn, FILLED) == ROWS
    assert await ask(dsn, "SELECT count(*) FROM account_email WHERE email = lower(email)") == ROWS - REJECTED
    assert await ask(dsn, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'account_email_key_idx'::regclass")
    assert await ask(dsn, "SELECT count(*) FROM pg_constraint WHERE conname = 'account_email_key_given'") == 1


@pytest.mark.parametrize("begun", BEGUN, ids=lambda path: path.stem)
async def test_a_run_of_an_older_version_goes_on_to_its_end_back_and_forward(dsn: str, plan: Plan) -> None:
    before = await ask(dsn, FILLED)
    assert 0 < before < ROWS
    async with Driver(plan, dsn, minds_hazards=True) as driver:
        assert [driver.state(name).status for name in BEFORE_THE_FILL] == [StepStatus.DONE] * 3
        assert driver.state("fill").status is StepStatus.HELD
        state = await driver.run("fill")
        assert state.status is StepStatus.DONE
        assert state.rows == ROWS
        await finish(driver)
        await stands_at_the_end(dsn)
        await driver.roll_back_to("add")
        assert [step.id for step in plan.steps if driver.state(step.id).status is StepStatus.DONE] == ["not-there-yet"]
        assert await ask(dsn, "SELECT count(*) FROM pg_attribute WHERE attname = 'email_key' AND NOT attisdropped") == 0
        await finish(driver)
        await stands_at_the_end(dsn)
    code, said, complaint = await zdtui("status", "--dsn", dsn)
    assert (code, complaint) == (0, "")
    assert "done         require" in said


@pytest.mark.parametrize("begun", BEGUN, ids=lambda path: path.stem)
async def test_it_is_read_by_the_commands_before_it_is_opened(dsn: str) -> None:
    code, said, complaint = await zdtui("status", "--dsn", dsn)
    assert (code, complaint) == (0, "")
    assert "done         index" in said
    assert (await zdtui("report", "last", "--dsn", dsn))[0] == 0


def test_every_version_that_wrote_a_layout_is_there() -> None:
    told = [path.read_text("utf-8") for path in BEGUN]
    for layout in (1, 2, 3):
        assert sum(f"journal of zdtui, layout {layout}:" in text for text in told) == 2
    assert {path.stem.rpartition("-")[2] for path in BEGUN} == {"paused", "killed"}
