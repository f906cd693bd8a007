"""What the documents say of keys, words and commands is what the code has."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from screens.actions import ACTIONS, Group
from zdtui import glossary
from zdtui.cli import COMMANDS, cli
from zdtui.cli.hang_up import SIGNALS
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import shipped_plans
from zdtui.run.decisions.snapshot import VerdictWord

CHECKOUT = Path(__file__).parents[2]
OPERATING = (CHECKOUT / "docs/operating.md").read_text("utf-8")
README = (CHECKOUT / "README.md").read_text("utf-8")
DECISIONS = CHECKOUT / "docs/adr"


@pytest.mark.parametrize("word", VerdictWord)
def test_every_verdict_has_its_row_on_the_page_for_3_am(word: VerdictWord) -> None:
    assert f"\n| {word.upper()} |" in OPERATING


@pytest.mark.parametrize(
    "key", [each.cap for each in ACTIONS if each.group in (Group.RUN, Group.BACKENDS)], ids=lambda key: f"key {key}"
)
def test_every_key_that_acts_is_on_the_page_for_3_am(key: str) -> None:
    assert f"`{key}`" in OPERATING


@pytest.mark.parametrize("code", [0, 1, 2, 130, *SIGNALS.values()])
def test_every_exit_code_is_told(code: int) -> None:
    assert f"\n| {code} |" in OPERATING


@pytest.mark.parametrize("document", [OPERATING, README], ids=["operating", "readme"])
def test_a_command_that_is_shown_exists(document: str) -> None:
    shown = set(re.findall(r"^\$ zdtui (\w+)", document, re.M))
    assert shown
    assert shown <= set(COMMANDS)


def test_an_option_that_is_shown_exists() -> None:
    told = "".join(CliRunner().invoke(cli, [command, "--help"]).output for command in COMMANDS)
    for option in re.findall(r"--[a-z]+", OPERATING):
        assert option in told, option


def test_the_plan_of_the_readme_loads(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", README, re.S)
    path = tmp_path / "plan.yaml"
    path.write_text(text, "utf-8")
    assert load_plan(str(path)).name == "add-index"


def test_the_readme_counts_the_plans_right() -> None:
    assert len(shipped_plans()) == 10
    assert "has ten to start from" in README


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_target_of_make_that_is_named_exists(document: str) -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", makefile, re.M))
    named = re.findall(r"(?:^\$ |`)make ((?:[a-z-]+ ?)+)(?=\s|`|$)", (CHECKOUT / document).read_text("utf-8"), re.M)
    words = {word for each in named for word in each.split()}
    assert {"demo", "test"} <= words <= targets


def test_every_decision_is_in_the_list_and_has_its_three_parts() -> None:
    pages = sorted(DECISIONS.glob("0*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(set(numbers)) == len(numbers) > 12
    listed = (DECISIONS / "README.md").read_text("utf-8")
    for page in pages:
        text = page.read_text("utf-8")
        assert page.name in listed
        assert [part for part in ("Context", "Decision", "Cost") if f"\n## {part}\n" not in text] == [], page.name


def test_the_glossary_is_made_of_the_words_the_console_shows() -> None:
    assert (CHECKOUT / "docs/glossary.md").read_text("utf-8") == glossary.page()
    assert "docs/glossary.md" in README
    words = [term.word for term in glossary.GLOSSARY]
    assert len(set(words)) == len(words) >= 12
