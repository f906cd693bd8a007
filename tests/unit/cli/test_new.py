"""`zdtui new`: questions are asked until a plan can be drafted; it is written where nothing was, or nothing is."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import zdtui.cli.start.new as asking
from zdtui.cli import cli
from zdtui.errors import ZdtuiError
from zdtui.plan.load import load_plan
from zdtui.start.questions import CHANGES

STATEMENT, OWN = str(len(CHANGES) + 1), str(len(CHANGES) + 2)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and a terminal that answers come from."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(asking, "needs_terminal", lambda _: None)
    return tmp_path


def answered(*lines: str) -> Result:
    """The command with these answers; then the terminal says that there are no more."""
    return CliRunner().invoke(cli, ["new"], input="".join(f"{line}\n" for line in lines))


def files(folder: Path) -> list[str]:
    """What lies in the folder."""
    return sorted(each.name for each in folder.iterdir())


def test_a_usual_change_is_asked_for_word_by_word(here: Path) -> None:
    done = answered("3", "orders", "org_id", "orders.yaml")
    assert done.exit_code == 0, done.output
    assert load_plan(here / "orders.yaml").steps
    assert "zdtui run orders.yaml" in done.output


def test_what_cannot_be_drafted_is_told_and_asked_again(here: Path) -> None:
    done = answered("x", "0", STATEMENT, "no statement of any kind", STATEMENT, "CREATE INDEX i ON t (a)", "")
    assert done.exit_code == 0, done.output
    assert "cannot be read" in done.output
    assert "x is none of them" in done.output
    (name,) = files(here)
    assert load_plan(here / name).steps


def test_a_plan_of_one_s_own_begins_with_one_step(here: Path) -> None:
    done = answered(OWN, "Open doors", "CREATE TABLE doors (i int)", "DROP TABLE doors", "")
    assert done.exit_code == 0, done.output
    assert load_plan(here / "open-doors.yaml").title == "Open doors"


def test_a_file_that_is_there_is_not_written_over(here: Path) -> None:
    (here / "mine.yaml").write_text("mine", "utf-8")
    done = answered("3", "orders", "org_id", "mine.yaml", "nowhere/it.yaml", "other.yaml")
    assert done.exit_code == 0, done.output
    assert (here / "mine.yaml").read_text("utf-8") == "mine"
    assert files(here) == ["mine.yaml", "other.yaml"]


@pytest.mark.parametrize("lines", [(), ("3",), ("3", "orders", "org_id")])
def test_who_gives_up_leaves_nothing(here: Path, lines: tuple[str, ...]) -> None:
    assert answered(*lines).exit_code != 0
    assert files(here) == []


def test_without_a_terminal_one_sentence_says_so() -> None:
    error = CliRunner().invoke(cli, ["new"]).exception
    assert isinstance(error, ZdtuiError)
    assert "zdtui new, which asks questions, needs a terminal" in str(error)
