"""What is exported is imported again as the same statements in the same order, there and back; what is not SQL is said."""

import ast
from pathlib import Path

import pytest

from tests.unit.exporting.plan_of_all import PLAN, all_of
from zdtui.cli.export import TOOLS
from zdtui.exporting.export import EXPORTERS, export_plan, only_said
from zdtui.exporting.exported import Place
from zdtui.exporting.pieces import ExportingError
from zdtui.exporting.texts import python_text
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import Plan
from zdtui.plan.shipped import find_plan, shipped_plans
from zdtui.sql.split import split

READ_AGAIN = {
    "golang-migrate": "schema_migrations",
    "dbmate": "schema_migrations",
    "flyway": "flyway_schema_history",
}
"""Tools whose files are read without the tool, and their history; the others are asked in the integration tests."""
PLACE = Place(first=7, after="before", app="shop")


def exported(plan: Plan, tool: str, folder: Path) -> Path:
    for each in export_plan(plan, tool, PLACE):
        (folder / each.name).write_text(each.text, "utf-8")
    return folder


def imported_again(folder: Path) -> Plan:
    return parse_plan(plan_of(read_folder(folder), "again").text, "again.yaml")


def test_the_command_knows_every_tool() -> None:
    assert tuple(each.name for each in EXPORTERS) == TOOLS


@pytest.mark.parametrize("tool", READ_AGAIN)
def test_what_is_exported_is_imported_again(tool: str, tmp_path: Path) -> None:
    again = imported_again(exported(PLAN, tool, tmp_path))
    assert all_of(again, but=READ_AGAIN[tool]) == all_of(PLAN)


@pytest.mark.parametrize("tool", READ_AGAIN)
@pytest.mark.parametrize("name", shipped_plans())
def test_so_is_every_shipped_plan(tool: str, name: str, tmp_path: Path) -> None:
    plan = load_plan(find_plan(name))
    again = imported_again(exported(plan, tool, tmp_path))
    assert all_of(again, but=READ_AGAIN[tool]) == all_of(plan)


def test_plain_sql_has_every_statement_in_its_transaction(tmp_path: Path) -> None:
    exported(PLAN, "sql", tmp_path)
    texts = [path.read_text() for path in sorted(tmp_path.glob("*.sql")) if ".rollback" not in path.name]
    control = ("BEGIN", "COMMIT")
    assert [each.text for text in texts for each in split(text) if each.kind not in control] == all_of(PLAN)[0]
    assert texts[0].index("BEGIN;") < texts[0].index("ALTER TABLE") < texts[0].index("COMMIT;")
    assert "BEGIN" not in texts[1]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_not_sql_is_said(tool: str, tmp_path: Path) -> None:
    folder = exported(PLAN, tool, tmp_path)
    text = "\n".join(path.read_text() for path in sorted(folder.iterdir()))
    for said in ("works in batches", "let 1h pass", "Deploy the release", "go on only where it is true", "SELECT true"):
        assert said in text
    assert "the rows are gone" in text
    assert "Afterwards this must be true: SELECT count(*) = 0" in text
    assert only_said(PLAN) == ("fill", "look", "rest", "deploy")


@pytest.mark.parametrize("tool", ["alembic", "django"])
def test_python_is_python(tool: str, tmp_path: Path) -> None:
    for path in exported(PLAN, tool, tmp_path).iterdir():
        ast.parse(path.read_text())


def test_revisions_follow_each_other_and_have_room_in_the_history(tmp_path: Path) -> None:
    files = export_plan(PLAN, "alembic", PLACE)
    found = [dict(line.split(" = ") for line in each.text.splitlines() if "revision = " in line) for each in files]
    assert [each["down_revision"] for each in found] == ["'before'", *(each["revision"] for each in found[:-1])]
    assert all(len(each["revision"]) <= 32 + 2 for each in found)


@pytest.mark.parametrize("text", ["a", "a\nb\n", 'a"""\n', "\\:a\nb\n", 'ends in "', "x\r\ny\n", "ü\n\n", "'\n"])
def test_a_literal_of_python_is_the_text(text: str) -> None:
    assert ast.literal_eval(python_text(text)) == text


def test_what_a_tool_cannot_hold_is_refused_in_a_sentence() -> None:
    with pytest.raises(ExportingError, match="--app NAME"):
        export_plan(PLAN, "django", Place())
    marked = PLAN.model_copy(
        update={
            "steps": (
                PLAN.steps[0].model_copy(
                    update={"action": PLAN.steps[0].action.model_copy(update={"sql": "SELECT '\n-- migrate:down\n'"})}
                ),
            )
        }
    )
    with pytest.raises(ExportingError, match="a mark of its own"):
        export_plan(marked, "dbmate", Place())
