"""Tables whose rows are on several servers, and those a subscription fills: the board stops, in words, and so do steps.

Citus is stood in for by what zdtui asks it for: its lists, pg_dist_partition and pg_dist_shard, made in pg_catalog by a
superuser with allow_system_table_mods. A subscription is a real one that never connects.
"""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.demo.embedded import SUPERUSER
from zdtui.plan.model import BackfillAction, CheckAction, CopyAction, NoRollback, Step
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.board import Outcome

CITUS = """
SET allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass NOT NULL, partmethod "char");
CREATE TABLE pg_catalog.pg_dist_shard (logicalrelid regclass NOT NULL, shardid bigint);
GRANT SELECT ON pg_catalog.pg_dist_partition, pg_catalog.pg_dist_shard TO public;
"""
FILL = BackfillAction(table="t", assignments=(("x", "v"),), where="x IS NULL")


def fill(table: str = "t") -> Step:
    return step("fill", FILL.model_copy(update={"table": table}), NoRollback(reason="a test"))


@pytest.fixture
async def dsn(server: Database) -> str:
    made = server.dsn()
    await do(
        made, "CREATE TABLE t (id int PRIMARY KEY, v int, x int); CREATE TABLE plain (id int PRIMARY KEY, v int, x int)"
    )
    await do(made, "CREATE TABLE t_102008 (LIKE t); CREATE INDEX t_v ON t (v)")
    await do(made, "CREATE TABLE p (id int PRIMARY KEY, v int, x int) PARTITION BY RANGE (id)")
    await do(made, "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (100)")
    return made


@pytest.fixture
async def citus(server: Database, dsn: str) -> str:
    await do(server.dsn(SUPERUSER), CITUS)
    await do(
        server.dsn(SUPERUSER),
        "INSERT INTO pg_catalog.pg_dist_partition VALUES ('t', 'h'), ('p_1', 'h');"
        "INSERT INTO pg_catalog.pg_dist_shard VALUES ('t', 102008)",
    )
    return dsn


async def board(driver: Driver) -> dict[str, tuple[Outcome, str]]:
    """The board's checks, asked now."""
    before = driver.stage.board
    driver.conductor.submit(c.RefreshBoard())
    await driver.until(lambda: driver.stage.board is not None and driver.stage.board is not before)
    return {check.name: (check.outcome, check.finding) for check in driver.stage.board.checks}


@pytest.mark.parametrize(
    ("each", "named"),
    [
        (fill(), "public.t"),
        (fill("t_102008"), "public.t_102008"),
        (fill("p"), "public.p_1 (part of p)"),
        (sql_step("add", "ALTER TABLE t ADD COLUMN y int"), "public.t"),
        (sql_step("index", "CREATE INDEX CONCURRENTLY t_x ON t (x)"), "public.t"),
        (sql_step("drop", "DROP INDEX t_v"), "public.t"),
        (sql_step("both", "DROP TABLE plain, t"), "public.t"),
        (sql_step("fk", "ALTER TABLE plain ADD FOREIGN KEY (v) REFERENCES t (id) NOT VALID"), "public.t"),
        (sql_step("back", "SELECT 1", "ALTER TABLE t DROP COLUMN x"), "public.t"),
        (step("copy", CopyAction(source="plain", into="t", columns=(("id", "id"),))), "public.t"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
async def test_a_distributed_table_stops_the_board(citus: str, each: Step, named: str) -> None:
    async with Driver(plan_of(each), citus) as driver:
        outcome, finding = (await board(driver))["where the rows are"]
        assert outcome is Outcome.STOP
        assert f"{named} is distributed by Citus" in finding
        said = await driver.refusal(c.RunStep(each.id, step_digest(driver.plan.step(each.id)), str(each.id)))
        assert "no go: where the rows are" in said


async def test_a_table_that_is_not_distributed_is_none_of_it(citus: str) -> None:
    async with Driver(plan_of(fill("plain"), sql_step("add", "ALTER TABLE plain ADD COLUMN y int")), citus) as driver:
        assert (await board(driver))["where the rows are"][0] is Outcome.OK
        assert (await driver.run("fill")).status is StepStatus.DONE
        assert (await driver.run("add")).status is StepStatus.DONE


async def test_a_table_that_is_distributed_after_the_board_was_asked_is_not_locked(server: Database, dsn: str) -> None:
    await do(server.dsn(SUPERUSER), CITUS)
    steps = (sql_step("first", "SELECT 1"), sql_step("add", "ALTER TABLE t ADD COLUMN y int"))
    async with Driver(plan_of(*steps), dsn) as driver:
        await driver.run("first")
        await do(server.dsn(SUPERUSER), "INSERT INTO pg_catalog.pg_dist_partition VALUES ('t', 'h')")
        state = await driver.run("add")
        assert state.status is StepStatus.FAILED
        assert "public.t is distributed by Citus" in state.message
        assert "lock awaited" not in [each.event.kind for each in await driver.journal()]


async def test_a_list_that_cannot_be_read_is_not_an_empty_one(server: Database, citus: str) -> None:
    await do(server.dsn(SUPERUSER), "REVOKE ALL ON pg_catalog.pg_dist_partition FROM public")
    async with Driver(plan_of(fill("plain")), citus) as driver:
        outcome, finding = (await board(driver))["where the rows are"]
        assert outcome is Outcome.STOP
        assert "could not be seen" in finding


async def test_a_foreign_table_stops_the_board(server: Database, dsn: str) -> None:
    await do(
        server.dsn(SUPERUSER), "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere"
    )
    await do(server.dsn(SUPERUSER), "GRANT USAGE ON FOREIGN SERVER far TO zdtui")
    await do(dsn, "CREATE TABLE q (id int, v int, x int) PARTITION BY RANGE (id)")
    await do(dsn, "CREATE FOREIGN TABLE q_2 PARTITION OF q FOR VALUES FROM (100) TO (200) SERVER far")
    async with Driver(plan_of(sql_step("add", "ALTER TABLE q ADD COLUMN y int")), dsn) as driver:
        outcome, finding = (await board(driver))["where the rows are"]
        assert outcome is Outcome.STOP
        assert "public.q_2 (part of q) is a foreign table" in finding


async def test_row_security_stops_the_board_for_what_counts_on_every_row_and_warns_of_statements(dsn: str) -> None:
    await do(dsn, "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY")
    await do(dsn, "CREATE POLICY own ON t USING (id % 4 = 1)")
    for each in (fill(), step("look", CheckAction(query="SELECT count(*) > 0 FROM t"))):
        async with Driver(plan_of(each), dsn) as driver:
            outcome, finding = (await board(driver))["row security"]
            assert outcome is Outcome.STOP
            assert "hides rows of public.t" in finding
    async with Driver(plan_of(sql_step("set", "UPDATE t SET x = 1")), dsn) as driver:
        assert (await board(driver))["row security"][0] is Outcome.WARN


async def test_a_view_stops_the_board(dsn: str) -> None:
    await do(dsn, "CREATE VIEW shown AS SELECT * FROM t")
    async with Driver(plan_of(fill("shown")), dsn) as driver:
        assert (await board(driver))["what is filled"] == (
            Outcome.STOP,
            "public.shown is a view: name the table it shows (public.t)",
        )


async def test_what_an_earlier_step_may_put_right_is_a_warning(dsn: str) -> None:
    await do(dsn, "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY")
    await do(dsn, "CREATE POLICY own ON t USING (id % 4 = 1)")
    seen = sql_step("seen", "ALTER TABLE t NO FORCE ROW LEVEL SECURITY")
    async with Driver(plan_of(seen, fill()), dsn) as driver:
        assert (await board(driver))["row security"][0] is Outcome.WARN
        assert (await driver.run("seen")).status is StepStatus.DONE
        assert (await driver.run("fill")).status is StepStatus.DONE


async def test_a_view_that_a_later_step_fills_stops_that_step_and_no_other(dsn: str) -> None:
    await do(dsn, "CREATE VIEW shown AS SELECT * FROM t")
    async with Driver(plan_of(sql_step("add", "ALTER TABLE t ADD COLUMN y int"), fill("shown")), dsn) as driver:
        outcome, finding = (await board(driver))["what is filled"]
        assert outcome is Outcome.WARN
        assert "a later step would be refused" in finding
        assert (await driver.run("add")).status is StepStatus.DONE
        state = await driver.run("fill")
        assert state.status is StepStatus.FAILED
        assert "public.shown is a view: name the table it shows (public.t)" in state.message


SUBSCRIBED = """
CREATE SUBSCRIPTION far CONNECTION 'host=127.0.0.1 port=1 dbname=x password=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
SET allow_system_table_mods = on;
INSERT INTO pg_catalog.pg_subscription_rel (srsubid, srrelid, srsubstate)
SELECT oid, 't'::regclass, 'r' FROM pg_catalog.pg_subscription WHERE subname = 'far';
"""
UNSUBSCRIBED = "DELETE FROM pg_catalog.pg_subscription_rel; DROP SUBSCRIPTION IF EXISTS far"


@pytest.mark.parametrize(
    ("sql", "outcome"),
    [
        ("ALTER TABLE t DROP COLUMN x", Outcome.STOP),
        ("ALTER TABLE t RENAME COLUMN x TO y", Outcome.STOP),
        ("ALTER TABLE t ALTER COLUMN x TYPE bigint", Outcome.STOP),
        ("ALTER TABLE t ADD COLUMN y int NOT NULL", Outcome.STOP),
        ("DROP TABLE t", Outcome.STOP),
        ("CREATE INDEX CONCURRENTLY t_x ON t (x)", Outcome.OK),
        ("ALTER TABLE t ADD COLUMN y int", Outcome.OK),
        ("ALTER TABLE plain DROP COLUMN x; ALTER TABLE t VALIDATE CONSTRAINT t_pkey", Outcome.OK),
    ],
)
async def test_what_a_subscription_fills_is_not_taken_from_it(
    server: Database, dsn: str, sql: str, outcome: Outcome
) -> None:
    admin = server.dsn(SUPERUSER)
    await do(admin, SUBSCRIBED)
    try:
        async with Driver(plan_of(sql_step("change", sql)), dsn) as driver:
            found, finding = (await board(driver))["subscriptions"]
            assert found is outcome, finding
            assert outcome is Outcome.OK or "public.t is filled by subscription far" in finding
    finally:
        await do(admin, UNSUBSCRIBED)


async def test_a_column_that_the_plan_added_may_be_filled_on_a_subscriber(server: Database, dsn: str) -> None:
    admin = server.dsn(SUPERUSER)
    await do(admin, SUBSCRIBED)
    try:
        filled = step("fill", BackfillAction(table="t", assignments=(("y", "v"),), where="y IS NULL"))
        async with Driver(plan_of(sql_step("add", "ALTER TABLE t ADD COLUMN y int"), filled), dsn) as driver:
            assert (await board(driver))["subscriptions"][0] is Outcome.OK
        async with Driver(plan_of(fill()), dsn) as driver:
            assert (await board(driver))["subscriptions"][0] is Outcome.STOP
    finally:
        await do(admin, UNSUBSCRIBED)
        assert await ask(admin, "SELECT count(*) FROM pg_subscription WHERE subname = 'far'") == 0
