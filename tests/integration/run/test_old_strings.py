"""A database that still reads strings in the old way: the plan's text means what the standard says, and the board tells."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.plan.model import BackfillAction, NoRollback, Step
from zdtui.postgres.preflight import gather_facts
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.run.model.state import RunState, StepStatus
from zdtui.run.preflight.checks_target import string_literals
from zdtui.run.preflight.judge import PreflightInput

MADE = """
CREATE TABLE word (id int PRIMARY KEY, w text, x text);
INSERT INTO word SELECT g, 'w' || g FROM generate_series(1, 300) g;
CREATE TABLE keep (id int); INSERT INTO keep VALUES (1);
"""


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), f"ALTER DATABASE {server.name} SET standard_conforming_strings = off")
    await do(server.dsn(), f"ALTER DATABASE {server.name} SET escape_string_warning = off")
    await do(server.dsn(), MADE)
    return str(server.dsn())


def fill(expression: str) -> Step:
    action = BackfillAction(table="word", assignments=(("x", expression),), where="x IS NULL")
    return step("fill", action, NoRollback(reason="a test"))


async def test_what_is_split_is_what_the_server_reads(dsn: str) -> None:
    """Read in the old way the first text is one UPDATE; by the standard its string ends before the semicolon."""
    old = r"UPDATE word SET x = 'it\'s; DELETE FROM keep; --' WHERE id = 1"
    plan = plan_of(sql_step("old", old), fill(r"w || 'a\nb'"))
    async with Driver(plan, dsn) as driver:
        state = await driver.run("old")
        assert state.status is StepStatus.FAILED
        assert "syntax error" in state.message
    assert await ask(dsn, "SELECT count(*) FROM keep") == 1
    async with Driver(plan_of(fill(r"w || 'a\nb' || E'c\nd'"), name="again"), dsn) as driver:
        assert (await driver.run("fill")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(*) FROM word WHERE length(x) - length(w) = 7") == 300


@pytest.mark.parametrize(("expression", "level"), [(r"w || '\n'", "warn"), ("w || 'n'", "ok")])
async def test_the_board_says_that_the_database_has_it_off(dsn: str, expression: str, level: str) -> None:
    plan = plan_of(fill(expression))
    async with await connect(Target(dsn), application_name="a test") as connection:
        facts = await gather_facts(connection, (), ())
    found = string_literals(PreflightInput(plan, RunState(), facts, journal_installed=False, holder=None))
    assert found.outcome.value == level
    assert "standard_conforming_strings is off in this database" in found.finding
