"""What is written to the tool's own history, and where: in the transaction, around a statement outside one, over several."""

from pathlib import Path

import pytest

from tests.unit.importing.folders_of import INDEX, MORE, UP, lay
from zdtui.importing.migration import Row, Script
from zdtui.importing.parts import parts_of, why_not_cut
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.importing.written import History, back, forward
from zdtui.plan.load import parse_plan
from zdtui.plan.model import CheckAction, Irreversible, ManualAction, Plan, SqlAction, SqlRollback

ROW = Row("SAY done", before="SAY begun", after="SAY over")
HISTORY = History("a tool", "SELECT locked")


def plan(folder: Path, first: str | None = None, database: str | None = None) -> Plan:
    return parse_plan(plan_of(read_folder(folder), "p", first, database).text, "p.yaml")


def laid(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).write_text(text, "utf-8")
    return path


def sql_of(plan: Plan, step: str) -> str:
    action = plan.step(step).action
    assert isinstance(action, SqlAction)
    return action.sql


def back_of(plan: Plan, step: str) -> str:
    rollback = plan.step(step).rollback
    assert isinstance(rollback, SqlRollback)
    return rollback.sql


def test_in_a_transaction_the_lock_comes_first_and_the_row_last() -> None:
    (text,) = forward((Script("CREATE TABLE a ()", "f"),), ROW, HISTORY)
    assert text.sql == "SELECT locked;\nCREATE TABLE a ();\n-- the history of a tool\nSAY done;\n"


def test_outside_of_one_the_row_says_begun_before_and_over_after() -> None:
    (text,) = forward((Script(INDEX, "f"),), ROW, HISTORY)
    assert text.sql == (
        f"-- the history of a tool: it has begun\nSAY begun;\n{INDEX}-- the history of a tool\nSAY over;\n"
    )


def test_over_several_transactions_the_first_says_begun_and_the_last_over() -> None:
    texts = forward((Script("A;\n", "f"), Script("B;\n", "f"), Script("C;\n", "f")), ROW, HISTORY)
    assert [("begun" in each.sql, "over" in each.sql) for each in texts] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert all(each.sql.startswith("SELECT locked") for each in texts)


def test_on_the_way_back_the_first_says_undone_where_the_tool_has_no_word_for_half() -> None:
    texts = back((Script("A;\n", "f"), Script("B;\n", "f")), Row("SAY undone"), HISTORY)
    assert ["undone" in each.sql for each in texts] == [True, False]


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("CREATE TABLE a ();", ["CREATE TABLE a ();"]),
        ("-- why\nBEGIN;\nCREATE TABLE a ();\nCOMMIT;\n", ["-- why\nCREATE TABLE a ();"]),
        ("BEGIN; A; COMMIT; B; START TRANSACTION; C; END;", ["A;", "B;", "C;"]),
        ("BEGIN;\nCOMMIT;\n", [""]),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;", None),
        ("DO $$ BEGIN PERFORM 1; END $$; SELECT 1", None),
    ],
)
def test_a_script_is_cut_where_its_author_begins_and_ends_transactions(sql: str, parts: list[str] | None) -> None:
    assert not why_not_cut(sql)
    assert [each.sql.strip() for each in parts_of(Script(sql, "f"))] == ([sql] if parts is None else parts)


@pytest.mark.parametrize(
    "sql", ["BEGIN; A;", "A; COMMIT;", "SAVEPOINT a;", "BEGIN; BEGIN; COMMIT;", "BEGIN; ROLLBACK;"]
)
def test_transactions_that_are_more_than_that_are_said(sql: str) -> None:
    assert why_not_cut(sql)


def test_a_tool_that_sends_one_by_one_outside_a_transaction_gets_a_step_a_statement(tmp_path: Path) -> None:
    text = "-- +goose NO TRANSACTION\n-- +goose Up\nALTER TYPE t ADD VALUE 'x';\nINSERT INTO a VALUES ('x');\n"
    down = "-- +goose Down\nDELETE FROM a;\n"
    found = plan(laid(tmp_path, {"1_a.sql": text + down}))
    assert "ADD VALUE" in sql_of(found, "1-a")
    assert "INSERT INTO a" in sql_of(found, "1-a-2")
    assert "goose_db_version" not in sql_of(found, "1-a")
    assert "goose_db_version" in sql_of(found, "1-a-2")
    assert "DELETE FROM a" in back_of(found, "1-a-2"), "one way down for two: all of it with the last step"
    assert not isinstance(found.step("1-a").rollback, SqlRollback)


def test_a_migration_of_several_transactions_goes_back_one_by_one(tmp_path: Path) -> None:
    up = f"BEGIN;\n{UP}COMMIT;\nBEGIN;\n{MORE}COMMIT;\n"
    down = "BEGIN; DROP TABLE orders; COMMIT;\nBEGIN; DROP TABLE users; COMMIT;\n"
    found = plan(laid(tmp_path, {"1_a.up.sql": up, "1_a.down.sql": down}))
    assert "DROP TABLE users" in back_of(found, "1-a")
    assert "DROP TABLE orders" in back_of(found, "1-a-2")
    assert "dirty) VALUES (1, true)" in sql_of(found, "1-a")
    assert "dirty) VALUES (1, false)" in sql_of(found, "1-a-2")


@pytest.mark.parametrize(
    ("up", "named"),
    [
        ("COPY a FROM STDIN;\n1\n\\.\n", "command of psql"),
        ("CREATE TABLE 'a' (;", "cannot read this"),
        ("BEGIN; SAVEPOINT a; COMMIT;", "SAVEPOINT"),
        ("SELECT 'never ends", "never ends"),
    ],
)
def test_a_script_that_no_plan_can_have_is_named_and_spoils_no_other(up: str, named: str, tmp_path: Path) -> None:
    imported = plan_of(read_folder(laid(tmp_path, {"1_a.up.sql": up, "2_b.up.sql": MORE})), "p")
    assert len(imported.unread) == 1
    assert named in imported.unread[0]
    found = parse_plan(imported.text, "p.yaml")
    (by_hand,) = (step for step in found.steps if isinstance(step.action, ManualAction))
    assert by_hand.verify == ("SELECT EXISTS (SELECT FROM public.schema_migrations WHERE version >= 1)",)
    assert "migrate up 1" in by_hand.action.confirm_text()
    assert "CREATE TABLE orders" in sql_of(found, "2-b")


def test_a_way_down_that_no_plan_can_have_is_named(tmp_path: Path) -> None:
    imported = plan_of(read_folder(laid(tmp_path, {"1_a.up.sql": "DROP TABLE a", "1_a.down.sql": "\\i b.sql"})), "p")
    assert "command of psql" in imported.without_way_back[0]
    assert isinstance(parse_plan(imported.text, "p.yaml").step("1-a").rollback, Irreversible)


def test_where_the_history_ends_is_asked_before_the_first_step(tmp_path: Path) -> None:
    action = plan(lay("dbmate", tmp_path), "20260102").step("history-ends-before").action
    assert isinstance(action, CheckAction)
    assert action.query == (
        "SELECT EXISTS (SELECT FROM public.schema_migrations WHERE version = '20260101')"
        " AND NOT EXISTS (SELECT FROM public.schema_migrations WHERE version = '20260102')"
    )


def test_a_lock_whose_key_follows_from_the_database_wants_its_name(tmp_path: Path) -> None:
    folder = lay("golang-migrate", tmp_path)
    assert "--database" in "".join(plan_of(read_folder(folder), "p").remarks)
    assert "pg_advisory_xact_lock" not in sql_of(plan(folder), "1-users")
    named = plan(folder, database="shop")
    assert "pg_advisory_xact_lock" in sql_of(named, "1-users")
    assert "pg_advisory_xact_lock" not in sql_of(named, "10-index"), "no lock across a CONCURRENTLY"
    assert named.target.database == "shop"


def test_nothing_is_run_unless_it_is_said(tmp_path: Path) -> None:
    laid(tmp_path, {"env.py": "raise SystemExit", "alembic.ini": ""})
    with pytest.raises(Exception, match="say --with alembic; that runs the project's own code"):
        read_folder(tmp_path)
