"""What a path names, in which order, and what is said of what cannot be read."""

from pathlib import Path

import pytest

from zdtui.checking import inputs
from zdtui.checking.check import check
from zdtui.checking.inputs import read_inputs


def names(folder: Path) -> list[str]:
    given = read_inputs([str(folder)], [])
    assert given.unread == ()
    return [Path(each.path).relative_to(folder).as_posix() for each in given.inputs]


def filled(folder: Path, *paths: str) -> Path:
    for each in paths:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text("SELECT 1;")
    return folder


def test_a_folder_is_read_as_people_count_and_down_comes_after_up(tmp_path: Path) -> None:
    filled(tmp_path, "10_b.up.sql", "9_a.down.sql", "9_a.up.sql", "10_b.down.sql", "notes.txt", ".hidden.sql")
    assert names(tmp_path) == ["9_a.up.sql", "9_a.down.sql", "10_b.up.sql", "10_b.down.sql"]


def test_folders_in_a_folder_are_read_in_their_order(tmp_path: Path) -> None:
    filled(tmp_path, "2020-10/up.sql", "2020-10/down.sql", "2020-9/up.sql", ".git/x.sql")
    assert names(tmp_path) == ["2020-9/up.sql", "2020-10/up.sql", "2020-10/down.sql"]


def test_a_down_file_is_known_by_its_name(tmp_path: Path) -> None:
    downs = ("1.down.sql", "down.sql", "x_down.sql", "U2__x.sql", "x.rollback.sql", "x.undo.sql")
    ups = ("1.up.sql", "up.sql", "shutdown.sql", "Users.sql", "V2__x.sql", "add_down_payment.sql")
    filled(tmp_path, *downs, *ups)
    given = read_inputs([str(tmp_path)], [])
    assert {Path(each.path).name for each in given.inputs if each.is_down} == set(downs)


def test_the_standard_input_is_a_plan_when_it_begins_like_one() -> None:
    for text, is_plan in ((b"# a plan\n---\n\nzdtui: 1\n", True), (b"SELECT 1", False), (b"-- zdtui: 1\n", False)):
        (given,) = read_inputs(["-"], [text]).inputs
        assert (given.path, given.is_plan) == ("-", is_plan)


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_read(tmp_path: Path) -> None:
    filled(tmp_path, "1.sql", "3.sql")
    (tmp_path / "2.sql").write_bytes(b"SELECT '\xff'")
    given = read_inputs([str(tmp_path), "/nowhere/x.sql"], [])
    assert len(given.inputs) == 2
    assert ["is not UTF-8 text" in each.message for each in given.unread] == [True, False]
    assert given.unread[1].message == "/nowhere/x.sql: there is no such SQL file; check the path"


def test_a_folder_without_sql_and_one_that_is_far_too_large_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty,) = read_inputs([str(tmp_path)], []).unread
    assert "holds no .sql file" in empty.message
    filled(tmp_path, *(f"{n}.sql" for n in range(9)))
    monkeypatch.setattr(inputs, "MOST_ENTRIES", 8)
    (large,) = read_inputs([str(tmp_path)], []).unread
    assert "holds more than 8 files" in large.message


@pytest.mark.parametrize("data", [b"\xff\xfe", b"SELECT 1;" * 1_000_000])
def test_a_standard_input_that_is_no_migration_is_one_sentence(data: bytes) -> None:
    (unread,) = read_inputs(["-"], [data]).unread
    assert unread.message.startswith("the standard input ")


def test_each_thing_that_is_wrong_with_a_plan_is_a_problem_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "bad: 7:7.yaml"
    path.write_text("zdtui: 1\nnam: x\nname: p\ntitle:\nsteps: []\n")
    checked = check(read_inputs([str(path)], []), with_squawk=False)
    assert [(each.line, each.column) for each in checked.problems] == [(2, 1), (4, 7), (5, 8)]
    assert checked.problems[1].sentence == "`title`: is empty"
    assert all(each.path == str(path) for each in checked.problems)


def test_what_cannot_be_read_at_all_is_one_problem(tmp_path: Path) -> None:
    path = str(tmp_path / "absent.sql")
    (problem,) = check(read_inputs([path], []), with_squawk=False).problems
    assert (problem.line, problem.column, problem.path) == (0, 0, path)
    assert "\n" not in problem.sentence
