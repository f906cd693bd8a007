"""pgroll's operations become steps in the phases of a plan; what needs the catalog is named."""

from pathlib import Path

import pytest

from zdtui.importing.migration import ImportingError
from zdtui.importing.plan import Imported, plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import parse_plan
from zdtui.plan.model import BackfillAction, ManualAction, Phase, Plan, SqlAction, SqlRollback

MIGRATION = """
operations:
  - create_table:
      name: users
      comment: It's people
      columns:
        - {name: id, type: bigint, pk: true, generated: {identity: {user_specified_values: BY DEFAULT}}}
        - {name: name, type: text, nullable: true, comment: As they call themselves}
        - {name: boss, type: bigint, nullable: true, references: {name: boss_fk, table: users, column: id, on_delete: CASCADE}}
      constraints:
        - {name: long, type: check, check: length(name) < 100}
        - {name: once, type: unique, columns: [name, boss], nulls_not_distinct: true}
  - rename_column: {table: users, from: name, to: called}
  - add_column:
      table: users
      up: upper(name)
      column: {name: shout, type: text, nullable: false}
  - create_index: {name: by_shout, table: users, columns: {shout: {sort: DESC, nulls: LAST}}, predicate: shout <> ''}
  - set_replica_identity: {table: users, identity: {type: full}}
  - sql: {up: CREATE VIEW all_users AS SELECT id FROM users, down: DROP VIEW all_users}
  - drop_column: {table: users, column: boss}
"""


def imported(folder: Path, first: str | None = None, **files: str) -> Imported:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return plan_of(read_folder(folder), "p", first)


def plan(folder: Path, **files: str) -> Plan:
    return parse_plan(imported(folder, **files).text, "p.yaml")


def test_the_operations_are_steps_in_their_phases(tmp_path: Path) -> None:
    steps = plan(tmp_path, one=MIGRATION).steps
    assert [step.phase for step in steps] == sorted((step.phase for step in steps), key=list(Phase).index)
    titles = {step.title: step for step in steps}
    fill = titles["users.shout is filled where it has to be"].action
    assert isinstance(fill, BackfillAction)
    assert (fill.table, fill.assignments, fill.where) == ("users", (("shout", "upper(name)"),), "shout IS NULL")
    index = titles["Create index by_shout"].action
    assert isinstance(index, SqlAction)
    assert index.sql == "CREATE INDEX CONCURRENTLY by_shout ON users (shout DESC NULLS LAST) WHERE shout <> '';\n"
    assert titles["users.shout is NOT NULL"].phase is Phase.SWITCH
    assert titles["Column of users name becomes called"].phase is Phase.CONTRACT
    rename = titles["Column of users name becomes called"].rollback
    assert isinstance(rename, SqlRollback)
    assert rename.sql == "ALTER TABLE users RENAME COLUMN called TO name;\n"


def test_a_changed_column_stays_and_its_rows_are_mended_then_proved(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        one="operations:\n  - alter_column: {table: posts, column: title, nullable: false,"
        " check: {name: title_length, constraint: length(title) > 3},"
        " up: \"SELECT lpad(coalesce(title, ''), 4, '-')\"}\n",
    )
    titles = [step.title for step in found.steps]
    assert titles == [
        "posts.title is filled as rows are written",
        "posts.title is filled where it has to be",
        "_pgroll_check_not_null_title holds from now on",
        "_pgroll_check_not_null_title is proved",
        "title_length holds from now on",
        "title_length is proved",
        "posts.title is NOT NULL",
        "posts.title needs no trigger any more",
    ]
    fill = found.steps[1].action
    assert isinstance(fill, BackfillAction)
    assert fill.where == "title IS NULL OR (length(title) > 3) IS FALSE"
    assert fill.assignments == (("title", "(SELECT lpad(coalesce(title, ''), 4, '-'))"),)


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("alter_column: {table: a, column: b, type: bigint, up: b, down: b}", "zdtui draft"),
        ("create_constraint: {table: a, name: b, type: primary_key, columns: [c]}", "zdtui draft"),
        ("add_column: {table: a, column: {name: b, type: text, pk: true}}", "zdtui draft"),
        ("alter_table: {table: a}", "is no operation"),
        ("create_index: {name: a}", "does not say 'columns'"),
        ("create_table: {name: 5, columns: []}", "not as pgroll reads it"),
        ("create_table: later", "nothing in it"),
        ("sql: {up: CREATE TABL a}", "cannot read this"),
    ],
)
def test_what_cannot_be_read_is_named_and_done_with_pgroll(operation: str, named: str, tmp_path: Path) -> None:
    made = imported(tmp_path, one=f"operations:\n  - {operation}\n")
    assert named in made.unread[0]
    (step,) = parse_plan(made.text, "p.yaml").steps
    assert isinstance(step.action, ManualAction)
    assert "pgroll start one" in step.action.instructions


def test_a_plan_is_one_migration_because_each_is_completed_before_the_next(tmp_path: Path) -> None:
    one, two = (f"operations: [{{sql: {{up: CREATE TABLE {name} ()}}}}]" for name in "ab")
    with pytest.raises(ImportingError, match="say --from NAME, from 01 to 02"):
        imported(tmp_path, **{"01": one, "02": two})
    found = parse_plan(imported(tmp_path, "01").text, "p.yaml")
    assert [step.id for step in found.steps] == ["01-01"]


def test_a_file_that_is_no_yaml_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportingError, match="neither YAML nor JSON"):
        imported(tmp_path, one="operations: [")
