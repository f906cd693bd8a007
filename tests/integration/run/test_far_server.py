"""A server in another town: what a batch takes to travel is not what the application waits for, and makes it no shorter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg.conninfo
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from tests.integration.run.far_link import far_link
from zdtui.plan.model import Action, BackfillAction, BatchTuning, CompareAction, NoRollback, Walk
from zdtui.run.model.state import StepState, StepStatus

ROWS = 8_000
DELAY = 0.1
AIM = timedelta(milliseconds=300)
"""What a batch may take at the server: less than its journeys take, and more than a busy machine needs for its rows."""


@asynccontextmanager
async def far(near: str) -> AsyncIterator[str]:
    """The DSN of a server that is DELAY away in either direction."""
    to = psycopg.conninfo.conninfo_to_dict(near)
    async with far_link(str(to["host"]), int(str(to["port"])), DELAY) as port:
        yield psycopg.conninfo.make_conninfo(near, host="127.0.0.1", port=port)


async def ran(near: str, action: Action) -> StepState:
    """The step, run from afar."""
    async with far(near) as dsn, Driver(plan_of(step("fill", action, NoRollback(reason="a test"))), dsn) as driver:
        driver.start("fill")
        await driver.until(lambda: driver.state("fill").status is StepStatus.DONE, 150.0)
        return driver.state("fill")


@pytest.mark.parametrize(("walk", "where"), [(Walk.AUTO, "x IS NULL"), (Walk.KEY, None)])
async def test_batches_stay_worth_their_journey(server18: Database, walk: Walk, where: str | None) -> None:
    near = str(server18.dsn())
    await do(
        near,
        "CREATE TABLE t (id int PRIMARY KEY, a int, x int, pad text) WITH (autovacuum_enabled = off);"
        f"INSERT INTO t SELECT g, g, NULL, repeat('p', 60) FROM generate_series(1, {ROWS}) g; ANALYZE t",
    )
    action = BackfillAction(
        table="t",
        assignments=(("x", "a + 1"),),
        where=where,
        tuning=BatchTuning(walk=walk, batch_rows=400, max_batch_rows=400, batch_duration=AIM),
    )
    state = await ran(near, action)
    assert state.rows == ROWS
    assert await ask(near, "SELECT bool_and(x = a + 1) FROM t")
    assert state.batches < ROWS / 100, f"{ROWS / state.batches:.0f} rows a batch"


async def test_chunks_that_are_compared_stay_worth_theirs(server18: Database) -> None:
    near = str(server18.dsn())
    await do(
        near,
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY, a int);"
        f"INSERT INTO t SELECT g, g FROM generate_series(1, {ROWS}) g; INSERT INTO u SELECT * FROM t; ANALYZE t, u",
    )
    columns = (("id", "id"), ("a", "a"))
    action = CompareAction(
        source="t",
        into="u",
        columns=columns,
        tuning=BatchTuning(batch_rows=400, max_batch_rows=400, batch_duration=AIM),
    )
    state = await ran(near, action)
    assert (state.rows, state.rejected) == (ROWS, 0)
    assert state.batches < ROWS / 100, f"{ROWS / state.batches:.0f} rows a chunk"
