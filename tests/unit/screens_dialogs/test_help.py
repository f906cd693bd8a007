"""The help is made of the registry and of the states themselves: none can be missing."""

import pytest

from screens.actions import ACTIONS
from screens.help import STATES, VERDICTS, help_rows
from screens.text import width_of
from screens.words import SYMBOLS
from screens.would_send import Focus
from tests.unit.screens_dialogs.scenes import ADD, a_snapshot
from zdtui.glossary import GLOSSARY
from zdtui.run.decisions.snapshot import VerdictWord
from zdtui.run.model.state import StepStatus


def text(width: int = 80) -> str:
    return "\n".join(each.text for each in help_rows(ACTIONS, Focus(a_snapshot()), width))


def test_every_action_is_there_with_its_key() -> None:
    lines = text(200).split("\n")
    for action in ACTIONS:
        assert any(action.cap in line and action.label in line and action.long in line for line in lines), action.id


def test_every_state_and_every_verdict_is_explained_with_its_symbols() -> None:
    assert set(STATES) == set(StepStatus)
    assert set(VERDICTS) == set(VerdictWord)
    for status in StepStatus:
        assert f"{SYMBOLS[status][0]} {SYMBOLS[status][1]}  {status}" in text(200)


def test_every_word_of_ours_is_explained() -> None:
    lines = text(200).split("\n")
    for term in GLOSSARY:
        assert any(line.startswith(f"  {term.word} ") for line in lines), term.word


def test_what_cannot_be_done_now_says_why() -> None:
    assert "not now: nothing of ours is running" in text(200)


def test_why_not_is_said_of_what_is_selected() -> None:
    focus = Focus(a_snapshot(), step=ADD.id)
    told = "\n".join(each.text for each in help_rows(ACTIONS, focus, 300))
    assert f"{ADD.id} is no backfill or copy" in told
    assert "no step is selected" not in told


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_screen(width: int) -> None:
    assert all(width_of(line) <= width for line in text(width).split("\n"))
