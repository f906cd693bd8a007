"""`--strict` and `--ignore`: what the exit code counts, and what a whole check leaves out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zdtui.cli.check import command
from zdtui.errors import ZdtuiError

WARNS = "SET lock_timeout = '2s';\nDROP FUNCTION f();\n"
STOPS = "SET lock_timeout = '2s';\nCREATE INDEX users_name ON users (name);\n"
HARMLESS = "SELECT 1;\n"


def check(tmp_path: Path, text: str, *arguments: str) -> Result:
    file = tmp_path / "m.sql"
    file.write_text(text)
    return CliRunner().invoke(command, ["--no-squawk", *arguments, str(file)])


@pytest.mark.parametrize(
    ("text", "usual", "strict"), [(HARMLESS, 0, 0), (WARNS, 0, 1), (STOPS, 1, 1)], ids=["harmless", "warns", "stops"]
)
def test_strict_counts_a_warning_as_a_stop(tmp_path: Path, text: str, usual: int, strict: int) -> None:
    assert check(tmp_path, text).exit_code == usual
    assert check(tmp_path, text, "--strict").exit_code == strict


def test_what_is_silenced_or_cannot_be_read_is_so_when_strict_too(tmp_path: Path) -> None:
    silenced = WARNS.replace("DROP", "-- zdtui:silence object-dropped: nobody calls it\nDROP")
    assert check(tmp_path, silenced, "--strict").exit_code == 0
    assert CliRunner().invoke(command, ["--strict", str(tmp_path / "none.sql")]).exit_code == 2


@pytest.mark.parametrize(
    "ignored",
    [
        ("--ignore", "create-index-blocks-writes"),
        ("--ignore", "truncate,create-index-blocks-writes"),
        ("--ignore", "truncate", "--ignore", "create-index-blocks-writes"),
        ("--ignore", "require-concurrent-index-creation"),
    ],
    ids=["one", "list", "twice", "as squawk says it"],
)
def test_what_is_ignored_is_left_out_and_counted_in_a_note(tmp_path: Path, ignored: tuple[str, ...]) -> None:
    done = check(tmp_path, STOPS, *ignored, "--format", "json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["counts"]["stop"] == 0
    assert told["notes"][0] == "--ignore leaves out 1 hazard"


def test_a_name_that_is_nearly_ours_is_an_error_and_a_strange_one_is_told(tmp_path: Path) -> None:
    wrong = check(tmp_path, STOPS, "--ignore", "create-index-blocks-write")
    assert isinstance(wrong.exception, ZdtuiError)
    assert "did you mean create-index-blocks-writes?" in str(wrong.exception)
    strange = check(tmp_path, STOPS, "--ignore", "prefer-repack")
    assert strange.exit_code == 1
    assert "no hazard that was found is called so" in " ".join(strange.stdout.split())


def test_a_table_that_an_earlier_file_made_is_in_use_in_a_later_one(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_text(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX a ON users (name);\n"
    )
    (tmp_path / "2_b.sql").write_text("CREATE INDEX b ON users (id, name);\n")
    done = CliRunner().invoke(command, ["--no-squawk", "--format", "json", str(tmp_path)])
    stops = [
        (each["position"]["path"][-7:], hazard["rule"])
        for each in json.loads(done.stdout)["statements"]
        for hazard in each["hazards"]
        if hazard["severity"] == "stop"
    ]
    assert (done.exit_code, stops) == (1, [("2_b.sql", "create-index-blocks-writes")])
