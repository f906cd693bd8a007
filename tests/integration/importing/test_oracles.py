"""The real programs as judges: an imported plan has run, and the tool itself finds nothing pending; one back, one pending.

Each test is skipped with a sentence where its program is not to be had: three come by pip, `.ci/run` gets sqitch, and
Liquibase needs Java.
"""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fix_db import Database
from tests.integration.importing.programs import (
    ACTIVE_RECORD,
    ALEMBIC,
    DJANGO,
    RUN_PYTHON,
    dbmate,
    laid,
    python_with_them,
)
from tests.integration.importing.test_imported import forward, imported
from tests.integration.run.driver import Driver
from tests.unit.exporting.plan_of_all import PLAN, all_of
from tests.unit.importing.folders_of import lay
from zdtui.exporting.export import export_plan
from zdtui.exporting.exported import Place
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import parse_plan
from zdtui.run.model.state import StepStatus


def said_by(program: str, *arguments: str, folder: Path) -> str:
    """What the tool itself prints."""
    ran = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return ran.stdout + ran.stderr


async def test_dbmate_itself_finds_nothing_pending(server18: Database, tmp_path: Path) -> None:
    program = dbmate()
    folder = lay("dbmate", tmp_path)
    plan = imported(folder)
    url = f"{server18.dsn(tcp=True)}?sslmode=disable&search_path=public"
    status = ("--url", url, "--migrations-dir", str(folder), "--no-dump-schema", "status")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "Pending: 0" in said_by(program, *status, folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        assert "Pending: 1" in said_by(program, *status, folder=folder)


async def test_sqitch_itself_finds_nothing_to_deploy(server18: Database, tmp_path: Path) -> None:
    sqitch = shutil.which("sqitch")
    if sqitch is None:
        pytest.skip("sqitch is not installed: apt-get install sqitch libdbd-pg-perl")
    folder = lay("sqitch", tmp_path)
    target = server18.dsn(tcp=True).replace("postgresql://", "db:pg://")
    said_by(sqitch, "deploy", "--target", target, "--log-only", folder=folder)
    said_by(sqitch, "revert", "--target", target, "--log-only", "-y", folder=folder)
    plan = imported(folder)
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "Nothing to deploy" in said_by(sqitch, "status", target, folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        status = said_by(sqitch, "status", target, folder=folder)
        assert "Undeployed change:\n  * index" in status


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


async def test_alembic_itself_is_at_its_head(
    server18: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = python_with_them(monkeypatch)
    folder = laid(ALEMBIC, tmp_path)
    address = server18.dsn(tcp=True)
    monkeypatch.setenv("ALEMBIC_URL", address.replace("postgresql://", "postgresql+psycopg://"))
    made = plan_of(read_folder(folder, program=f"{python} -m alembic"), "p")
    assert made.unread == ()
    assert (made.proposed, made.without_way_back) == ((), ())
    plan = parse_plan(made.text, "p.yaml")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "d4 (head)" in said_by(python, "-m", "alembic", "current", folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        assert {"b2", "c3"} == set(said_by(python, "-m", "alembic", "current", folder=folder).split()), "d4 is pending"
        await forward(driver)


def of_its_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the settings of the Django project read."""
    address = urlsplit(database.dsn(tcp=True))
    for name, value in (("HOST", address.hostname), ("PORT", address.port), ("USER", address.username)):
        monkeypatch.setenv(f"PG{name}", str(value))
    monkeypatch.setenv("PGDATABASE", address.path[1:])


async def test_django_itself_plans_nothing(server18: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = python_with_them(monkeypatch)
    folder = laid(DJANGO, tmp_path)
    of_its_database(server18, monkeypatch)
    manage = f"{python} manage.py"
    plan = parse_plan(plan_of(read_folder(folder, program=manage), "p").text, "p.yaml")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "No planned migration operations" in said_by(python, "manage.py", "migrate", "--plan", folder=folder)
        await driver.roll_back_to(plan.steps[-1].id)
        assert driver.state(plan.steps[-1].id).status is StepStatus.PENDING
        listed = said_by(python, "manage.py", "showmigrations", "--plan", folder=folder).splitlines()
        assert [each for each in listed if "[ ]" in each] == ["[ ]  shop.0003_index"]
        await forward(driver)
    laid({"shop/migrations/0004_python.py": RUN_PYTHON}, folder)
    made = plan_of(read_folder(folder, program=manage), "p", "shop.0004_python")
    assert made.unread == ("shop/migrations/0004_python.py: a part of it is Python",)


async def test_what_is_exported_to_alembic_it_writes_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = python_with_them(monkeypatch)
    exported = {f"versions/{each.name}": each.text for each in export_plan(PLAN, "alembic", Place())}
    folder = laid({name: ALEMBIC[name] for name in ("alembic.ini", "env.py")} | exported, tmp_path)
    again = plan_of(read_folder(folder, program=f"{python} -m alembic"), "again")
    assert again.unread == ()
    (lost,) = again.without_way_back
    assert "Alembic cannot write it as SQL (NotImplementedError: It cannot be undone: the rows are gone)" in lost
    assert all_of(parse_plan(again.text, "again.yaml"), but="alembic_version") == all_of(PLAN)


async def test_what_is_exported_to_django_it_writes_out_again(
    server18: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = python_with_them(monkeypatch)
    exported = {f"shop/migrations/{each.name}": each.text for each in export_plan(PLAN, "django", Place(app="shop"))}
    folder = laid({name: text for name, text in DJANGO.items() if "migrations/0" not in name} | exported, tmp_path)
    of_its_database(server18, monkeypatch)
    again = plan_of(read_folder(folder, program=f"{python} manage.py"), "again")
    assert again.unread == ()
    assert all_of(parse_plan(again.text, "again.yaml"), but="django_migrations") == all_of(PLAN)


async def test_rails_itself_finds_nothing_pending(
    server18: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruby = shutil.which("ruby")
    if ruby is None or "yes" not in said_by(
        ruby, "-e", 'require "pg"; require "active_record"; puts "yes"', folder=tmp_path
    ):
        pytest.skip("ActiveRecord is not installed: apt-get install ruby-activerecord ruby-pg")
    monkeypatch.setenv("RAILS_URL", server18.dsn(tcp=True))
    laid({"run.rb": ACTIVE_RECORD}, tmp_path)
    assert said_by(ruby, "run.rb", "record", folder=tmp_path) == ""
    made = plan_of(read_folder(tmp_path), "p", database=server18.name)
    assert (made.unread, made.without_way_back) == ((), ())
    plan = parse_plan(made.text, "p.yaml")
    async with Driver(plan, server18.dsn()) as driver:
        await forward(driver)
        assert "pending: ." in said_by(ruby, "run.rb", folder=tmp_path)
        await driver.roll_back_to(plan.steps[-1].id)
        assert "pending: ByName." in said_by(ruby, "run.rb", folder=tmp_path)
