"""Themes are named before anything is opened; one that there is not is a sentence with those there are."""

import pytest
from click.testing import CliRunner

from zdtui.cli import cli
from zdtui.cli.drawing.themes import theme_names
from zdtui.configuration.drawing import known_theme
from zdtui.errors import ZdtuiError


def test_they_can_be_listed_without_a_plan() -> None:
    said = CliRunner().invoke(cli, ["run", "--theme", "list"])
    assert said.exit_code == 0
    assert said.output.split() == list(theme_names())
    assert "nord" in theme_names()


def test_an_unknown_one_is_told_with_the_near_miss_or_the_list() -> None:
    with pytest.raises(ZdtuiError) as told:
        known_theme("norf\x1b", "--theme", theme_names())
    sentence = str(told.value)
    assert sentence.startswith("--theme: there is no theme `norf<U+001B>`")
    with pytest.raises(ZdtuiError, match="did you mean `nord"):
        known_theme("norf", "--theme", theme_names())
    assert "\n" not in sentence
    with pytest.raises(ZdtuiError) as told:
        known_theme("xxxxxxxx", "--theme", theme_names())
    assert all(name in str(told.value) for name in theme_names())


@pytest.mark.parametrize("name", theme_names())
def test_each_that_is_listed_is_one(name: str) -> None:
    assert known_theme(name, "--theme", theme_names()) == name
