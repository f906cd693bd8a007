"""The title carries the state, and nothing of the plan can break out of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.terminal.title import set_title_sequence, title_for
from tests.unit.screens_dialogs.scenes import ADD, DEPLOY, FILL, SOAK, TRIGGER, a_snapshot, an_activity, done, started
from zdtui.drawable import drawable
from zdtui.run.decisions.snapshot import Verdict, VerdictWord
from zdtui.run.model import events as e
from zdtui.run.model.activity import BatchProgress, Doing

UNDER_WAY = a_snapshot([*done(ADD, TRIGGER, DEPLOY, SOAK), started(FILL)])


def test_it_says_how_far_and_how_it_stands() -> None:
    working = replace(an_activity(FILL, Doing.WORKING_BATCHES), progress=BatchProgress(fraction=0.634))
    snapshot = replace(UNDER_WAY, activity=working, verdict=Verdict(VerdictWord.RUNNING, "", ""))
    assert title_for(snapshot).startswith("zdtui 4/7 63% RUNNING")


def test_a_pause_is_said() -> None:
    held = e.StepHeld(step=FILL.id, why=e.HoldKind.PAUSED, detail="paused by ana")
    paused = a_snapshot([*done(ADD, TRIGGER, DEPLOY, SOAK), started(FILL), e.PauseRequested(by="ana"), held])
    assert title_for(paused).startswith("zdtui 4/7 PAUSED")


@pytest.mark.parametrize(("inside", "window"), [("TMUX", True), ("STY", True), (None, False)])
def test_the_window_is_named_only_inside_tmux_or_screen(
    inside: str | None, window: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    if inside:
        monkeypatch.setenv(inside, "x")
    sequence = set_title_sequence(drawable("zdtui 5/11"))
    assert sequence.startswith("\x1b]2;zdtui 5/11\x07")
    assert ("\x1bkzdtui 5/11\x1b\\" in sequence) is window


@given(st.text(alphabet=st.sampled_from("a\x1b\x07\x9c\x9d\n;\\]k\u202e"), max_size=40))
def test_no_name_ends_the_sequence_early(name: str) -> None:
    plan = UNDER_WAY.plan.model_copy(update={"name": name})
    sequence = set_title_sequence(title_for(replace(UNDER_WAY, plan=plan)))
    inner = sequence.split("\x07")[0].removeprefix("\x1b]2;")
    assert sequence.count("\x07") == 1
    assert inner.isprintable()
