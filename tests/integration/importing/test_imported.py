"""Imported plans run forward, back and forward; the tool's history is what the tool would have written, and it agrees."""

from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do
from tests.unit.importing.folders_of import FOLDERS, lay
from zdtui.importing.locks import GOOSE
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.run.model.state import StepStatus

BY_ITSELF = sorted(set(FOLDERS) - {"sqitch", "atlas"})
"""Tools whose history is made by the plan; the others make theirs themselves."""
HISTORY = {
    "alembic": "SELECT string_agg(version_num, ' ') FROM alembic_version",
    "rails": "SELECT string_agg(version, ' ' ORDER BY version) FROM schema_migrations",
    "golang-migrate": "SELECT version || ' ' || dirty FROM schema_migrations",
    "dbmate": "SELECT string_agg(version, ' ' ORDER BY version) FROM schema_migrations",
    "goose": "SELECT string_agg(version_id::text, ' ' ORDER BY id) FROM goose_db_version WHERE is_applied",
    "flyway": "SELECT string_agg(installed_rank || ':' || version || ':' || description, ' ' ORDER BY installed_rank)"
    " FROM flyway_schema_history WHERE success",
    "liquibase": "SELECT string_agg(author || ':' || id, ' ' ORDER BY orderexecuted) FROM databasechangelog",
    "diesel": "SELECT string_agg(version, ' ' ORDER BY version) FROM __diesel_schema_migrations",
    "sqlx": "SELECT string_agg(version || ':' || length(checksum), ' ' ORDER BY version) FROM _sqlx_migrations WHERE success",
    "prisma": "SELECT string_agg(migration_name || ':' || length(checksum), ' ' ORDER BY migration_name)"
    " FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    "drizzle": "SELECT string_agg(created_at || ':' || length(hash), ' ' ORDER BY id) FROM drizzle.__drizzle_migrations",
}
WRITTEN = {
    "alembic": ("index", "orders"),
    "rails": ("20260101000000 20260102000000 20260103000000", "20260101000000 20260102000000"),
    "golang-migrate": ("10 false", "2 false"),
    "dbmate": ("20260101 20260102 20260103", "20260101 20260102"),
    "goose": ("0 1 2 3", "0 1 2"),
    "flyway": ("1:1:users 2:1.1:orders 3:2:index", "1:1:users 2:1.1:orders"),
    "liquibase": ("ana:users ana:orders bo:index", "ana:users ana:orders"),
    "diesel": ("20260101000000 20260102000000 20260103000000", "20260101000000 20260102000000"),
    "sqlx": ("1:48 2:48 3:48", "1:48 2:48"),
    "prisma": (
        "20260101000000_users:64 20260102000000_orders:64 20260103000000_index:64",
        "20260101000000_users:64 20260102000000_orders:64",
    ),
    "drizzle": ("1767225600000:64 1767312000000:64", "1767225600000:64"),
}
"""After all of it, and after the last migration was rolled back."""


def imported(folder: Path) -> Plan:
    return parse_plan(plan_of(read_folder(folder), "imported").text, "imported.yaml")


async def forward(driver: Driver) -> None:
    for step in driver.plan.steps:
        if driver.state(step.id).status is not StepStatus.DONE:
            state = await driver.run(step.id)
            assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"


async def there_and_back(database: Database, plan: Plan, history: str, written: tuple[str, str]) -> None:
    """Forward, the last migration back, forward again, all of it back."""
    first = next(step for step in plan.steps if not step.id.startswith("history"))
    async with Driver(plan, database.dsn()) as driver:
        await forward(driver)
        assert await ask(database.dsn(), history) == written[0]
        await driver.roll_back_to(plan.steps[-1].id)
        assert await ask(database.dsn(), history) == written[1]
        await forward(driver)
        assert await ask(database.dsn(), history) == written[0]
        await driver.roll_back_to(first.id)
        assert driver.state(first.id).status is StepStatus.PENDING, driver.stage.refusal
        assert await ask(database.dsn(), "SELECT to_regclass('users') IS NULL AND to_regclass('orders') IS NULL")


@pytest.mark.parametrize("tool", BY_ITSELF)
async def test_the_history_is_what_the_tool_would_have_written(server18: Database, tool: str, tmp_path: Path) -> None:
    await there_and_back(server18, imported(lay(tool, tmp_path)), HISTORY[tool], WRITTEN[tool])


async def test_a_history_that_stopped_half_way_or_went_on_is_refused(server18: Database, tmp_path: Path) -> None:
    dsn, plan = server18.dsn(), imported(lay("golang-migrate", tmp_path))
    async with Driver(plan, dsn) as driver:
        await driver.run("history")
        await do(dsn, "INSERT INTO schema_migrations VALUES (1, true)")
        assert (await driver.run("history-is-clean")).status is StepStatus.FAILED
        await do(dsn, "UPDATE schema_migrations SET dirty = false")
        assert (await driver.run("history-is-clean")).status is StepStatus.DONE
        assert (await driver.run("history-ends-before")).status is StepStatus.FAILED


async def test_the_tool_and_a_step_never_run_together(server18: Database, tmp_path: Path) -> None:
    """The tool holds its lock: the step is tried again and again, and is done once the tool is."""
    dsn, plan = server18.dsn(), imported(lay("goose", tmp_path))
    first = plan.steps[2].id
    async with Driver(plan, dsn) as driver:
        for step in plan.steps[:2]:
            assert (await driver.run(step.id)).status is StepStatus.DONE
        async with await server18.aconnect() as tool:
            await tool.execute(f"SELECT pg_advisory_lock({GOOSE})")
            driver.start(first)
            await driver.until(
                lambda: any(line.event.kind == "attempt failed" for line in driver.stage.recorder.state.log)
            )
            assert await ask(dsn, "SELECT to_regclass('users') IS NULL")
        await driver.until(lambda: driver.state(first).status is StepStatus.DONE)


PGROLL = """
operations:
  - add_column:
      table: people
      up: upper(name)
      column: {name: shout, type: text, nullable: false}
  - create_index: {name: by_shout, table: people, columns: [shout]}
  - rename_column: {table: people, from: name, to: called}
"""


async def test_the_operations_of_pgroll_are_carried_out_and_taken_back(server18: Database, tmp_path: Path) -> None:
    dsn = server18.dsn()
    await do(dsn, "CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people VALUES (1, 'ana')")
    (tmp_path / "01_shout.yaml").write_text(PGROLL, "utf-8")
    plan = imported(tmp_path)
    fill = next(step.id for step in plan.steps if step.action.batches is not None)
    async with Driver(plan, dsn) as driver:
        for step in plan.steps:
            if step.id == fill:
                await do(dsn, "INSERT INTO people VALUES (2, 'bo')")
                assert await ask(dsn, "SELECT shout FROM people WHERE id = 2") == "BO"
            assert (await driver.run(step.id)).status is StepStatus.DONE
        assert await ask(dsn, "SELECT string_agg(shout || called, ' ' ORDER BY id) FROM people") == "ANAana BObo"
        await driver.roll_back_to(plan.steps[0].id)
        assert driver.state(plan.steps[0].id).status is StepStatus.PENDING, driver.stage.refusal
    assert await ask(
        dsn,
        "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = 'people'::regclass AND attnum > 0 AND NOT attisdropped",
    ) == ["id", "name"]
