"""What a shell and `man` are told is what the commands are: completions that bash takes, a page made of the help."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from zdtui.cli import COMMANDS, cli
from zdtui.cli.shell.manual import manual


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
    start = "import sys; sys.argv = ['zdtui']; from zdtui.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", start], env=env, capture_output=True, text=True, check=False)
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


@pytest.mark.skipif(shutil.which("groff") is None, reason="this machine has no troff")
def test_troff_takes_the_page() -> None:
    words = ["groff", "-man", "-Tascii", "-ww", "-rLL=100n"]
    done = subprocess.run(words, input=manual(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "zdtui status" in done.stdout
