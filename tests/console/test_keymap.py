"""The operator's own keys: near misses are named, and pause, quit and help stay where they are."""

from pathlib import Path

import pytest

from screens.actions import ACTIONS
from screens.keymap import load_actions, rebound
from zdtui.errors import ZdtuiError


def test_no_file_means_the_keys_of_the_manual(tmp_path: Path) -> None:
    assert load_actions(tmp_path / "none.toml") == ACTIONS


def test_a_key_is_rebound(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\nnote = "N"\n')
    note = next(each for each in load_actions(tmp_path / "config.toml") if each.id == "note")
    assert note.key == "N"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[keys]\nnoet = "N"', "did you mean note"),
        ('[keys]\npause = "x"', "cannot be rebound"),
        ('[keys]\nnote = "p"', "given to both"),
        ("[keys", "is not TOML"),
        ("keys = 3", "maps actions to keys"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ZdtuiError, match=says):
        load_actions(tmp_path / "config.toml")


def test_every_key_is_taken_once() -> None:
    keys = [each.key for each in ACTIONS]
    assert len(keys) == len(set(keys))
    assert rebound({}, "x") == ACTIONS


def test_nothing_needs_a_chord_that_tmux_or_a_terminal_keeps_for_itself() -> None:
    assert not {each.key for each in ACTIONS} & {"ctrl+b", "ctrl+a", "ctrl+s", "ctrl+q", "ctrl+z"}
