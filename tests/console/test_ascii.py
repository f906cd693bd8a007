"""With --ascii, or in a locale that knows no more, no letter of ours is anything but ASCII, on any screen."""

import pytest

from screens.app import ConsoleApp
from screens.lines import Lines
from tests.console.dialogs.stage import ScriptedEngine, until
from tests.console.scenes import backfilling

OPENS = {
    "console": (),
    "log": ("l",),
    "hazards": ("h",),
    "palette": ("ctrl+p", "x"),
    "help": ("question_mark", "slash", "a"),
    "rollback": ("B",),
}


@pytest.mark.parametrize("keys", OPENS.values(), ids=OPENS)
async def test_every_screen_is_ascii(keys: tuple[str, ...]) -> None:
    app = ConsoleApp(ScriptedEngine(backfilling()), ascii_only=True)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await until(pilot, lambda: drawn(app) != [], "something is drawn")
        await pilot.pause()
        odd = {letter for line in drawn(app) for letter in line if not letter.isascii()}
        assert odd == set()


def drawn(app: ConsoleApp) -> list[str]:
    """Every line of every list of the screen on top."""
    return [line for lines in app.screen.query(Lines) for line in lines.plain() if line]
