"""Readers and writers beside a rehearsal: an error that a step brings them they meet as an application would, and go on."""

import asyncio

from tests.fix_db import Database
from tests.integration.run.driver import do
from zdtui.postgres.target.target import Target
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.load.made import made_load

ENOUGH = 60
"""Answers after which the reader's statement is prepared, whoever asked."""


async def answered(load: Load, count: int) -> None:
    """Until so many answers came; the test's own limit is the time."""
    while len(load.answers.answered) < count:  # noqa: ASYNC110 (they come from other sessions, which tell nobody)
        await asyncio.sleep(0.02)


async def test_a_prepared_statement_fails_once_when_its_table_is_changed(server18: Database) -> None:
    await do(server18.dsn(), "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)")
    async with made_load(Target(server18.dsn()), ["public.t"]) as load:
        await answered(load, ENOUGH)
        await do(server18.dsn(), "ALTER TABLE t ADD COLUMN x int")
        await answered(load, len(load.answers.answered) + ENOUGH)
    assert load.answers.errors == {"FeatureNotSupported": 1}
