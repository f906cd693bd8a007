"""What a shell and `man` are told is what the commands are: completions that bash takes, a page made of the help."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from zdtui.cli import COMMANDS, cli, schema
from zdtui.cli.hang_up import SIGNALS
from zdtui.cli.shell.manual import CODES, _text, manual
from zdtui.run.journal.documents.written import DOCUMENTS
from zdtui.run.journal.standing import EXIT_CODES


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how(shell: str) -> None:
    said = CliRunner().invoke(cli, ["completion", shell])
    assert said.exit_code == 0
    assert "_ZDTUI_COMPLETE" in said.output
    assert f"{shell}_complete" in said.output


def test_bash_takes_it() -> None:
    script = CliRunner().invoke(cli, ["completion", "bash"]).output
    asked = f"{script}\ncomplete -p zdtui"
    done = subprocess.run(["bash", "--norc"], input=asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "_zdtui_completion zdtui" in done.stdout


def completed(words: str, home: Path) -> list[str]:
    """What bash is offered for the last word."""
    env = {
        **os.environ,
        "_ZDTUI_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "XDG_CONFIG_HOME": str(home),
    }
    done = subprocess.run([sys.executable, "-m", "zdtui"], env=env, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_options_and_values_are_completed(tmp_path: Path) -> None:
    (tmp_path / "zdtui").mkdir()
    (tmp_path / "zdtui/config.toml").write_text('[targets]\nstaging = "service=a"\nproduction = "service=b"\n')
    assert completed("zdtui sta", tmp_path) == ["status"]
    assert "--exit-code" in completed("zdtui status --e", tmp_path)
    assert completed("zdtui status --target st", tmp_path) == ["staging"]
    assert "nord" in completed("zdtui run --theme no", tmp_path)
    assert "add-index" in completed("zdtui run add-i", tmp_path)
    (tmp_path / "zdtui/config.toml").write_text("[[[")
    assert completed("zdtui status --target st", tmp_path) == [], "a broken file is silence there"


def test_the_page_has_every_command_and_every_option() -> None:
    page = manual().replace("\\-", "-")
    context = click.Context(cli, info_name="zdtui")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert f"\n.SS zdtui {name}" in page
        for parameter in command.params:
            assert all(each in page for each in parameter.opts if each.startswith("-")), (name, parameter.opts)
            told = (parameter.help or "") if isinstance(parameter, click.Option) else ""
            assert " ".join(told.split()) in page
    assert page.isascii()


def test_every_line_of_the_page_is_a_macro_of_man_or_text_that_troff_takes_as_text() -> None:
    """A machine may have no troff, so the rule is asked: a control character only before a macro, no stray backslash."""
    macros = re.compile(r'\.(TH ZDTUI 1 "" "zdtui [^"]+" "User Commands"|S[HS] .+|PP|TP|B .+)')
    escapes = re.compile(r"\\(?![e&-])")
    for line in manual().splitlines():
        assert macros.fullmatch(line) or (line and line[0] not in ".'"), line
        assert not escapes.search(line), line


@given(st.text(alphabet="a.'\\- \n\t", max_size=20))
def test_no_text_acts_on_troff(text: str) -> None:
    made = _text(text)
    assert not made.startswith((".", "'"))
    assert "\n" not in made
    assert made.removeprefix("\\&").replace("\\-", "-").replace("\\e", "\\") == " ".join(text.split())


def test_exit_codes_are_those_that_there_are_wherever_they_are_told() -> None:
    said = " ".join(CliRunner().invoke(cli, ["status", "--help"]).output.split())
    assert [int(each) for each in re.findall(r"(\d) when", said.partition("End with ")[2])] == list(EXIT_CODES.values())
    told = [int(each) for codes, _ in CODES for each in codes.split(", ")]
    assert told == [0, 1, 2, *(each for each in EXIT_CODES.values() if each), *sorted(SIGNALS.values())]
    table = (Path(__file__).parents[3] / "docs/operating.md").read_text("utf-8").partition("the run that most needs")[2]
    assert [int(each) for each in re.findall(r"^\| (\d) \|", table, re.M)][: len(EXIT_CODES)] == list(
        EXIT_CODES.values()
    )


def test_what_has_a_schema_is_what_the_command_offers() -> None:
    (document,) = (each for each in schema.command.params if each.name == "document")
    assert isinstance(document.type, click.Choice)
    assert set(document.type.choices) == {"plan", "evidence", *DOCUMENTS}
