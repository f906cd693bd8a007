"""Drift is proved: two tables or two columns, every key type, resumed, watched, and while both are written."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BatchTuning, CompareAction, Step
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

SMALL = BatchTuning(batch_rows=100, max_batch_rows=100)
ROWS = 3000
BOTH = """
CREATE TABLE old (id {type} PRIMARY KEY, total int NOT NULL, note text);
CREATE TABLE new (key {type} PRIMARY KEY, total_cents bigint NOT NULL, note varchar(40));
INSERT INTO old SELECT {value}, g, nullif('note ' || g % 7, 'note 3') FROM generate_series(1, 3000) g;
INSERT INTO new SELECT id, total * 100, note FROM old;
"""
KEYS = {
    "bigint": ("bigint", "g * 7 - 3000"),
    "uuid": ("uuid", "md5(g::text)::uuid"),
    "text": ("text", "'k' || g || repeat('é', g % 3)"),
    "timestamptz": ("timestamptz", "'2026-01-01'::timestamptz + g * interval '1.000001 s'"),
}


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def compared(**fields: Any) -> Step:
    usual = {
        "source": "old",
        "into": "new",
        "columns": (("key", "id"), ("total_cents", "total * 100"), ("note", "note")),
        "tuning": SMALL,
    }
    return step("compare", CompareAction(**{**usual, **fields}))


async def both(dsn: str, kind: str = "bigint") -> None:
    type_name, value = KEYS[kind]
    await do(dsn, BOTH.format(type=type_name, value=value))


@pytest.mark.parametrize("kind", KEYS)
async def test_two_tables_that_are_the_same_are_found_to_be(dsn: str, kind: str) -> None:
    await both(dsn, kind)
    async with Driver(plan_of(compared()), dsn) as driver:
        state = await driver.run("compare")
        assert state.status is StepStatus.DONE, state.message
        assert (state.rows, state.rejected) == (ROWS, 0)
        assert state.batches >= 30


@pytest.mark.parametrize("kind", KEYS)
async def test_every_row_that_is_missing_extra_or_different_is_counted_and_named(dsn: str, kind: str) -> None:
    await both(dsn, kind)
    await do(dsn, "UPDATE new SET note = 'other' WHERE total_cents = 70000")
    await do(dsn, "UPDATE new SET note = NULL WHERE total_cents = 10000")
    await do(dsn, "DELETE FROM new WHERE total_cents = 120000")
    await do(dsn, "DELETE FROM old WHERE total = 1")
    await do(dsn, "DELETE FROM old WHERE total = 3000")
    async with Driver(plan_of(compared()), dsn) as driver:
        state = await driver.run("compare")
        assert state.status is StepStatus.FAILED
        assert "5 of 2998 rows of new are not what old says" in state.message
        found = [each.event for each in await driver.journal() if isinstance(each.event, e.DriftFound)]
        keys = [key for event in found for key in event.keys]
        assert sorted(key.rsplit(" ", 1)[1] for key in keys) == ["different"] * 2 + ["extra"] * 2 + ["missing"]
        missing = await ask(dsn, "SELECT id::text FROM old WHERE total = 1200")
        assert f"({missing}) missing" in keys
        await do(dsn, "DELETE FROM new; INSERT INTO new SELECT id, total * 100, note FROM old")
        again = await driver.run("compare")
        assert again.status is StepStatus.DONE
        assert (again.rows, again.rejected) == (2998, 0)


async def test_columns_of_one_table_are_compared_with_what_they_are_made_from(dsn: str) -> None:
    await do(dsn, "CREATE TABLE u (a int, b int, name text, first text, PRIMARY KEY (a, b))")
    await do(dsn, "INSERT INTO u SELECT g % 13, g, 'n' || g || ' x', 'n' || g FROM generate_series(1, 1000) g")
    action = {"source": "u", "into": "u", "columns": (("first", "split_part(name, ' ', 1)"),), "where": "b > 10"}
    async with Driver(plan_of(compared(**action)), dsn) as driver:
        assert (await driver.run("compare")).rows == 990
    await do(dsn, "UPDATE u SET first = NULL WHERE b IN (5, 700)")
    async with Driver(plan_of(compared(**action), name="again"), dsn) as driver:
        state = await driver.run("compare")
        assert "1 of 990 rows is not what u says: (11, 700) different" in state.message


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ((("total_cents", "total * 100"),), "id, the key of old, is not among `columns`"),
        ((("key", "id"), ("nothing", "total")), "new has no column nothing to compare"),
    ],
)
async def test_what_cannot_be_compared_is_one_sentence(
    dsn: str, columns: tuple[tuple[str, ...], ...], says: str
) -> None:
    await both(dsn)
    async with Driver(plan_of(compared(columns=columns)), dsn) as driver:
        state = await driver.run("compare")
        assert state.status is StepStatus.FAILED
        assert says in state.message


async def test_a_pause_keeps_the_place_and_what_was_found(dsn: str) -> None:
    await both(dsn)
    await do(dsn, "UPDATE new SET note = 'other' WHERE total_cents = 500")
    slow = BatchTuning(batch_rows=20, max_batch_rows=20, batch_pause=timedelta(milliseconds=20))
    async with Driver(plan_of(compared(tuning=slow)), dsn) as driver:
        driver.start("compare")
        await driver.until(
            lambda: driver.stage.work and (doing := driver.stage.work.activity.progress) and doing.rejected
        )
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.state("compare").status is StepStatus.HELD)
        rows = driver.state("compare").rows
        assert rows is not None
        assert 0 < rows < ROWS
    async with Driver(plan_of(compared(tuning=SMALL)), dsn) as driver:
        state = await driver.run("compare")
        assert state.status is StepStatus.FAILED
        assert f"1 of {ROWS} rows" in state.message


async def test_a_dual_write_is_watched_and_its_first_miss_is_found(dsn: str) -> None:
    await both(dsn)
    watched = compared(watch=timedelta(seconds=30))
    async with Driver(plan_of(watched), dsn) as driver:
        driver.start("compare")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.reason == "pass 2")
        await do(dsn, "INSERT INTO old VALUES (1000000, 7, 'forgotten')")
        await driver.until(lambda: driver.state("compare").status is StepStatus.FAILED)
        assert "(1000000) missing" in driver.state("compare").message


async def test_an_application_that_writes_both_sides_a_moment_apart_has_no_drift(dsn: str) -> None:
    await both(dsn)
    done = asyncio.Event()

    async def application() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            number = 0
            while not done.is_set():
                number += 1
                key = 7 * (number % ROWS + 1) - 3000
                await connection.execute("UPDATE old SET total = total + 1 WHERE id = %s", [key])
                await connection.execute("UPDATE new SET total_cents = total_cents + 100 WHERE key = %s", [key])

    writing = asyncio.create_task(application())
    try:
        slow = BatchTuning(batch_rows=200, max_batch_rows=200)
        async with Driver(plan_of(compared(tuning=slow)), dsn) as driver:
            state = await driver.run("compare")
            assert state.status is StepStatus.DONE, state.message
    finally:
        done.set()
        await writing


async def test_nothing_is_written_but_the_journal(dsn: str) -> None:
    await both(dsn)
    async with Driver(plan_of(compared()), dsn) as driver:
        assert (await driver.run("compare")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT max(xmin::text::bigint) FROM new") == await ask(
        dsn, "SELECT min(xmin::text::bigint) FROM new"
    )
