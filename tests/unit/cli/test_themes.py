"""Themes are named before anything is opened; one that there is not is a sentence with those there are."""

import pytest
from click.testing import CliRunner

from zdtui.cli import cli
from zdtui.cli.themes import known_theme, theme_names
from zdtui.errors import ZdtuiError


def test_they_can_be_listed_without_a_plan() -> None:
    said = CliRunner().invoke(cli, ["run", "--theme", "list"])
    assert said.exit_code == 0
    assert said.output.split() == list(theme_names())
    assert "nord" in theme_names()


def test_an_unknown_one_is_told_with_the_near_miss_and_the_list() -> None:
    with pytest.raises(ZdtuiError) as told:
        known_theme("norf\x1b", "--theme")
    sentence = str(told.value)
    assert sentence.startswith("--theme: there is no theme `norf<U+001B>`")
    assert "nord" in sentence
    assert "\n" not in sentence
    assert all(name in sentence for name in theme_names())


@pytest.mark.parametrize("name", theme_names())
def test_each_that_is_listed_is_one(name: str) -> None:
    assert known_theme(name, "--theme") == name
