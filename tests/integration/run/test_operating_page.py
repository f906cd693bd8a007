"""The SQL that docs/operating.md tells a person to type at 3 a.m. does what the page says."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.demo.embedded import SUPERUSER
from zdtui.postgres.journal import journal_sql
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import StepStatus

PAGE = (Path(__file__).parents[3] / "docs/operating.md").read_text("utf-8")
GRANTS, SESSIONS = (
    next(block for block in re.findall(r"```sql\n(.*?)```", PAGE, re.S) if word in block)
    for word in ("GRANT USAGE", "pg_stat_activity")
)
STEP = sql_step("add", "ALTER TABLE t ADD COLUMN a int", "ALTER TABLE t DROP COLUMN a")


@pytest.fixture
async def migrator(server: Database) -> AsyncIterator[str]:
    """A role named as on the page that owns a table and may create nothing in the database; its connection string."""
    name = f"migrator_{server.name}"[:63]
    await do(
        server.dsn(SUPERUSER),
        f'CREATE ROLE "{name}" LOGIN; CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t OWNER TO "{name}";',
    )
    yield str(server.dsn(name))
    await do(server.dsn(SUPERUSER), f'DROP OWNED BY "{name}"; DROP ROLE "{name}"')


async def test_a_role_that_may_not_make_the_journal_is_told_so(migrator: str) -> None:
    async with Driver(plan_of(STEP), migrator) as driver:
        driver.start("add")
        await driver.until(lambda: driver.stage.refusal)
        assert "schema zdtui is missing" in driver.stage.refusal
        assert "may not make it" in driver.stage.refusal
        assert driver.stage.recorder.state.opened is None


async def test_the_owner_makes_the_journal_and_the_grants_are_enough(server: Database, migrator: str) -> None:
    role = psycopg.conninfo.conninfo_to_dict(migrator)["user"]
    await do(server.dsn(), journal_sql("install").decode())
    await do(server.dsn(), GRANTS.replace("migrator", f'"{role}"'))
    async with Driver(plan_of(STEP), migrator) as driver:
        assert (await driver.run("add")).status is StepStatus.DONE
        await driver.roll_back_to("add")
        assert driver.state("add").rolled_back


async def test_the_page_finds_the_one_session_to_end_and_ending_it_frees_the_run(server: Database) -> None:
    await do(server.dsn(), "CREATE TABLE t (id int PRIMARY KEY)")
    look, end = (each.strip() for each in SESSIONS.split(";")[:2])
    async with Driver(plan_of(STEP), server.dsn()) as first, Driver(plan_of(STEP), server.dsn()) as second:
        assert (first.stage.console_role, second.stage.console_role) == (ConsoleRole.CONDUCTOR, ConsoleRole.OBSERVER)
        held = first.stage.open_sessions.backend.pid
        async with await psycopg.AsyncConnection.connect(server.dsn(SUPERUSER)) as connection:
            found = await (await connection.execute(look.encode())).fetchall()
        assert [(row[0], row[1]) for row in found] == [(held, "zdtui tour")]
        assert await ask(server.dsn(SUPERUSER), end.replace("4711", str(held))) is True
        await first.until(lambda: first.stage.sessions is not None and first.stage.sessions.backend.pid != held)
        assert first.stage.console_role is ConsoleRole.CONDUCTOR
