"""IF NOT EXISTS that did nothing is said, and fails the step where what was there is certainly something else."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

TABLE = (
    "CREATE TABLE IF NOT EXISTS made (id bigint PRIMARY KEY, name varchar(20) NOT NULL, at timestamptz DEFAULT now())"
)
COLUMN = "ALTER TABLE t ADD COLUMN IF NOT EXISTS w integer NOT NULL DEFAULT 0"
OTHERS = {
    (TABLE, "CREATE VIEW made AS SELECT 1 AS id"): "it is a view",
    (TABLE, "CREATE SEQUENCE made"): "it is a sequence",
    (TABLE, "CREATE TABLE made (id int PRIMARY KEY, name varchar(20) NOT NULL, at timestamptz DEFAULT now())"): (
        "id is integer and not bigint"
    ),
    (TABLE, "CREATE TABLE made (id bigint PRIMARY KEY, name varchar(10), at timestamptz)"): (
        "name is character varying(10) and not varchar(20), name may be NULL, at has no default"
    ),
    (TABLE, "CREATE TABLE made (id bigint, name varchar(20) NOT NULL, at timestamptz DEFAULT now())"): "id may be NULL",
    (TABLE, "CREATE TABLE made (id bigint PRIMARY KEY, other text)"): "there is no column name, there is no column at",
    (COLUMN, "ALTER TABLE t ADD COLUMN w text"): "w is text and not integer, w may be NULL, w has no default",
    (COLUMN, "ALTER TABLE t ADD COLUMN w integer NOT NULL"): "w has no default",
}
SAME = {
    (TABLE, TABLE): "there is the table made (id bigint NOT NULL, name character varying(20) NOT NULL, at",
    (TABLE, f"{TABLE}; ALTER TABLE made ADD COLUMN more text"): "more text)",
    (COLUMN, COLUMN): "there is the table t (w integer NOT NULL)",
    ("CREATE SEQUENCE IF NOT EXISTS s", "CREATE SEQUENCE s"): 'CREATE SEQUENCE IF NOT EXISTS did nothing: relation "s"',
    ("CREATE SCHEMA IF NOT EXISTS s", "CREATE SCHEMA s"): 'CREATE SCHEMA IF NOT EXISTS did nothing: schema "s"',
}
OUTSIDE = "; VACUUM t"
"""Beside it a statement runs in a transaction of its own."""


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), "CREATE TABLE t (id int PRIMARY KEY)")
    return str(server.dsn())


@pytest.mark.parametrize("beside", ["", OUTSIDE])
@pytest.mark.parametrize(("sql", "there"), OTHERS)
async def test_what_is_certainly_something_else_fails_the_step(dsn: str, sql: str, there: str, beside: str) -> None:
    await do(dsn, there)
    async with Driver(plan_of(sql_step("make", sql + beside)), dsn) as driver:
        state = await driver.run("make")
    assert state.status is StepStatus.FAILED
    assert "IF NOT EXISTS did nothing, because" in state.message
    assert OTHERS[sql, there] in state.message
    assert "R tries again" in state.message


@pytest.mark.parametrize("beside", ["", OUTSIDE])
@pytest.mark.parametrize(("sql", "there"), SAME)
async def test_what_was_there_is_said_with_the_success_and_in_the_journal(
    dsn: str, sql: str, there: str, beside: str
) -> None:
    if there is COLUMN:
        await do(dsn, "ALTER TABLE t DROP COLUMN IF EXISTS w")
    await do(dsn, there)
    async with Driver(plan_of(sql_step("make", sql + beside)), dsn) as driver:
        state = await driver.run("make")
        assert state.status is StepStatus.DONE
        assert SAME[sql, there] in state.message
        assert "did nothing" in state.message
        events = await driver.journal()
    said = next(each.event for each in events if each.event.kind == "step succeeded")
    assert isinstance(said, e.StepSucceeded)
    assert SAME[sql, there] in said.note
    assert "notice" in kinds(events)


@pytest.mark.parametrize("sql", [TABLE, COLUMN, f"{TABLE}; ALTER TABLE made ALTER COLUMN id TYPE int; {COLUMN}"])
async def test_nothing_is_said_where_it_did_something(dsn: str, sql: str) -> None:
    async with Driver(plan_of(sql_step("make", sql)), dsn) as driver:
        state = await driver.run("make")
    assert state.status is StepStatus.DONE
    assert state.message == ""


async def test_a_type_changed_later_in_the_same_step_is_no_difference(dsn: str) -> None:
    changing = f"{TABLE}; ALTER TABLE made ALTER COLUMN id TYPE int"
    async with Driver(plan_of(sql_step("one", changing), sql_step("two", changing)), dsn) as driver:
        await driver.run("one")
        state = await driver.run("two")
    assert state.status is StepStatus.DONE
    assert "id integer NOT NULL" in state.message


async def test_it_is_told_where_the_step_has_notices_kept_back(dsn: str) -> None:
    await do(dsn, "CREATE VIEW made AS SELECT 1 AS id")
    async with Driver(plan_of(sql_step("make", f"SET LOCAL client_min_messages = error; {TABLE}")), dsn) as driver:
        state = await driver.run("make")
    assert state.status is StepStatus.FAILED
    assert "it is a view" in state.message
    assert await ask(dsn, "SELECT count(*) FROM zdtui.event WHERE kind = 'notice'") == 0


async def test_the_table_that_is_meant_is_found_by_the_authors_path(dsn: str) -> None:
    await do(dsn, f"CREATE SCHEMA other; CREATE TABLE other.made (id int); {TABLE}")
    path = "SET LOCAL search_path = other, public; "
    async with Driver(plan_of(sql_step("public", TABLE), sql_step("other", path + TABLE)), dsn) as driver:
        assert (await driver.run("public")).status is StepStatus.DONE
        state = await driver.run("other")
    assert state.status is StepStatus.FAILED
    assert "id is integer and not bigint" in state.message
