"""Journals of layouts 1 and 2, gaps and all: read as they are, brought up to date and chained when a run is opened."""

from uuid import UUID

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from tests.integration.run.test_reading import zdtui
from zdtui.plan.model import BackfillAction
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.model.state import StepStatus

PLAN = plan_of(
    sql_step("one", "INSERT INTO ledger VALUES ('one')"),
    sql_step("two", "INSERT INTO ledger VALUES ('two')"),
    step("fill", BackfillAction(table="t", assignments=(("x", "1"),), where="x IS NULL")),
    name="old",
)
RUN = UUID(int=99)
LAYOUT_1 = """
CREATE SCHEMA zdtui;
COMMENT ON SCHEMA zdtui IS 'journal of zdtui: what was run here, by whom and with what result';
CREATE TABLE zdtui.event (
    run uuid NOT NULL, sequence bigint NOT NULL, at timestamptz NOT NULL, operator text NOT NULL, kind text NOT NULL,
    step text, payload jsonb NOT NULL, PRIMARY KEY (run, sequence));
CREATE TABLE zdtui.checkpoint (
    run uuid NOT NULL, step text NOT NULL, position jsonb, upto jsonb, batches bigint NOT NULL, rows bigint NOT NULL,
    rejected bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (run, step)) WITH (fillfactor = 50);
CREATE TABLE zdtui.rejected (
    run uuid NOT NULL, step text NOT NULL, key jsonb NOT NULL, reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (run, step, key, reason));
"""
LAYOUT_2 = """
COMMENT ON SCHEMA zdtui IS 'journal of zdtui, layout 2: what was run here, by whom and with what result';
ALTER TABLE zdtui.checkpoint
    ADD COLUMN lane integer NOT NULL DEFAULT 0, ADD COLUMN part text NOT NULL DEFAULT '',
    ADD COLUMN way text NOT NULL DEFAULT 'by key', DROP CONSTRAINT checkpoint_pkey, ADD PRIMARY KEY (run, step, lane);
ALTER TABLE zdtui.rejected
    ADD COLUMN part text NOT NULL DEFAULT '', DROP CONSTRAINT rejected_pkey,
    ADD PRIMARY KEY (run, step, part, key, reason);
"""
EVENTS = {
    1: (
        "run opened",
        None,
        '{"kind": "run opened", "plan_name": "old", "plan_title": "Tour", "plan_digest": "d", "plan_text": "source",'
        ' "plan_path": "t.yaml", "step_ids": ["one", "two", "fill"], "environment": "staging", "database": "x",'
        ' "server": "db1:5432", "server_version": 160000, "system_identifier": "", "zdtui_version": "0.1.0"}',
    ),
    2: ("console joined", None, '{"kind": "console joined", "pid": 4711, "client": "zdtui 0.1.0"}'),
    3: (
        "step started",
        "one",
        '{"kind": "step started", "step": "one", "direction": "forward", "attempt": 1, "sql_digest": "x",'
        ' "confirmed_by": "one"}',
    ),
    9: ("step succeeded", "one", '{"kind": "step succeeded", "step": "one", "seconds": 0.01}'),
    10: ("console left", None, '{"kind": "console left", "why": "done for tonight"}'),
}


@pytest.fixture(params=[1, 2], ids=["layout 1", "layout 2"])
async def dsn(server18: Database, request: pytest.FixtureRequest) -> str:
    dsn = str(server18.dsn())
    await do(
        dsn,
        "CREATE TABLE ledger (what text NOT NULL); CREATE TABLE t (id int PRIMARY KEY, x int);"
        "INSERT INTO t SELECT g FROM generate_series(1, 10) g; INSERT INTO ledger VALUES ('one')",
    )
    await do(dsn, LAYOUT_1 if request.param == 1 else LAYOUT_1 + LAYOUT_2)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        for sequence, (kind, name, payload) in EVENTS.items():
            await connection.execute(
                "INSERT INTO zdtui.event VALUES (%s, %s, now(), 'ana@bastion', %s, %s, %s)",
                [RUN, sequence, kind, name, payload],
            )
    return dsn


async def test_it_is_read_as_it_is_and_nothing_is_written(dsn: str) -> None:
    before = await ask(dsn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'zdtui.event'::regclass AND attnum > 0")
    code, said, _ = await zdtui("status", "--dsn", dsn)
    assert code == 0
    assert "done         one" in said
    assert (await zdtui("report", "last", "--dsn", dsn))[0] == 0
    after = await ask(dsn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'zdtui.event'::regclass AND attnum > 0")
    assert before == after == 7


async def test_it_is_chained_when_the_run_is_opened_and_the_old_events_are_covered(dsn: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        assert driver.stage.recorder.run == RUN
        assert driver.state("one").status is StepStatus.DONE
        assert (await driver.run("two")).status is StepStatus.DONE
        assert (await driver.run("fill")).status is StepStatus.DONE
        events = await driver.journal()
    numbers = [each.sequence for each in events]
    assert numbers == [1, 2, 3, *range(9, numbers[-1] + 1)]
    assert await ask(dsn, "SELECT count(*) FROM zdtui.event WHERE digest IS NULL") == len(EVENTS)
    assert await ask(dsn, "SELECT number FROM zdtui.layout") == 3
    assert await ask(dsn, "SELECT covered FROM zdtui.head") == 10
    assert (await zdtui("status", "--dsn", dsn))[0] == 0
    await do(dsn, "DELETE FROM zdtui.event WHERE sequence = 9")
    code, said, complaint = await zdtui("status", "--dsn", dsn)
    assert code == 2
    assert "before there was a chain" in said
    assert "before there was a chain" in complaint


async def test_a_role_that_may_read_and_not_alter_is_told_who_can(server18: Database, dsn: str) -> None:
    role = f"reader{abs(hash(dsn)) % 10**8}"
    server18.execute(f"CREATE ROLE {role} LOGIN", "postgres")
    try:
        server18.execute(
            f"GRANT USAGE ON SCHEMA zdtui TO {role};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zdtui TO {role}"
        )
        async with Driver(PLAN, server18.dsn(role)) as driver:
            from zdtui.run.model import commands as c

            assert driver.state("one").status is StepStatus.DONE
            each = driver.plan.step("two")
            refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
            assert "may not bring it to layout 3" in refused
            assert "Open the run once as zdtui" in refused
            assert f"GRANT USAGE ON SCHEMA zdtui TO {role}" in refused
    finally:
        server18.execute(f"DROP OWNED BY {role}; DROP ROLE {role}", "postgres")
