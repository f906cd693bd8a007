"""The terminal's title is put by before ours is set, and given back when the console is left."""

import pytest

from screens.app import ConsoleApp
from screens.terminal import notifier as terminal_notifier
from screens.terminal.notifier import TerminalNotifier
from tests.console.dialogs.stage import ScriptedEngine, screen_text, until
from tests.console.scenes import backfilling
from tests.unit.screens_dialogs.scenes import ADD, a_snapshot, done


def test_it_is_put_by_once_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    written: list[str] = []
    monkeypatch.setattr(terminal_notifier, "_write", written.append)
    notifier = TerminalNotifier()
    notifier.give_back()
    assert written == [], "nothing was set"
    notifier.tell(backfilling(), lambda: None)
    notifier.tell(backfilling(), lambda: None)
    assert len(written) == 1
    assert written[0].startswith("\x1b[22;2t\x1b]2;zdtui ")
    notifier.give_back()
    assert written[1:] == ["\x1b[23;2t"]


def test_inside_tmux_the_window_names_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "x")
    written: list[str] = []
    monkeypatch.setattr(terminal_notifier, "_write", written.append)
    notifier = TerminalNotifier()
    notifier.tell(backfilling(), lambda: None)
    notifier.give_back()
    assert written[-1] == "\x1b[23;2t\x1bk\x1b\\"


async def test_what_is_to_be_said_before_the_console_is_open_is_said_when_it_is() -> None:
    app = ConsoleApp(ScriptedEngine(a_snapshot(done(ADD))))
    app.say_first("nobody is told")
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await until(pilot, lambda: "nobody is told" in screen_text(app), "it is said")
