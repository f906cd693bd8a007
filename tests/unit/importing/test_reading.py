"""Each tool's folder is known, read in its order, and what cannot be read is named."""

from pathlib import Path

import pytest

from tests.unit.importing.folders_of import FOLDERS, INDEX, MORE, UP, WITH_A_WAY_DOWN, lay
from zdtui.importing.folders.flyway import checksum
from zdtui.importing.inverse import proposed_inverse
from zdtui.importing.migration import Folder, ImportingError, Script
from zdtui.importing.plan import Imported, plan_of
from zdtui.importing.tools import TOOLS, read_folder
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Irreversible, ManualAction, SqlAction, SqlRollback, Step


def steps_of(imported: Imported) -> dict[str, Step]:
    return {step.id: step for step in parse_plan(imported.text, "p.yaml").steps}


def folder_of(path: Path, files: dict[str, str]) -> Folder:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return read_folder(path)


def test_a_folder_is_tried_of_every_tool_whose_files_can_be_read() -> None:
    assert {tool.name for tool in TOOLS} == {*FOLDERS, "django", "pgroll"}


@pytest.mark.parametrize("tool", FOLDERS)
def test_a_folder_is_known_and_read_in_order(tool: str, tmp_path: Path) -> None:
    folder = read_folder(lay(tool, tmp_path))
    assert folder.tool == tool
    names = [each.name or each.version for each in folder.migrations]
    assert names == ["users", "orders", "index"][: len(names)]
    assert len(names) >= 2
    assert all(each.up is not None and not each.unread for each in folder.migrations)
    assert all((each.down is not None) is (tool in WITH_A_WAY_DOWN) for each in folder.migrations)


@pytest.mark.parametrize("tool", FOLDERS)
def test_the_statements_are_the_authors_own_bytes(tool: str, tmp_path: Path) -> None:
    imported = plan_of(read_folder(lay(tool, tmp_path)), "p")
    sql = "\n".join(step.action.sql for step in steps_of(imported).values() if isinstance(step.action, SqlAction))
    for text in (UP, MORE, INDEX) if tool != "drizzle" else (MORE,):
        assert text in sql
    assert "BEGIN" not in sql
    assert "COMMIT" not in sql


@pytest.mark.parametrize("tool", FOLDERS)
def test_what_is_made_is_a_plan_without_a_problem(tool: str, tmp_path: Path) -> None:
    imported = plan_of(read_folder(lay(tool, tmp_path)), "p")
    assert imported.unread == ()
    assert len(steps_of(imported)) == imported.steps


def test_without_a_way_down_one_is_proposed_where_there_is_an_inverse(tmp_path: Path) -> None:
    imported = plan_of(read_folder(lay("prisma", tmp_path)), "p")
    steps = list(steps_of(imported).values())
    assert [type(step.rollback) for step in steps if isinstance(step.action, SqlAction)][1:] == [SqlRollback] * 3
    assert len(imported.proposed) == 3
    assert "Proposed here" in imported.text


def test_where_there_is_none_it_is_said(tmp_path: Path) -> None:
    imported = plan_of(folder_of(tmp_path, {"1_a.up.sql": "DROP TABLE a;"}), "p")
    assert imported.without_way_back == ("1",)
    (step,) = (step for step in steps_of(imported).values() if step.id.startswith("1"))
    assert isinstance(step.rollback, Irreversible)


def test_the_inverse_goes_backwards_and_is_whole_or_none() -> None:
    assert proposed_inverse("CREATE TABLE a (x int); CREATE INDEX i ON a (x)") == "DROP INDEX i;\nDROP TABLE a;\n"
    assert proposed_inverse("CREATE TABLE a (x int); DROP TABLE b") is None


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"1_a.go": "package x", "2_b.sql": "-- +goose Up\nSELECT 1;"}, "written in Go"),
        ({"1_b.sql": "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '$X';"}, "ENVSUB"),
        ({"1_b.sql": "-- +goose Up\nDO $$\nBEGIN\n  PERFORM 1;\nEND $$;\n"}, "StatementBegin"),
        ({"V1__a.sql": "CREATE TABLE ${name} (x int);"}, "${name}"),
        ({"1_a.up.sql": "\\set x 1\nSELECT 1;"}, "command of psql"),
        ({"a.sql": "-- liquibase formatted sql\n-- changeset a:b dbms:oracle\nSELECT 1;"}, "oracle"),
        ({"a.sql": "-- liquibase formatted sql\n-- changeset a:b runOnChange:true\nSELECT 1;"}, "again and again"),
        ({"atlas.sum": "", "1_a.sql": "-- atlas:delimiter //\n\nSELECT 1//"}, "delimiter"),
    ],
)
def test_what_cannot_be_read_becomes_a_step_for_a_person(files: dict[str, str], named: str, tmp_path: Path) -> None:
    imported = plan_of(folder_of(tmp_path, files), "p")
    assert len(imported.unread) == 1
    assert named in imported.unread[0]
    manual = [step for step in steps_of(imported).values() if isinstance(step.action, ManualAction)]
    assert len(manual) == 1


def test_files_that_are_no_migration_are_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"1_a.up.sql": "SELECT 1;", "README.md": "x"})
    assert folder.remarks == ("README.md is no migration of golang-migrate",)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "empty"),
        ({"notes.txt": "x"}, "no tool's migrations"),
        ({"env.py": "x"}, "alembic"),
        ({"20260101_a.rb": "x"}, "rails"),
        ({"1_a.up.sql": "SELECT 1", "01_b.up.sql": "SELECT 1"}, "twice"),
        ({"V1__a.sql": "SELECT 1", "V1.0__b.sql": "SELECT 1"}, "twice"),
        ({"1_a.sql": "SELECT 1;\n-- migrate:up\n", "2_a.sql": "-- migrate:down\nSELECT 1"}, "migrate:up"),
        ({"sqitch.plan": "%project=a\nnonsense here"}, "no change that can be read"),
        ({"meta/_journal.json": "{}"}, "journal"),
        ({"a.sql": "-- liquibase formatted sql\n"}, "no migration"),
        ({"1_a.sql": "-- +goose NO TRANSACTION\n"}, "goose needs a line"),
    ],
)
def test_a_folder_that_cannot_be_imported_is_refused_in_a_sentence(
    files: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ImportingError, match=sentence):
        plan_of(folder_of(tmp_path, files), "p")


def test_from_a_version_on(tmp_path: Path) -> None:
    folder = read_folder(lay("golang-migrate", tmp_path))
    assert [id for id in steps_of(plan_of(folder, "p", "2")) if not id.startswith("history")] == [
        "2-orders",
        "10-index",
    ]
    with pytest.raises(ImportingError, match="1 to 10"):
        plan_of(folder, "p", "3")


@pytest.mark.parametrize("text", ["create table a(id int);\nselect 1;\n", "create table a(id int);\r\nselect 1;"])
def test_the_checksum_of_flyway_is_the_one_that_java_computes(text: str) -> None:
    assert checksum(text.encode()) == 788172527
    assert checksum(b"\xef\xbb\xbf" + text.encode()) == 788172527


@pytest.mark.parametrize("tool", FOLDERS)
def test_lines_that_end_as_on_windows_are_read_the_same(tool: str, tmp_path: Path) -> None:
    """A mark that is not known there would make a way down a part of the way up."""

    def told(folder: Path) -> list[object]:
        read = read_folder(folder)
        scripts = [(each.version, each.unread, each.up, each.down) for each in read.migrations]
        return [read.tool, *((v, u, *map(plain, both)) for v, u, *both in scripts)]

    def plain(script: Script | None) -> tuple[str, bool] | None:
        return None if script is None else (" ".join(script.sql.split()), script.one_transaction)

    there, here = lay(tool, tmp_path / "there"), lay(tool, tmp_path / "here")
    for path in there.rglob("*.sql"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(there) == told(here)
