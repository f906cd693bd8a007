"""What is gone from the journal, or was changed in it, stops everything: live, opened again, in status and in report."""

from datetime import timedelta
from functools import partial

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step
from tests.integration.run.test_reading import zdtui
from zdtui.plan.model import Limits
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.journal import stored_events
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import StepStatus

PLAN = plan_of(
    sql_step("one", "INSERT INTO ledger VALUES ('one')", "DELETE FROM ledger WHERE what = 'one'"),
    sql_step("two", "INSERT INTO ledger VALUES ('two')"),
    sql_step("three", "INSERT INTO ledger VALUES ('three')"),
)
DELETE_SUCCESS = "DELETE FROM zdtui.event WHERE kind = 'step succeeded' AND step = 'one'"
DAMAGES = {
    "truncated": ("TRUNCATE zdtui.event", "missing"),
    "one row deleted": (DELETE_SUCCESS, "missing"),
    "the tail deleted": ("DELETE FROM zdtui.event WHERE sequence = (SELECT max(sequence) FROM zdtui.event)", "missing"),
    "one row edited": (
        "UPDATE zdtui.event SET payload = jsonb_set(payload, '{reason}', '\"not his words\"') WHERE kind = 'console left'"
        " OR kind = 'step started'",
        "not as written",
    ),
    "one row added": (
        "INSERT INTO zdtui.event (run, sequence, at, operator, kind, step, payload) SELECT run, max(sequence) + 1, now(),"
        ' \'x\', \'step succeeded\', \'two\', \'{"kind": "step succeeded", "step": "two", "seconds": 1}\''
        " FROM zdtui.event GROUP BY run",
        "not from a console of this layout",
    ),
    "the head set back": ("UPDATE zdtui.head SET sequence = sequence - 1", "not from a console of this layout"),
    "the head deleted": ("DELETE FROM zdtui.head", "the row of zdtui.head is gone"),
}


@pytest.fixture
async def dsn(server18: Database) -> str:
    await do(server18.dsn(), "CREATE TABLE ledger (what text NOT NULL)")
    return str(server18.dsn())


async def told(dsn: str) -> str:
    """What the ledger holds: each step's row, once."""
    return str(await ask(dsn, "SELECT string_agg(what, ' ' ORDER BY what) FROM ledger"))


async def accept(driver: Driver, reason: str = "I looked") -> None:
    """Take the journal on as it is."""
    damage = driver.stage.recorder.damage
    driver.conductor.submit(c.AcceptJournal(damage.digest, driver.plan.name, reason))
    await driver.until(
        lambda: driver.stage.recorder.damage is None and driver.stage.console_role is ConsoleRole.CONDUCTOR
    )


def is_damaged(driver: Driver) -> bool:
    """Whether the console has seen that its journal is not whole."""
    return driver.stage.recorder.damage is not None


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_live_console_stops_and_says_what_is_gone(dsn: str, damage: str) -> None:
    sql, words = DAMAGES[damage]
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        await do(dsn, sql)
        each = driver.plan.step("two")
        refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        assert "the journal is not whole" in refused
        assert words in refused or "lost on this server" in refused
        assert driver.stage.console_role is ConsoleRole.OBSERVER
        for command in (c.RunStep(each.id, step_digest(each), "two"), c.TakeOver(), c.SkipStep(each.id, "why")):
            assert "the journal is not whole" in await driver.refusal(command)
        assert await told(dsn) == "one"


@pytest.mark.parametrize("damage", DAMAGES)
async def test_opened_again_it_stops_and_so_do_status_and_report(dsn: str, damage: str) -> None:
    sql, words = DAMAGES[damage]
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
    await do(dsn, sql)
    for command in (("status",), ("report", "last")):
        code, said, complaint = await zdtui(*command, "--dsn", dsn)
        assert code == 2, command
        assert words in complaint
        assert words in said
    async with Driver(PLAN, dsn) as driver:
        assert words in driver.stage.recorder.damage.sentence
        assert driver.stage.console_role is ConsoleRole.OBSERVER
        each = driver.plan.step("two")
        assert words in await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))


@pytest.mark.parametrize("damage", ["one row deleted", "one row edited", "the tail deleted", "the head deleted"])
async def test_an_operator_takes_it_on_and_goes_on_from_what_it_says(dsn: str, damage: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
    await do(dsn, DAMAGES[damage][0])
    async with Driver(PLAN, dsn) as driver:
        found = driver.stage.recorder.damage.sentence
        assert "type tour" in await driver.refusal(c.AcceptJournal(driver.stage.recorder.damage.digest, "x", "why"))
        assert "say how" in await driver.refusal(c.AcceptJournal(driver.stage.recorder.damage.digest, "tour", " "))
        assert "look at it again" in await driver.refusal(c.AcceptJournal("other", "tour", "why"))
        await accept(driver)
        following = "one" if damage == "one row deleted" else "two"
        if following == "one":
            await driver.until(lambda: driver.state("one").status is StepStatus.HELD)
            each = driver.plan.step("one")
            driver.conductor.submit(c.SkipStep(each.id, "its row is there"))
            await driver.until(lambda: driver.state("one").status is StepStatus.SKIPPED)
        assert (await driver.run("two")).status is StepStatus.DONE
        events = await driver.journal()
        accepted = next(each.event for each in events if each.event.kind == "journal accepted")
        assert accepted.found == found
        assert "I looked" in accepted.reason
    assert await told(dsn) == "one two"
    assert (await zdtui("status", "--dsn", dsn))[0] == 0
    async with Driver(PLAN, dsn) as driver:
        assert driver.stage.recorder.damage is None
        assert (await driver.run("three")).status is StepStatus.DONE


async def test_a_step_is_rolled_back_when_the_journal_is_damaged_while_it_works(dsn: str) -> None:
    patient = Limits(lock_timeout=timedelta(minutes=2))
    slow = sql_step("slow", "INSERT INTO ledger VALUES ('slow'); SELECT pg_advisory_xact_lock(7)", limits=patient)
    async with Driver(plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')"), slow), dsn) as driver:
        await driver.run("one")
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
            await other.execute("SELECT pg_advisory_lock(7)")
            driver.start("slow")
            await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
            await driver.stage.recorder.flush(5)
            await do(dsn, "TRUNCATE zdtui.event")
        await driver.until(lambda: driver.stage.recorder.damage is not None)
        await driver.until(lambda: driver.stage.working is None)
        assert "lost on this server" in driver.stage.recorder.damage.sentence
        assert driver.state("slow").status is not StepStatus.DONE
        assert await told(dsn) == "one"


async def test_the_last_step_is_not_finished_over_a_journal_that_is_not_whole(dsn: str) -> None:
    async with Driver(plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')")), dsn) as driver:
        await driver.run("one")
        await driver.until(lambda: driver.stage.recorder.state.finished)
        assert kinds(await driver.journal())[-1] == "run finished"


async def test_numbers_have_no_gaps_where_a_transaction_was_rolled_back(dsn: str) -> None:
    bad = sql_step("bad", "INSERT INTO ledger VALUES ('bad'); SELECT 1 / 0")
    async with Driver(plan_of(bad), dsn) as driver:
        for _ in range(3):
            await driver.run("bad")
        events = await driver.journal()
    assert [each.sequence for each in events] == list(range(1, len(events) + 1))


async def test_a_journal_that_is_gone_is_lost_events(dsn: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        await do(dsn, "DROP SCHEMA zdtui CASCADE")
        each = driver.plan.step("two")
        refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        assert "lost on this server" in refused
        assert "step succeeded of one" in refused
        await accept(driver)
        assert await told(dsn) == "one"


async def test_an_idle_console_notices_by_itself(dsn: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        await do(dsn, "TRUNCATE zdtui.event")
        await driver.until(lambda: driver.stage.recorder.damage is not None)
        assert "step succeeded of one" in driver.stage.recorder.damage.sentence


async def test_a_console_that_looks_on_notices_too_and_does_not_turn_to_an_older_run(dsn: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        await driver.roll_back_to("one")
    older = "INSERT INTO zdtui.event SELECT gen_random_uuid(), sequence, at - interval '1 day', operator, kind, step, payload"
    await do(dsn, f"{older} FROM zdtui.event WHERE kind = 'run opened'")
    async with Driver(PLAN, dsn) as first, Driver(PLAN, dsn) as second:
        assert second.stage.console_role is ConsoleRole.OBSERVER
        run = first.stage.recorder.run
        assert second.stage.recorder.run == run
        await do(dsn, f"DELETE FROM zdtui.event WHERE run = '{run}'; DELETE FROM zdtui.head WHERE run = '{run}'")
        for driver in (first, second):
            await driver.until(partial(is_damaged, driver))
            assert driver.stage.recorder.run == run
            assert "events 1 to" in driver.stage.recorder.damage.sentence


EDITS = {
    "nothing": "SELECT 1",
    "an operator": "UPDATE zdtui.event SET operator = 'mallory' WHERE sequence = 2",
    "a time": "UPDATE zdtui.event SET at = at + interval '1 microsecond' WHERE sequence = 3",
    "a kind": "UPDATE zdtui.event SET kind = 'console left' WHERE sequence = 2",
    "a digest": "UPDATE zdtui.event SET digest = sha256(digest) WHERE sequence = 1",
    "a payload": "UPDATE zdtui.event SET payload = payload || '{\"note\": \"x\"}' WHERE kind = 'step succeeded'",
    "what it covers": "UPDATE zdtui.head SET covered = 1",
    "one taken out": "DELETE FROM zdtui.event WHERE sequence = 2",
    "two changed for each other": "UPDATE zdtui.event SET sequence = CASE sequence WHEN 2 THEN 3000 ELSE 2 END"
    " WHERE sequence IN (2, 3); UPDATE zdtui.event SET sequence = 3 WHERE sequence = 3000",
}


@pytest.mark.parametrize("edit", EDITS)
async def test_reading_on_says_what_reading_from_event_1_says(server: Database, edit: str) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE ledger (what text NOT NULL)")
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        run = driver.stage.recorder.run
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as reader:
            known = await stored_events.read(reader, run)
            await driver.run("two")
            await driver.stage.recorder.flush(60)
            await do(dsn, EDITS[edit])
            again = await stored_events.read(reader, run, known)
            whole = await stored_events.read(reader, run)
    assert (again.events, again.chain, again.head, again.seal) == (whole.events, whole.chain, whole.head, whole.seal)
    assert (whole.chain.damage is None) == (edit == "nothing")
    assert again.same == (len(known.events) if edit == "nothing" else 0)
