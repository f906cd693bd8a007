"""Every key type and table shape, beside an application that writes: no row missed, doubled or torn."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.corpus.servers import MissingServerError, running
from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from tests.integration.run.shaped_tables import DUAL_WRITE, SHAPES, Shape, Writer, of_type
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction, NoRollback, Step
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

TUNING = BatchTuning(batch_rows=100, max_batch_rows=100)
CUT_OFF = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE application_name IN ('zdtui tour', 'zdtui tour worker') AND datname = current_database()
"""
KEYED = [name for name, shape in SHAPES.items() if not shape.keyless and name != "inherited"]
COPIED = [
    "bigint",
    "uuid",
    "text unicode",
    "timestamptz",
    "composite",
    "mixed directions",
    "range partitions",
    "quoted",
]


async def made(dsn: str, shape: Shape) -> None:
    """Make the table and its rows."""
    if shape.session:
        name = await ask(dsn, "SELECT current_database()")
        await do(dsn, f'ALTER DATABASE "{name}" SET {shape.session}')
    for statement in shape.create:
        await do(dsn, statement)
    await do(dsn, shape.insert.replace("{rows}", str(shape.rows)))
    await do(dsn, "ANALYZE")


def fill(shape: Shape, where: str | None = "x IS NULL", **tuning: object) -> Step:
    given = (("x", "v"), ("n", "n + 1")) if where else (("n", "n + 1"),)
    action = BackfillAction(
        table=shape.table, assignments=given, where=where, key=shape.key, tuning=TUNING.model_copy(update=tuning)
    )
    return step("fill", action, NoRollback(reason="a test"))


async def everything_is_right(dsn: str, table: str) -> None:
    """Every row has its new value, and got it once."""
    assert await ask(dsn, f"SELECT count(*) FROM {table} WHERE x IS DISTINCT FROM v OR n <> 1") == 0


@pytest.mark.parametrize("name", SHAPES)
async def test_with_a_dual_write_every_row_is_filled_once(server18: Database, name: str) -> None:
    dsn, shape = server18.dsn(), SHAPES[name]
    await made(dsn, shape)
    await do(dsn, DUAL_WRITE.format(table=shape.table))
    if name == "inherited":
        await do(dsn, "CREATE TRIGGER fill_x BEFORE INSERT OR UPDATE ON t_child FOR EACH ROW EXECUTE FUNCTION fill_x()")
    with Writer(dsn, shape.table) as writer:
        async with Driver(plan_of(fill(shape)), dsn) as driver:
            state = await driver.run("fill")
            assert state.status is StepStatus.DONE, state.message
    assert not writer.wrong
    await everything_is_right(dsn, shape.table)
    assert (await ask(dsn, "SELECT coalesce(sum(rows), 0)::int FROM zdtui.checkpoint")) == (state.rows or 0)


@pytest.mark.parametrize("name", KEYED)
async def test_without_a_where_every_row_is_changed_once_though_rows_move(server18: Database, name: str) -> None:
    dsn, shape = server18.dsn(), SHAPES[name]
    await made(dsn, shape)
    rows = await ask(dsn, f"SELECT count(*) FROM {shape.table}")
    with Writer(dsn, shape.table, only_moves=True) as writer:
        async with Driver(plan_of(fill(shape, where=None, workers=2)), dsn) as driver:
            state = await driver.run("fill")
            assert state.status is StepStatus.DONE, state.message
    assert not writer.wrong
    assert (state.rows or 0) == rows
    assert await ask(dsn, f"SELECT count(*) FROM {shape.table} WHERE n <> 1") == 0


@pytest.mark.parametrize(
    ("name", "workers"),
    [("bigint", 1), ("no key", 1), ("uuid", 1), ("range partitions", 1), ("range partitions", 3), ("composite", 1)],
)
async def test_cut_off_again_and_again_it_goes_on_and_changes_every_row_once(
    server18: Database, name: str, workers: int
) -> None:
    dsn, shape = server18.dsn(), SHAPES[name]
    await made(dsn, shape)
    with Writer(dsn, shape.table, only_moves=True):
        async with Driver(plan_of(fill(shape, batch_rows=20, max_batch_rows=20, workers=workers)), dsn) as driver:
            cut = 0
            for batches in (3, 40, 90):
                driver.start("fill")
                await until_batch(driver, batches)
                cut += await ask(dsn, CUT_OFF)
                await driver.until(lambda: driver.stage.working is None)
                await driver.until(
                    lambda: (
                        driver.stage.connection_state is ConnectionState.CONNECTED
                        and driver.stage.console_role is ConsoleRole.CONDUCTOR
                    )
                )
            state = driver.state("fill")
            if state.status is not StepStatus.DONE:
                state = await driver.run("fill")
            assert state.status is StepStatus.DONE, state.message
    assert cut >= 2
    assert state.rows == shape.rows
    await everything_is_right(dsn, shape.table)


async def test_a_where_that_matches_one_row_in_ten_thousand(server18: Database) -> None:
    dsn, shape = server18.dsn(), SHAPES["bigint"]
    await made(dsn, shape)
    await do(dsn, "INSERT INTO t (id, v) SELECT g, 1 FROM generate_series(10000, 59999) AS g")
    await do(dsn, "UPDATE t SET x = v, n = 1 WHERE id % 10000 <> 7")
    async with Driver(plan_of(fill(shape)), dsn) as driver:
        assert (await driver.run("fill")).rows == 6
    await everything_is_right(dsn, "t")


@pytest.mark.parametrize("name", COPIED)
async def test_a_copy_takes_every_row_once(server18: Database, name: str) -> None:
    dsn, shape = server18.dsn(), SHAPES[name]
    await made(dsn, shape)
    await do(dsn, f"CREATE TABLE target (LIKE {shape.table} INCLUDING CONSTRAINTS)")
    rows = await columns_of(dsn, shape.table)
    columns = tuple((f'"{column}"', f'"{column}"') for column in rows)
    action = CopyAction(source=shape.table, into="target", columns=columns, key=shape.key, tuning=TUNING)
    async with Driver(plan_of(step("copy", action, NoRollback(reason="a test"))), dsn) as driver:
        driver.start("copy")
        await driver.until(lambda: driver.stage.work and driver.stage.work.activity.progress)
        driver.conductor.submit(c.Pause())
        await driver.until(lambda: driver.stage.working is None)
        state = driver.state("copy")
        if state.status is not StepStatus.DONE:
            assert state.hold is e.HoldKind.PAUSED
            state = await driver.run("copy")
        assert state.rows == shape.rows
    listed = ", ".join(column for column, _ in columns)
    missing = f"(SELECT {listed} FROM {shape.table} EXCEPT ALL SELECT {listed} FROM target) AS m"
    assert await ask(dsn, f"SELECT count(*) FROM {missing}") == 0
    assert await ask(dsn, "SELECT count(*)::int FROM target") == shape.rows


async def until_batch(driver: Driver, number: int) -> None:
    """Wait until so many batches are committed, or all."""
    await driver.until(lambda: batches_of(driver) >= number or driver.state("fill").status is StepStatus.DONE)


def batches_of(driver: Driver) -> int:
    """Committed so far, while the step works."""
    work = driver.stage.work
    return 0 if work is None or work.activity.progress is None else work.activity.progress.batches


async def columns_of(dsn: str, table: str) -> list[str]:
    """The table's columns that can be written."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        cursor = await connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = ''",
            [table],
        )
        return [row[0] for row in await cursor.fetchall()]


@pytest.fixture(scope="module")
def dsn14() -> Iterator[str]:
    """PostgreSQL 14, the first that reads a range of pages, built with ICU; skipped where it cannot be had."""
    try:
        with running(14) as cluster:
            yield cluster.dsn()
    except MissingServerError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("where", ["x IS NULL", None])
async def test_a_linguistic_collation_on_the_first_version_that_has_stripes(dsn14: str, where: str | None) -> None:
    kind = 'text COLLATE "und-x-icu"'
    shape = of_type(kind, "chr(97 + g % 26) || g || chr(228 + g % 20) || CASE g % 2 WHEN 0 THEN 'É' ELSE 'e' END")
    await do(dsn14, "DROP TABLE IF EXISTS t; DROP SCHEMA IF EXISTS zdtui CASCADE")
    await made(dsn14, shape)
    with Writer(dsn14, "t", only_moves=True) as writer:
        async with Driver(plan_of(fill(shape, where=where)), dsn14) as driver:
            assert (await driver.run("fill")).rows == shape.rows
    assert not writer.wrong
    assert await ask(dsn14, "SELECT count(*) FROM t WHERE n <> 1") == 0
