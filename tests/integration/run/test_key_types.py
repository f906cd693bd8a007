"""Every type that a key can have: empty, one row, many, stopped in the middle and gone on with; each row exactly once."""

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BackfillAction, BatchTuning, NoRollback, Step, Walk
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepState, StepStatus

TUNING = BatchTuning(batch_rows=40, max_batch_rows=40)
MANY = 400
FLOATS = (
    "CASE g WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity' WHEN 4 THEN '-0' ELSE (g / 7.0)::text END"
)
CI = "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"

TYPES = {
    "int[]": ("", "int[]", "ARRAY[g % 7, g]"),
    "text[]": ("", "text[]", "ARRAY['a' || g % 7, NULL, '{,\"' || g]"),
    "int[][]": ("", "int[]", "ARRAY[ARRAY[g % 7, g], ARRAY[g, g]]"),
    "int4range": ("", "int4range", "int4range(g, g + g % 9 + 1)"),
    "daterange": ("", "daterange", "daterange(date '2020-01-01' + g, CASE WHEN g % 3 > 0 THEN date '2030-01-01' END)"),
    "multirange": ("", "int4multirange", "int4multirange(int4range(g, g + 1), int4range(g + 5, g + 9))"),
    "composite": ("CREATE TYPE pair AS (a int, b text)", "pair", "ROW(g % 7, 'b \"' || g)::pair"),
    "domain": ("CREATE DOMAIN code AS text CHECK (VALUE <> '')", "code", "'c' || g"),
    "enum": ("", "mood", "('m' || g)::mood"),
    "uuid": ("", "uuid", "md5(g::text)::uuid"),
    "bit": ("", "bit(20)", "g::bit(20)"),
    "varbit": ("", "varbit", "substring(g::bit(20) FROM 20 - g % 12)::varbit || g::bit(12)"),
    "money": ("", "money", "(g * 1000.01)::numeric::money"),
    "double precision": ("", "double precision", f"({FLOATS})::float8"),
    "real": ("", "real", f"({FLOATS})::real"),
    "numeric": ("", "numeric", "CASE g WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity' ELSE g / 7.0 END"),
    "timestamp": ("", "timestamp", "CASE g WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE '2026-03-29'::timestamp + g * interval '1.000001 s' END"),
    "time": ("", "time", "'00:00'::time + g * interval '1.000001 s'"),
    "timetz": ("", "timetz", "('00:00'::time + g * interval '1.000001 s')::text::timetz"),
    "interval": ("", "interval", "g * interval '1 month 1.000001 s'"),
    "char(n)": ("", "char(10)", "'c' || g || repeat(' ', g % 3)"),
    "varchar": ("", "varchar(20)", "'c' || g || repeat(' ', g % 3)"),
    "name": ("", "name", "'n' || g"),
    "odd text": ("", "text", "E'\\'\\\\\\n\\t\\x01%$1:x' || g || E'\\r\\u2028'"),
    "nondeterministic": (CI, "text COLLATE ci", "'É' || CASE g % 2 WHEN 0 THEN 'A' ELSE 'b' END || g"),
    "bytea": ("", "bytea", "decode(md5(g::text) || '005c27', 'hex')"),
    "inet": ("", "inet", "'10.0.0.0'::inet + g"),
    "macaddr": ("", "macaddr", "('08:00:2b:01:' || lpad(to_hex(g / 256), 2, '0') || ':' || lpad(to_hex(g % 256), 2, '0'))::macaddr"),
    "jsonb": ("", "jsonb", "jsonb_build_object('a', g % 7, 'b', 'x' || g)"),
    "tsvector": ("", "tsvector", "to_tsvector('simple', 'word' || g || ' other')"),
    "pg_lsn": ("", "pg_lsn", "'0/0'::pg_lsn + g"),
    "oid": ("", "oid", "(4294960000 + g)::oid"),
    "xid8": ("", "xid8", "(g * 10000000000)::text::xid8"),
    "citext": ("CREATE EXTENSION IF NOT EXISTS citext", "citext", "'C' || g"),
}  # fmt: skip
ENUM = "CREATE TYPE mood AS ENUM (" + ", ".join(f"'m{(number * 7) % MANY + 1}'" for number in range(MANY)) + ")"


def fill(table: str, where: str | None, walk: Walk = Walk.AUTO) -> Step:
    given = (("x", "v"), ("n", "n + 1")) if where else (("n", "n + 1"),)
    tuning = TUNING.model_copy(update={"walk": walk})
    return step(
        f"{table}-{walk}-{'where' if where else 'all'}",
        BackfillAction(table=table, assignments=given, where=where, tuning=tuning),
        NoRollback(reason="a test"),
    )


@pytest.mark.parametrize("name", TYPES)
async def test_every_row_once_whatever_the_type_of_the_key(server18: Database, name: str) -> None:
    dsn, (make, kind, value) = server18.dsn(), TYPES[name]
    try:
        await do(dsn, ENUM if name == "enum" else make or "SELECT 1")
    except psycopg.errors.FeatureNotSupported as error:
        pytest.skip(str(error))
    sizes = {"none": 0, "one": 1, "many": MANY}
    for table, rows in sizes.items():
        await do(dsn, f"CREATE TABLE {table} (id {kind} PRIMARY KEY, v int, x int, n int NOT NULL DEFAULT 0)")
        await do(
            dsn, f"INSERT INTO {table} (id, v) SELECT {value}, g FROM generate_series(1, {rows}) AS g; ANALYZE {table}"
        )
    ways = ((None, Walk.KEY), ("x IS NULL", Walk.KEY), ("x IS NULL", Walk.AUTO))
    steps = [fill(table, where, walk) for table in sizes for where, walk in ways]
    async with Driver(plan_of(*steps), dsn) as driver:
        for each in steps:
            assert isinstance(each.action, BackfillAction)
            table = each.action.table
            await do(dsn, f"UPDATE {table} SET x = NULL, n = 0")
            state = await stopped_in_the_middle(driver, each)
            assert state.status is StepStatus.DONE, state.message
            assert (state.rows or 0) == sizes[table]
            assert await ask(dsn, f"SELECT count(*) FROM {table} WHERE n <> 1") == 0


async def stopped_in_the_middle(driver: Driver, each: Step) -> StepState:
    """Run it, pausing at the first batch; the state when it is over."""
    driver.start(each.id)
    state = driver.state
    await driver.until(
        lambda: (driver.stage.work and driver.stage.work.activity.progress) or state(each.id).status is StepStatus.DONE
    )
    driver.conductor.submit(c.Pause())
    await driver.until(lambda: driver.stage.working is None and state(each.id).attempt)
    return state(each.id) if state(each.id).status is not StepStatus.HELD else await driver.run(each.id)


async def test_a_key_without_overlaps_is_filled_where_a_row_can_be_told_and_else_says_what_it_lacks(
    server18: Database,
) -> None:
    dsn = server18.dsn()
    await do(
        dsn,
        "CREATE TABLE lease (room int4range, during daterange,"
        " n int NOT NULL DEFAULT 0, x int, PRIMARY KEY (room, during WITHOUT OVERLAPS));"
        "INSERT INTO lease (room, during) SELECT int4range(g % 20, g % 20 + 1),"
        " daterange(date '2020-01-01' + g / 20, date '2020-01-02' + g / 20) FROM generate_series(0, 1999) g",
    )
    told = step("fill", BackfillAction(table="lease", assignments=(("x", "lower(room)"),), where="x IS NULL"))
    count = step("count", BackfillAction(table="lease", assignments=(("n", "n + 1"),)))
    async with Driver(plan_of(told, count), dsn) as driver:
        assert (await driver.run("fill")).rows == 2000
        state = await driver.run("count")
        assert state.status is StepStatus.FAILED
        assert "lease_pkey (WITHOUT OVERLAPS) has no order to walk by" in state.message
        await do(dsn, "CREATE UNIQUE INDEX lease_walk ON lease (room, during)")
        assert (await driver.run("count")).rows == 2000
    assert await ask(dsn, "SELECT bool_and(n = 1 AND x = lower(room)) FROM lease")
