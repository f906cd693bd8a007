"""What a comparison calls the same: every type, every kind of key, rows that no stretch of the source's keys holds."""

from functools import partial
from typing import Any

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, do, plan_of, step
from zdtui.plan.model import BatchTuning, CompareAction, NoRollback, Step
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

SMALL = BatchTuning(batch_rows=200, max_batch_rows=200)
MADE = """
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE mood_new AS ENUM ('glad', 'sad');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN short AS varchar(3);
CREATE DOMAIN price AS numeric(10, 2);
"""
SAME, DIFFERENT = "the same", "different"
VALUES = [
    ("double precision", "0.1::float8 + 0.2::float8", "double precision", "0.3", DIFFERENT),
    ("double precision", "0.1::float8 + 0.2::float8", "double precision", "0.1::float8 + 0.2::float8", SAME),
    ("double precision", "'-0'", "double precision", "'0'", DIFFERENT),
    ("double precision", "'NaN'", "double precision", "'NaN'", SAME),
    ("double precision", "'Infinity'", "double precision", "'-Infinity'", DIFFERENT),
    ("real", "'0.1'", "double precision", "'0.1'::real", SAME),
    ("real", "'0.1'", "double precision", "0.1", DIFFERENT),
    ("numeric", "1.0", "numeric", "1.000", SAME),
    ("numeric", "1.0", "numeric", "1.001", DIFFERENT),
    ("numeric", "'NaN'", "numeric", "'NaN'", SAME),
    ("numeric", "1.5", "numeric(10,2)", "1.50", SAME),
    ("int", "7", "numeric(10,2)", "7", SAME),
    ("int", "7", "price", "7", SAME),
    ("bigint", "9007199254740993", "bigint", "9007199254740992", DIFFERENT),
    ("char(5)", "'ab'", "text", "'ab'", SAME),
    ("text", "'ab'", "char(5)", "'ab'", SAME),
    ("char(3)", "'ab'", "char(9)", "'ab'", SAME),
    ("text", "'ab '", "text", "'ab'", DIFFERENT),
    ("text", "'abcdef'", "varchar(3)", "'abc'", DIFFERENT),
    ("text", "'abcdef'", "short", "'abc'", DIFFERENT),
    ("varchar(9)[]", "'{abcdef}'", "varchar(3)[]", "'{abc}'", DIFFERENT),
    ("text", "''", "text", "NULL", DIFFERENT),
    ("text", "NULL", "text", "NULL", SAME),
    ("text", "'a'", "text", "'A'", DIFFERENT),
    ("bit(5)", "B'10111'", "bit(3)", "B'101'", DIFFERENT),
    ("varbit", "B'101'", "bit(3)", "B'101'", SAME),
    ("timestamptz", "'2026-01-01 12:00+00'", "timestamptz", "'2026-01-01 14:00+02'", SAME),
    ("timestamptz", "'2026-01-01 12:00:00.000001+00'", "timestamptz", "'2026-01-01 12:00+00'", DIFFERENT),
    ("timetz", "'12:00+00'", "timetz", "'14:00+02'", DIFFERENT),
    ("interval", "'1 mon'", "interval", "'30 days'", DIFFERENT),
    ("interval", "'24:00'", "interval", "'1 day'", DIFFERENT),
    ("interval", "'1 year'", "interval", "'12 mons'", SAME),
    ("json", """'{"a":1}'""", "json", """'{"a":1}'""", SAME),
    ("json", """'{"a":1}'""", "json", """'{"a":2}'""", DIFFERENT),
    ("json", """'{"b":1, "a":2}'""", "jsonb", """'{"a":2,"b":1}'""", SAME),
    ("jsonb", """'{"a":2}'""", "jsonb", """'{"a":3}'""", DIFFERENT),
    ("int[]", "'{1,NULL}'", "int[]", "'{1,NULL}'", SAME),
    ("int[]", "'{}'", "int[]", "NULL", DIFFERENT),
    ("int[]", "'[0:1]={1,2}'", "int[]", "'{1,2}'", DIFFERENT),
    ("text[]", """'{"a,b"}'""", "text[]", "'{a,b}'", DIFFERENT),
    ("pair", "ROW(1, 'x')::pair", "pair", "ROW(1, 'x')::pair", SAME),
    ("pair", "ROW(1, NULL)::pair", "pair", "ROW(1, '')::pair", DIFFERENT),
    ("bytea", "'\\x00ff'", "bytea", "'\\x00ff'", SAME),
    ("bytea", "'\\x00ff'", "bytea", "'\\x00fe'", DIFFERENT),
    ("money", "12.34", "money", "12.34", SAME),
    ("money", "12.34", "money", "12.35", DIFFERENT),
    ("mood", "'sad'", "mood_new", "'sad'", SAME),
    ("mood", "'sad'", "mood_new", "'glad'", DIFFERENT),
    ("mood", "'sad'", "text", "'sad'", SAME),
    ("point", "'(1,2)'", "point", "'(1,2)'", SAME),
    ("point", "'(1,2)'", "point", "'(1,2.0000001)'", DIFFERENT),
    ("box", "'(1,1),(0,0)'", "box", "'(2,2),(1,1)'", DIFFERENT),
    ("circle", "'<(0,0),1>'", "circle", "'<(5,5),1>'", DIFFERENT),
    ("path", "'[(0,0),(1,1)]'", "path", "'[(0,0),(2,2)]'", DIFFERENT),
    ("polygon", "'((0,0),(1,1),(1,0))'", "polygon", "'((0,0),(1,1),(1,0))'", SAME),
    ("text", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", SAME),
    ("inet", "'10.0.0.1'", "inet", "'10.0.0.1/32'", SAME),
    ("inet", "'10.0.0.1/24'", "inet", "'10.0.0.1'", DIFFERENT),
    ("int4range", "'[1,3]'", "int4range", "'[1,4)'", SAME),
    ("tsvector", "'a b'", "tsvector", "'a c'", DIFFERENT),
    ('"char"', "'x'", '"char"', "'x'", SAME),
    ("boolean", "true", "boolean", "NULL", DIFFERENT),
    ("bigint", "5", "integer", "5", SAME),
]


@pytest.fixture
async def dsn(server: Database) -> str:
    return str(server.dsn())


def is_skipped(driver: Driver, name: str) -> bool:
    """Whether an operator has passed over the step."""
    return driver.state(name).status is StepStatus.SKIPPED


def compared(name: str = "compare", **fields: Any) -> Step:
    usual = {"source": "a", "into": "b", "columns": (("id", "id"), ("v", "v")), "tuning": SMALL}
    return step(name, CompareAction(**{**usual, **fields}), NoRollback(reason="reads only"))


@pytest.mark.parametrize("part", range(4))
async def test_values_are_the_same_when_what_is_stored_is(dsn: str, part: int) -> None:
    await do(dsn, MADE)
    await do(dsn, f"ALTER DATABASE {dsn.split('@/')[1].split('?')[0]} SET extra_float_digits = -3")
    steps = []
    for place, (old, value, new, other, _) in list(enumerate(VALUES))[part::4]:
        await do(dsn, f"CREATE TABLE a{place} (id int PRIMARY KEY, v {old}); INSERT INTO a{place} SELECT 1, {value}")
        await do(dsn, f"CREATE TABLE b{place} (id int PRIMARY KEY, v {new}); INSERT INTO b{place} SELECT 1, {other}")
        await do(dsn, f"CREATE TABLE c{place} (id int PRIMARY KEY, v {old}, w {new})")
        await do(dsn, f"INSERT INTO c{place} SELECT 1, {value}, {other}")
        steps.append(compared(f"two-{place}", source=f"a{place}", into=f"b{place}"))
        steps.append(compared(f"one-{place}", source=f"c{place}", into=f"c{place}", columns=(("w", "v"),)))
    wrong = []
    async with Driver(plan_of(*steps), dsn) as driver:
        for each in steps:
            state = await driver.run(each.id)
            old, value, new, other, right = VALUES[int(each.id.split("-")[1])]
            found = {StepStatus.DONE: SAME}.get(state.status, state.message)
            if right not in found:
                wrong.append(f"{each.id}: {old} {value} and {new} {other} should be {right}: {found}")
            if state.status is not StepStatus.DONE:
                driver.conductor.submit(c.SkipStep(each.id, "it was to differ"))
                await driver.until(partial(is_skipped, driver, each.id))
    assert wrong == []


KEYS = {
    "integers of two widths": ("int", "g", "bigint", "g"),
    "the same in two collations": ('text COLLATE "C"', "'k' || g", 'text COLLATE "C.utf8"', "'k' || g"),
    "texts and numbers": ("text", "g::text", "bigint", "g"),
    "numbers and texts": ("int", "g", "text", "g::text"),
    "texts and uuids": ("text", "upper(md5(g::text))", "uuid", "md5(g::text)::uuid"),
    "char(n) of two lengths": ("char(9)", "'k' || g", "char(12)", "'k' || g"),
    "dates": ("date", "'2000-01-01'::date + g", "timestamp", "'2000-01-01'::date + g"),
}


@pytest.mark.parametrize("kind", KEYS)
async def test_every_difference_is_found_whatever_the_keys_are(dsn: str, kind: str) -> None:
    old, value, new, other = KEYS[kind]
    await do(dsn, f"CREATE TABLE a (id {old} PRIMARY KEY, v int)")
    await do(dsn, f"INSERT INTO a SELECT {value}, g FROM generate_series(1001, 2000) g")
    await do(dsn, f"CREATE TABLE b (id {new}, v int); CREATE INDEX ON b (id)")
    await do(dsn, f"INSERT INTO b SELECT {other}, g FROM generate_series(1001, 2000) g")
    plan = plan_of(compared(), compared("again"))
    async with Driver(plan, dsn) as driver:
        state = await driver.run("compare")
        assert (state.status, state.rows) == (StepStatus.DONE, 1000), state.message
        more = f"INSERT INTO b SELECT {other}, 0 FROM unnest('{{1,9999999}}'::int[]) g"
        if kind == "dates":
            more = f"INSERT INTO b SELECT {other}, 0 FROM unnest('{{1,99999}}'::int[]) g"
        await do(dsn, more)
        await do(dsn, "UPDATE b SET v = -1 WHERE v = 1500; DELETE FROM b WHERE v = 1700")
        await do(dsn, "INSERT INTO b SELECT * FROM b WHERE v = 1600; INSERT INTO b VALUES (NULL, 7), (NULL, 7)")
        state = await driver.run("again")
        assert state.status is StepStatus.FAILED
        found = [each.event for each in await driver.journal() if isinstance(each.event, e.DriftFound)]
        named = [key.rsplit(" ", 1) for event in found for key in event.keys]
        assert sorted(how for _, how in named) == ["different"] + ["extra"] * 5 + ["missing"]
        assert ["(null)", "extra"] in named
        assert state.message.startswith("7 of 1000 rows of b")


@pytest.mark.parametrize("rows", [100, 3000])
@pytest.mark.parametrize("nulls", [1, 2])
async def test_rows_of_the_target_whose_key_is_null_are_differences(dsn: str, rows: int, nulls: int) -> None:
    await do(
        dsn, f"CREATE TABLE a (id int PRIMARY KEY, v int); INSERT INTO a SELECT g, g FROM generate_series(1, {rows}) g"
    )
    await do(dsn, "CREATE TABLE b AS TABLE a")
    await do(dsn, f"INSERT INTO b SELECT NULL, 0 FROM generate_series(1, {nulls})")
    async with Driver(plan_of(compared()), dsn) as driver:
        state = await driver.run("compare")
        assert state.status is StepStatus.FAILED
        verb = "is" if nulls == 1 else "are"
        assert f"{nulls} of {rows} rows of b {verb} not what a says: (null) extra" in state.message


async def test_a_key_of_several_columns_with_a_null_in_one_of_them(dsn: str) -> None:
    await do(dsn, "CREATE TABLE a (x int, y int, v int, PRIMARY KEY (x, y))")
    await do(dsn, "INSERT INTO a SELECT g % 7, g, g FROM generate_series(1, 1000) g; CREATE TABLE b AS TABLE a")
    await do(dsn, "INSERT INTO b VALUES (3, NULL, 1), (NULL, 3, 1), (NULL, NULL, 1)")
    columns = (("x", "x"), ("y", "y"), ("v", "v"))
    async with Driver(plan_of(compared(columns=columns)), dsn) as driver:
        state = await driver.run("compare")
        assert "3 of 1000 rows of b" in state.message
        for key in ("(3, null)", "(null, 3)", "(null, null)"):
            assert f"{key} extra" in state.message


async def test_an_empty_source_shows_what_the_target_has(dsn: str) -> None:
    await do(dsn, "CREATE TABLE a (id int PRIMARY KEY, v int); CREATE TABLE b AS TABLE a; INSERT INTO b VALUES (1, 1)")
    async with Driver(plan_of(compared()), dsn) as driver:
        assert "(1) extra" in (await driver.run("compare")).message


async def test_a_materialized_view_is_compared_by_its_unique_index(dsn: str) -> None:
    await do(
        dsn, "CREATE TABLE b (id int PRIMARY KEY, v int); INSERT INTO b SELECT g, g FROM generate_series(1, 900) g"
    )
    await do(dsn, "CREATE MATERIALIZED VIEW a AS TABLE b; CREATE UNIQUE INDEX a_id ON a (id DESC)")
    plan = plan_of(compared(key=("a_id",)), compared("again", key=("id",)))
    async with Driver(plan, dsn) as driver:
        assert (await driver.run("compare")).status is StepStatus.DONE
        await do(dsn, "UPDATE b SET v = 0 WHERE id = 450")
        assert "(450) different" in (await driver.run("again")).message
