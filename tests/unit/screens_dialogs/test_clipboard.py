"""Copying says what is known, and no more; the text is always in a file that only its owner reads."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from screens.clipboard import OSC_52_LONGEST, copy, saved_to


class Terminal:
    """Takes what is written as OSC 52."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("TMUX", raising=False)
    return tmp_path


def a_tmux(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A program called tmux in front of all others, which does this with what it is given."""
    took = folder / "took"
    (folder / "bin").mkdir()
    program = folder / "bin" / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n".replace("TOOK", str(took)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    return took


def test_outside_tmux_it_goes_to_the_terminal_and_no_success_is_claimed() -> None:
    terminal = Terminal()
    said = copy(terminal, "SELECT 1")
    assert terminal.texts == ["SELECT 1"]
    assert said == f"sent to the terminal's clipboard, which may ignore it; saved to {saved_to()}"


def test_it_is_always_in_a_file_that_only_its_owner_reads() -> None:
    os.umask(0o022)
    copy(Terminal(), "first, and longer")
    saved_to().chmod(0o644)
    copy(Terminal(), "SELECT 'ä'")
    assert saved_to().read_text(encoding="utf-8") == "SELECT 'ä'"
    assert stat.S_IMODE(saved_to().stat().st_mode) == 0o600


def test_the_file_is_in_the_state_folder_of_the_person_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/ana")
    assert saved_to() == Path("/home/ana/.local/state/zdtui/copied.txt")


@pytest.mark.parametrize(("length", "sent"), [(OSC_52_LONGEST, 1), (OSC_52_LONGEST + 1, 0)])
def test_what_is_too_long_for_a_terminal_is_only_saved(length: int, sent: int) -> None:
    terminal = Terminal()
    said = copy(terminal, "x" * length)
    assert len(terminal.texts) == sent
    assert ("not sent to the clipboard" in said) is (not sent)
    assert saved_to().stat().st_size == length


def test_a_link_in_the_files_place_is_not_followed(state: Path) -> None:
    saved_to().parent.mkdir(parents=True)
    (state / "precious").write_text("keep")
    saved_to().symlink_to(state / "precious")
    assert "not saved" in copy(Terminal(), "SELECT 1")
    assert (state / "precious").read_text() == "keep"


def test_a_folder_that_cannot_be_made_is_said(state: Path) -> None:
    (state / "state").write_text("a file")
    assert "not saved: " in copy(Terminal(), "SELECT 1")


def test_inside_tmux_its_own_buffer_is_loaded_and_no_osc_52_is_written(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took = a_tmux(state, monkeypatch, 'echo "$@" > TOOK; cat >> TOOK')
    terminal = Terminal()
    said = copy(terminal, "SELECT 1")
    assert took.read_text() == "load-buffer -w -\nSELECT 1"
    assert terminal.texts == []
    assert said.startswith("in tmux's buffer, and offered to the terminal's clipboard, which may ignore it")


@pytest.mark.parametrize(
    ("script", "said"),
    [("cat > /dev/null; exit 1", "tmux did not take it"), ("exec sleep 60", "tmux did not take it within 1 s")],
)
def test_a_tmux_that_fails_or_hangs_is_said(
    script: str, said: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tmux(state, monkeypatch, script)
    assert copy(Terminal(), "SELECT 1") == f"{said}; saved to {saved_to()}"


def test_a_real_tmux_has_the_text_in_its_buffer(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = state / "socket"
    tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
    try:
        subprocess.run([*tmux, "new-session", "-d", "sleep 60"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no tmux here")
    try:
        monkeypatch.setenv("TMUX", f"{socket},0,0")
        said = copy(Terminal(), "SELECT 'ä';\nSELECT 2")
        shown = subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True)
        assert shown.stdout.decode() == "SELECT 'ä';\nSELECT 2"
        assert said.startswith("in tmux's buffer")
    finally:
        subprocess.run([*tmux, "kill-server"], check=True, capture_output=True)
