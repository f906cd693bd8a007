"""`e`: the plan's file in the operator's editor; read again when it is closed, or a sentence why it stays as it was."""

import os
import stat
from pathlib import Path

import pytest

from screens.terminal.editing import edited
from screens.terminal.editor import editor_words
from zdtui.errors import ZdtuiError
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan
from zdtui.plan.shipped import find_plan, plans_folder


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan of one's own; and no editor but the one a test sets."""
    path = tmp_path / "mine.yaml"
    path.write_text((plans_folder() / "add-index.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return load_plan(path)


def by(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Make an editor that does this with the file `$1`."""
    editor = folder / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))


def edit(plan: Plan) -> Plan | str:
    """As the console does it, with a terminal that is not lent."""
    return edited(plan, files_outside=False, lend=lambda use: use())


def test_what_the_editor_has_written_is_the_plan(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by(monkeypatch, tmp_path, "sed -i 's/^title: .*/title: Another/' \"$1\"")
    after = edit(plan)
    assert isinstance(after, Plan)
    assert (after.title, after.path) == ("Another", plan.path)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("true", "the plan is what it was"),
        (
            "sed -i '/^steps:/,$d' \"$1\"",
            "the console keeps the plan it had, for the file does not load: line",
        ),
        ('rm "$1"', "the file does not load"),
        ("exit 3", "ended with 3"),
        ("kill -9 $$", "ended with -9"),
    ],
)
def test_what_cannot_be_gone_on_with_is_said(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    by(monkeypatch, tmp_path, script)
    found = edit(plan)
    assert isinstance(found, str)
    assert says in found
    assert "\n" not in found


def test_an_editor_that_stops_is_sent_on_its_way(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no shell that could bring it back, and the console waits for it."""
    by(monkeypatch, tmp_path, "kill -STOP $$; sed -i 's/^title: .*/title: Woken/' \"$1\"")
    after = edit(plan)
    assert isinstance(after, Plan)
    assert after.title == "Woken"


def test_an_editor_has_a_process_group_of_its_own(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by(monkeypatch, tmp_path, f"ps -o pgid= -p $$ > {tmp_path / 'group'}; echo $$ > {tmp_path / 'pid'}")
    edit(plan)
    group, pid = (int((tmp_path / name).read_text()) for name in ("group", "pid"))
    assert group == pid != os.getpgrp()


def test_a_plan_that_comes_with_zdtui_is_not_edited() -> None:
    assert "comes with zdtui" in str(edit(load_plan(find_plan("add-index"))))


@pytest.mark.parametrize(
    ("said", "says"), [("no-such-editor-here --wait", "no-such-editor-here cannot be run"), ("'open", "is no command")]
)
def test_an_editor_that_is_none_is_told(plan: Plan, monkeypatch: pytest.MonkeyPatch, said: str, says: str) -> None:
    monkeypatch.setenv("VISUAL", said)
    assert says in str(edit(plan))


def test_visual_comes_before_editor_and_vi_is_the_last(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor_words() == ("vi",)
    monkeypatch.setenv("EDITOR", "nano -w")
    assert editor_words() == ("nano", "-w")
    monkeypatch.setenv("VISUAL", "code --wait")
    assert editor_words() == ("code", "--wait")
    monkeypatch.setenv("VISUAL", " ")
    with pytest.raises(ZdtuiError, match="is empty"):
        editor_words()
