"""A run is followed by subscription, in both ages of the protocol, and what is told of it are figures alone."""

import asyncio
import json
from pathlib import Path

import pytest
from mcp import types
from mcp.shared.subscriptions import ResourceUpdated

from tests.fix_db import Database
from tests.integration.agents.client import Agent, agent, agents_dsn, may_read_journal
from tests.integration.agents.hostile_calls import EVIL, IN_A_ROW
from tests.integration.run.driver import Driver, plan_of, sql_step
from zdtui.agents.says import Says
from zdtui.owned_tasks import beside
from zdtui.plan.model import Plan
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepStatus

FIRST = sql_step("first", "CREATE TABLE made (i text PRIMARY KEY)", "DROP TABLE made")
SECOND = sql_step("second", f"INSERT INTO made VALUES ('{IN_A_ROW}')", "DELETE FROM made")
BAD = sql_step("bad", f"INSERT INTO made VALUES ('{IN_A_ROW}')", "SELECT 1")


def plan() -> Plan:
    """Two steps that work, and one whose error repeats a row."""
    return plan_of(FIRST, SECOND, BAD, description=EVIL)


async def begun(driver: Driver, database: Database) -> str:
    """The address of the status of a run that has begun, which agents may read."""
    await driver.run("first")
    await driver.stage.recorder.flush(5)
    may_read_journal(database)
    return f"zdtui://runs/{driver.stage.recorder.run}/status"


async def steps_of(asked: Agent, uri: str) -> dict[str, str]:
    """Where each step stands, by the resource."""
    told = json.loads(await asked.read(uri))
    return {each["id"]: each["status"] for each in told["data"]["runs"][0]["steps"]}


async def heard(asked: Agent, uri: str, driver: Driver, told: asyncio.Event) -> None:
    """Have the second step done, and read the status again whenever it is told that the run has gone on."""
    await driver.run("second")
    await driver.stage.recorder.flush(5)
    async with asyncio.timeout(90):
        while True:
            await told.wait()
            told.clear()
            if (await steps_of(asked, uri))["second"] == StepStatus.DONE:
                return


async def test_a_run_is_followed_by_listening(server18: Database, tmp_path: Path) -> None:
    dsn, told = agents_dsn(server18), asyncio.Event()
    async with Driver(plan(), server18.dsn()) as driver, agent(tmp_path, dsn) as asked:
        uri = await begun(driver, server18)

        async def hear() -> None:
            async with asked.client.listen(resource_subscriptions=[uri]) as events:
                async for event in events:
                    assert event == ResourceUpdated(uri)
                    told.set()

        async with beside(hear()) as listening:
            await heard(asked, uri, driver, told)
            await what_is_told_are_figures(asked, driver)
            listening.cancel()


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_run_is_followed_by_the_older_subscription(server18: Database, tmp_path: Path) -> None:
    told = asyncio.Event()

    async def hear(message: object) -> None:
        if isinstance(message, types.ResourceUpdatedNotification):
            assert str(message.params.uri) == uri
            told.set()

    dsn = agents_dsn(server18)
    async with Driver(plan(), server18.dsn()) as driver, agent(tmp_path, dsn, mode="legacy", hear=hear) as asked:
        uri = await begun(driver, server18)
        await asked.client.session.subscribe_resource(uri)
        await heard(asked, uri, driver, told)
        await asked.client.session.unsubscribe_resource(uri)
        await a_pause_is_asked_for(asked, driver)


async def a_pause_is_asked_for(asked: Agent, driver: Driver) -> None:
    """The console hears it, and says who asked; once the operator has gone on it can be asked for again."""
    who = "zdtui agents: tester 1 for ana@bastion (role zdtui_agent)"
    heard = await asked.call("ask_for_pause")
    assert heard["says"][0] == Says.PAUSE_ASKED
    assert heard["data"]["paused_by"] == who
    await driver.until(lambda: driver.stage.recorder.state.pause_by == who)
    assert (await asked.call("ask_for_pause"))["says"][0] == Says.PAUSED_ALREADY


async def what_is_told_are_figures(asked: Agent, driver: Driver) -> None:
    """Of a step that failed on a row, of a note, and of a plan that gives orders."""
    driver.conductor.submit(c.AddNote(EVIL))
    state = await driver.run("bad")
    assert state.status is StepStatus.FAILED
    assert IN_A_ROW in state.message
    await driver.stage.recorder.flush(5)
    run = str(driver.stage.recorder.run)
    log = await asked.call("run_log", run=run[:8])
    kinds = [each["kind"] for each in log["data"]["events"]]
    assert kinds.index("step failed") < kinds.index("run opened"), "newest first"
    (failed,) = [each for each in log["data"]["events"] if each["kind"] == "step failed"]
    assert failed["sqlstate"] == "23505"
    status = await asked.call("run_status")
    assert status["says"][0] == Says.RUN
    assert status["data"]["runs"][0]["standing"] == "failed"
    assert status["data"]["held_by_a_console"] is True
    report = await asked.read(f"zdtui://runs/{run}/report")
    assert json.loads(report)["untrusted"] is True
    for text in (json.dumps(log), json.dumps(status), report):
        assert IN_A_ROW not in text
        assert EVIL not in text
        assert "INSERT INTO" not in text
    later = await asked.call("run_log", after=len(kinds) - 1)
    assert len(later["data"]["events"]) == 1
    assert (await asked.call("run_log", run="0000"))["says"] == [Says.NO_SUCH_RUN]
