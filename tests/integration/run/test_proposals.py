"""Who proposed a plan, and who read what of it when, is in the journal: a crash or another console changes nothing."""

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, c, do, e, kinds, plan_of, sql_step, taking_everything_on
from zdtui.plan.model import Plan, StepId
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.reading import reading_digest, reading_of
from zdtui.run.journal.report import report
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import StepStatus

PLAN = taking_everything_on(
    plan_of(
        sql_step("one", "CREATE TABLE one (i int)", "DROP TABLE one"),
        sql_step("two", "CREATE TABLE two (i int)", "DROP TABLE two"),
    )
)
CLAUDE = Proposal(by="claude", on_behalf_of="ana", digest=PLAN.digest)


def proposed(dsn: str, plan: Plan = PLAN, proposal: Proposal | None = CLAUDE) -> Driver:
    """A console on the plan, with the note that lies beside it."""
    driver = Driver(plan, dsn)
    driver.stage.not_journaled = NotJournaled(proposal)
    return driver


async def read(driver: Driver, name: str) -> None:
    """Read a step to its last line."""
    step = driver.plan.step(name)
    driver.conductor.submit(c.ReadStep(step.id, reading_digest(driver.plan, step)))
    await driver.until(lambda: reading_of(driver.stage.view(), step) is not None)


async def refused(driver: Driver, name: str) -> str:
    """Why the step does not run."""
    step = driver.plan.step(name)
    return await driver.refusal(c.RunStep(step.id, step_digest(step), step.id))


async def test_the_journal_tells_who_proposed_who_read_and_what_whoever_goes_on(server18: Database) -> None:
    dsn = server18.dsn()
    async with proposed(dsn) as driver:
        assert "proposed by claude on behalf of ana, and nobody has read it yet" in await refused(driver, "one")
        await read(driver, "one")
        assert await ask(dsn, "SELECT to_regnamespace('zdtui') IS NULL"), "reading makes no journal"
        assert (await driver.run("one")).status is StepStatus.DONE
        assert driver.stage.not_journaled.readings == ()
        await read(driver, "two")
        async with proposed(dsn, proposal=None) as other:
            assert other.stage.console_role is ConsoleRole.OBSERVER
            assert other.stage.recorder.state.proposal == CLAUDE
        await driver.stage.recorder.flush(5)
        backend = driver.stage.open_sessions.backend.pid
        assert driver.task is not None
        driver.task.cancel()  # dies without a word
    await do(dsn, f"SELECT pg_terminate_backend({backend})")
    async with proposed(dsn, proposal=None) as driver:
        assert (await driver.run("two")).status is StepStatus.DONE, "the note is gone, and the journal knows"
        events = await driver.journal()
        told = report(driver.stage.recorder.state, events)
    assert kinds(events)[:4] == ["run opened", "plan proposed", "step read", "console joined"]
    readings = [each for each in events if isinstance(each.event, e.StepRead)]
    assert [each.event.step for each in readings if isinstance(each.event, e.StepRead)] == ["one", "two"]
    assert "- proposed: by claude on behalf of ana; 2 steps read by tester@here" in told
    assert "plan proposed by claude on behalf of ana" in told
    assert "two read to its last line by tester@here" in told


async def test_a_text_that_is_changed_in_the_console_is_journaled_and_unread_again(server18: Database) -> None:
    dsn = server18.dsn()
    two = PLAN.step("two").model_copy(update={"notes": "another note"})
    secret = sql_step("three", "CREATE ROLE three PASSWORD 'geheim-9'", "DROP ROLE three")
    after = taking_everything_on(
        PLAN.model_copy(
            update={"steps": (PLAN.steps[0], two, secret), "digest": "d2", "source": "text PASSWORD 'geheim-9'"}
        )
    )
    async with proposed(dsn) as driver:
        await read(driver, "one")
        await read(driver, "two")
        await driver.run("one")
        one = after.step("one").model_copy(update={"verify": ("SELECT true",)})
        begun = after.model_copy(update={"steps": (one, *after.steps[1:])})
        assert "one was begun with another text" in await driver.refusal(c.ChangePlan(begun))
        assert driver.stage.plan.digest == "d"
        driver.conductor.submit(c.ChangePlan(after))
        await driver.until(lambda: driver.stage.plan is after and driver.stage.board is not None)
        driver.plan = after
        assert "two is another text than the one that was read" in await refused(driver, "two")
        await read(driver, "two")
        assert (await driver.run("two")).status is StepStatus.DONE
        events = await driver.journal()
    (amended,) = [each.event for each in events if isinstance(each.event, e.PlanAmended)]
    assert amended.reason == "edited in the console by tester@here: three changed"
    assert "geheim" not in amended.plan_text
    async with proposed(dsn, after) as driver:
        assert driver.state("two").status is StepStatus.DONE, "it is the run's own text now"
        assert StepId("three") in driver.stage.recorder.state.steps
