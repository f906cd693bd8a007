"""Help opens over the console, scrolls to its end at 80 columns, and is closed by a key that goes no further."""

import pytest

from screens.app import ConsoleApp
from screens.help import HelpScreen
from tests.console.dialogs.stage import ScriptedEngine, screen_text, until
from tests.unit.screens_dialogs.scenes import ADD, a_snapshot, done


@pytest.mark.parametrize("key", ["escape", "question_mark", "q", "f1"])
async def test_help_is_read_to_the_end_and_closed(key: str) -> None:
    app = ConsoleApp(ScriptedEngine(a_snapshot(done(ADD))))
    async with app.run_test(size=(80, 23)) as pilot:
        await pilot.pause()
        console = app.screen
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "roll back" in screen_text(app), "the help")
        assert "Esc close" in screen_text(app)
        await pilot.press("G")
        await until(pilot, lambda: "survives a restart" in screen_text(app), "its end")
        await pilot.press(key)
        await until(pilot, lambda: app.screen is console, "the console is back")
        await pilot.pause()
        assert app.screen is console
