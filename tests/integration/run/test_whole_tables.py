"""All rows, or a sentence why not: what hides rows, keeps them elsewhere or leaves them as they are is never DONE."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.demo.embedded import SUPERUSER
from zdtui.plan.model import BackfillAction, BatchTuning, CheckAction, NoRollback, Step
from zdtui.run.model.state import StepStatus

SMALL = BatchTuning(batch_rows=100, max_batch_rows=100)
FOREIGN = "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere; GRANT USAGE ON FOREIGN SERVER far TO zdtui"
ROWS = "INSERT INTO t (id, v) SELECT g, g FROM generate_series(1, 300) AS g"


def fill(table: str = "t", **fields: object) -> Step:
    given = {"assignments": (("x", "v"),), "where": "x IS NULL", "tuning": SMALL, **fields}
    return step("fill", BackfillAction(table=table, **given), NoRollback(reason="a test"))


async def failing(dsn: str, each: Step) -> str:
    """Run the one step, which the board has to stop or which has to fail; the sentence."""
    async with Driver(plan_of(each), dsn) as driver:
        driver.start(each.id)
        await driver.until(lambda: driver.stage.refusal or driver.state(each.id).status is StepStatus.FAILED)
        return str(driver.stage.refusal or driver.state(each.id).message)


@pytest.fixture
async def hidden(server: Database) -> str:
    """A database whose operator owns a table of which a policy shows a quarter even to the owner."""
    dsn = server.dsn()
    await do(
        dsn, "CREATE TABLE t (id int PRIMARY KEY, tenant int, v int, x int); ALTER TABLE t ENABLE ROW LEVEL SECURITY"
    )
    await do(dsn, "INSERT INTO t SELECT g, g % 4, g FROM generate_series(1, 400) AS g")
    await do(dsn, "CREATE POLICY own ON t USING (tenant = 1); ALTER TABLE t FORCE ROW LEVEL SECURITY")
    return dsn


@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_row_security_that_hides_rows_stops_a_backfill(hidden: str, where: str | None) -> None:
    said = await failing(hidden, fill(where=where))
    assert "row security hides rows of public.t" in said
    assert "BYPASSRLS" in said
    await do(hidden, "ALTER TABLE t NO FORCE ROW LEVEL SECURITY")
    assert await ask(hidden, "SELECT count(x)::int FROM t") == 0


@pytest.mark.parametrize("query", ["SELECT count(*) = 100 FROM t", "SELECT count(*) = 100 FROM seen"])
async def test_row_security_that_hides_rows_stops_checks_and_verify_queries(hidden: str, query: str) -> None:
    await do(hidden, "CREATE VIEW seen AS SELECT * FROM t; CREATE TABLE other (id int PRIMARY KEY, v int, x int)")
    said = await failing(hidden, step("look", CheckAction(query=query)))
    assert "row security hides rows" in said or "row-level security" in said
    assert "BYPASSRLS" in said
    said = await failing(hidden, fill("other").model_copy(update={"verify": (query,)}))
    assert "BYPASSRLS" in said


async def test_row_security_in_a_subquery_of_a_backfill_is_refused_by_the_server(hidden: str) -> None:
    await do(hidden, "CREATE TABLE other (id int PRIMARY KEY, x int); INSERT INTO other SELECT generate_series(1, 400)")
    wrong = fill("other", assignments=(("x", "(SELECT t.v FROM t WHERE t.id = other.id)"),), where=None)
    assert "BYPASSRLS" in await failing(hidden, wrong)
    assert await ask(hidden, "SELECT count(x)::int FROM other") == 0


async def test_row_security_that_hides_nothing_from_the_role_is_no_stop(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int PRIMARY KEY, v int, x int); {ROWS}; ALTER TABLE t ENABLE ROW LEVEL SECURITY")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).rows == 300


async def test_a_view_says_which_table_to_name(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int PRIMARY KEY, v int, x int); {ROWS}")
    await do(dsn, "CREATE VIEW shown AS SELECT * FROM t; CREATE MATERIALIZED VIEW kept AS SELECT * FROM t")
    await do(dsn, "CREATE UNIQUE INDEX ON kept (id)")
    assert "public.shown is a view: name the table it shows (public.t)" in await failing(dsn, fill("shown"))


async def test_a_materialized_view_is_not_called_done(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int PRIMARY KEY, v int, x int); {ROWS}")
    await do(dsn, "CREATE MATERIALIZED VIEW kept AS SELECT * FROM t; CREATE UNIQUE INDEX ON kept (id)")
    assert "public.kept is a materialized view" in await failing(dsn, fill("kept"))


@pytest.mark.parametrize("rule", ["INSTEAD NOTHING", "INSTEAD INSERT INTO other VALUES (1)"])
async def test_a_rule_that_does_something_else_is_not_called_done(server: Database, rule: str) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int PRIMARY KEY, v int, x int); {ROWS}; CREATE TABLE other (id int)")
    await do(dsn, f"CREATE RULE keep AS ON UPDATE TO t DO {rule}")
    assert "rule that does something else instead of an UPDATE (keep)" in await failing(dsn, fill())


async def test_a_foreign_table_and_a_foreign_partition_are_named(server: Database) -> None:
    dsn = server.dsn()
    await do(server.dsn(SUPERUSER), FOREIGN)
    await do(dsn, "CREATE FOREIGN TABLE away (id int, v int, x int) SERVER far")
    await do(dsn, "CREATE TABLE t (id int NOT NULL, v int, x int) PARTITION BY RANGE (id)")
    await do(dsn, "CREATE TABLE t_here PARTITION OF t FOR VALUES FROM (0) TO (1000)")
    await do(dsn, "CREATE FOREIGN TABLE t_away PARTITION OF t FOR VALUES FROM (1000) TO (2000) SERVER far")
    await do(dsn, ROWS)
    assert "public.away is a foreign table: its rows are on another server (far)" in await failing(dsn, fill("away"))


async def test_a_foreign_partition_is_named(server: Database) -> None:
    dsn = server.dsn()
    await do(server.dsn(SUPERUSER), FOREIGN)
    await do(dsn, "CREATE TABLE t (id int NOT NULL, v int, x int) PARTITION BY RANGE (id)")
    await do(dsn, "CREATE TABLE t_here PARTITION OF t FOR VALUES FROM (0) TO (1000)")
    await do(dsn, "CREATE FOREIGN TABLE t_away PARTITION OF t FOR VALUES FROM (1000) TO (2000) SERVER far")
    await do(dsn, ROWS)
    assert "public.t_away (part of t) is a foreign table" in await failing(dsn, fill())


@pytest.mark.parametrize("where", [None, "x IS NULL"])
@pytest.mark.parametrize("key", [(), ("no",)])
async def test_a_key_that_set_changes_is_refused_with_the_way_out(
    server: Database, where: str | None, key: tuple[str, ...]
) -> None:
    dsn = server.dsn()
    await do(
        dsn, "CREATE TABLE t (no bigint PRIMARY KEY, x int); INSERT INTO t SELECT g FROM generate_series(1, 2000) g"
    )
    shift = fill(assignments=(("no", "no + 1000000"), ("x", "1")), where=where, key=key)
    said = await failing(dsn, shift)
    assert "`set` changes no, a column of the key that public.t is walked by (no)" in said
    assert "name in `key:`" in said
    assert await ask(dsn, "SELECT max(no)::int FROM t") == 2000


async def test_another_key_is_taken_where_set_changes_the_primary_one(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (no bigint PRIMARY KEY, other uuid NOT NULL UNIQUE, n int NOT NULL DEFAULT 0)")
    await do(dsn, "INSERT INTO t SELECT g, md5(g::text)::uuid FROM generate_series(1, 2000) AS g")
    async with Driver(plan_of(fill(assignments=(("no", "no + 1000000"), ("n", "n + 1")), where=None)), dsn) as driver:
        assert (await driver.run("fill")).rows == 2000
    assert await ask(dsn, "SELECT bool_and(n = 1 AND no > 1000000) FROM t")


async def test_a_key_that_is_generated_from_what_set_changes_is_refused(server: Database) -> None:
    dsn = server.dsn()
    made = "id int GENERATED ALWAYS AS (v * 1000) STORED PRIMARY KEY"
    await do(dsn, f"CREATE TABLE t (v int, x int, {made}); INSERT INTO t (v) SELECT generate_series(1, 1000)")
    assert "`set` changes id" in await failing(dsn, fill(assignments=(("v", "v + 500"),), where=None))


@pytest.mark.parametrize("by", ["LIST (state)", "LIST ((upper(state)))"])
async def test_what_decides_in_which_partition_a_row_is_cannot_be_set(server: Database, by: str) -> None:
    dsn = server.dsn()
    await do(dsn, f"CREATE TABLE t (id int NOT NULL, state text NOT NULL, v int, x int) PARTITION BY {by}")
    await do(
        dsn, "CREATE TABLE t_all PARTITION OF t DEFAULT; INSERT INTO t SELECT g, 'a', g FROM generate_series(1, 9) g"
    )
    said = await failing(dsn, fill(assignments=(("state", "'b'"), ("x", "v"))))
    assert "`set` changes state, which decides in which partition of t a row is" in said


async def test_a_partitioned_table_without_a_partition_is_proved_to_be_empty(server: Database) -> None:
    dsn = server.dsn()
    await do(dsn, "CREATE TABLE t (id int NOT NULL, v int, x int) PARTITION BY RANGE (id)")
    async with Driver(plan_of(fill()), dsn) as driver:
        assert (await driver.run("fill")).status is StepStatus.DONE
