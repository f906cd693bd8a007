"""Imported plans run forward, back and forward; the tool's history is what the tool would have written, and it agrees."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask
from tests.unit.importing.folders_of import FOLDERS, lay
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.run.model.state import StepStatus

BY_ITSELF = sorted(set(FOLDERS) - {"sqitch", "atlas"})
"""Tools whose history is made by the plan; the others make theirs themselves."""
HISTORY = {
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


def said_by(program: str, *arguments: str, folder: Path) -> str:
    """What the tool itself prints."""
    ran = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return ran.stdout + ran.stderr


async def test_dbmate_itself_finds_nothing_pending(server18: Database, tmp_path: Path) -> None:
    dbmate = shutil.which("dbmate")
    if dbmate is None:
        pytest.skip("dbmate is not installed: npm install --global dbmate")
    folder = lay("dbmate", tmp_path)
    plan = imported(folder)
    url = f"{server18.dsn(tcp=True)}?sslmode=disable&search_path=public"
    status = ("--url", url, "--migrations-dir", str(folder), "--no-dump-schema", "status")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "Pending: 0" in said_by(dbmate, *status, folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        assert "Pending: 1" in said_by(dbmate, *status, folder=folder)


async def test_sqitch_itself_finds_nothing_to_deploy(server18: Database, tmp_path: Path) -> None:
    sqitch = shutil.which("sqitch")
    if sqitch is None:
        pytest.skip("sqitch is not installed: apt-get install sqitch libdbd-pg-perl")
    folder = lay("sqitch", tmp_path)
    target = server18.dsn(tcp=True).replace("postgresql://", "db:pg://")
    said_by(sqitch, "deploy", "--target", target, "--log-only", folder=folder)
    assert "Nothing to deploy" in said_by(sqitch, "deploy", "--target", target, "--log-only", folder=folder)
    said_by(sqitch, "revert", "--target", target, "--log-only", "-y", folder=folder)
    plan = imported(folder)
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "Nothing to deploy" in said_by(sqitch, "status", target, folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        status = said_by(sqitch, "status", target, folder=folder)
        assert "Undeployed change:\n  * index" in status
        await forward(driver)
        assert "Nothing to deploy" in said_by(sqitch, "status", target, folder=folder)


async def test_liquibase_itself_finds_nothing_to_run(server18: Database, tmp_path: Path) -> None:
    liquibase = shutil.which("liquibase")
    if liquibase is None:
        pytest.skip("liquibase is not installed: npm install --global liquibase, and put its program on the path")
    folder = lay("liquibase", tmp_path / "changes")
    plan = imported(folder)
    (tmp_path / "root.yaml").write_text(
        "databaseChangeLog:\n  - include: {file: 01.sql}\n  - include: {file: 02.sql}\n"
    )
    address = server18.dsn(tcp=True).replace("postgresql://zdtui@", "jdbc:postgresql://")
    where = (f"--search-path={tmp_path},{folder}", "--changelog-file=root.yaml", f"--url={address}", "--username=zdtui")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        status = ("--default-schema-name=public", "status")
        assert "is up to date" in said_by(liquibase, *where, *status, folder=tmp_path)
        await driver.roll_back_to(plan.steps[-1].id)
        assert "1 changeset" in said_by(liquibase, *where, *status, folder=tmp_path)
