"""Every command that takes a database takes it in the same words, and one that was named is never left unasked."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from zdtui.cli import COMMANDS, cli
from zdtui.cli.options import database_if_named, said_as, which_database
from zdtui.errors import TargetError
from zdtui.plan.shipped import plans_folder
from zdtui.proposals.propose import ProposalError, propose

NOBODY = "host=127.0.0.1 port=1 dbname=shop connect_timeout=5"


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that no server answers for."""
    (tmp_path / "zdtui").mkdir()
    (tmp_path / "zdtui" / "config.toml").write_text(f'[targets]\n"my own" = "{NOBODY}"\n', "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_who_takes_a_connection_string_takes_the_name_of_a_target() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        found = cli.get_command(context, name)
        assert found is not None
        taken = {each for parameter in found.params for each in parameter.opts}
        assert ("--dsn" in taken) == ("--target" in taken), name


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    "words", [["check", "add-index"], ["draft", "CREATE INDEX ON t (a)"]], ids=lambda each: each[0]
)
@pytest.mark.parametrize("named", [["--target", "my own"], ["--dsn", NOBODY], ["--dsn", ""]], ids=str)
def test_a_command_that_does_without_a_database_asks_the_one_that_was_named(
    words: list[str], named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty string means libpq's own settings here too, as it does for every other command."""
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    assert isinstance(CliRunner().invoke(cli, [*words, *named]).exception, TargetError)
    assert CliRunner().invoke(cli, words).exit_code in (0, 1)


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("words", "dsn", "said"),
    [
        ((), ("", None), ""),
        (("--dsn", ""), ("", ""), ""),
        (("--dsn", "service=x"), ("service=x", "service=x"), " --dsn ..."),
        (("--target", "my own"), (NOBODY, NOBODY), " --target 'my own'"),
    ],
    ids=str,
)
def test_what_a_command_is_called_with_and_what_is_said_of_it(
    words: tuple[str, ...], dsn: tuple[str, str | None], said: str
) -> None:
    for gives, wanted in zip((which_database, database_if_named), dsn, strict=True):
        called: list[tuple[str | None, str]] = []
        command = click.command()(gives(lambda *, dsn, called=called: called.append((dsn, said_as()))))
        assert CliRunner().invoke(command, words).exit_code == 0
        assert called == [(wanted, said)]


def test_of_two_names_none_is_taken() -> None:
    assert CliRunner().invoke(cli, ["draft", "SELECT 1", "--dsn", "", "--target", "x"]).exit_code == 2


def test_more_than_is_read_of_the_standard_input_is_said_and_not_drafted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zdtui.cli.draft.LARGEST", 1024**2)
    told = CliRunner().invoke(cli, ["draft", "-"], input="CREATE INDEX ON t (a);" + " " * 1024**2)
    assert str(told.exception) == "the standard input is larger than 1 MB; draft it in parts"


RUNS_BY_ITSELF = (["rehearse", "--no-console"], ["rehearse", "--no-console", "--scratch"], ["trace"])


@pytest.mark.parametrize("words", RUNS_BY_ITSELF, ids=" ".join)
def test_what_runs_a_plan_without_asking_runs_no_proposal_of_somebody_else(words: list[str], tmp_path: Path) -> None:
    """Nobody has read it; it is refused before anybody is asked for a password. Moved out, without its note, it is one's own."""
    path = propose(tmp_path, (plans_folder() / "add-index.yaml").read_text("utf-8"), by="claude")
    error = CliRunner().invoke(cli, [*words, str(path), "--dsn", NOBODY]).exception
    assert isinstance(error, ProposalError)
    assert "was proposed by claude, and this would run what nobody has read" in str(error)
    path.with_suffix(".proposal.json").unlink()
    mine = path.rename(tmp_path / "mine.yaml")
    assert isinstance(CliRunner().invoke(cli, [*words, str(mine), "--dsn", NOBODY]).exception, TargetError)
