"""The command line goes before the configuration, and the configuration before what the terminal tells of itself."""

import pytest

from zdtui.configuration.drawing import Wishes, drawing_of
from zdtui.configuration.settings import Settings, settings_of
from zdtui.errors import ZdtuiError

NOTHING = Settings()
SAID = settings_of(
    {"theme": "nord", "ascii": True, "mouse": True, "time_zone": "Europe/Vienna", "notify": {"terminal": ["bell"]}}, "c"
)


def themes() -> list[str]:
    return ["dracula", "nord"]


@pytest.mark.parametrize(
    ("wishes", "settings", "plain", "mouse_ascii_theme"),
    [
        (Wishes(), NOTHING, False, (False, False, None)),
        (Wishes(), NOTHING, True, (False, True, None)),
        (Wishes(ascii_only=False), NOTHING, True, (False, False, None)),
        (Wishes(), SAID, False, (True, True, "nord")),
        (Wishes(mouse=False, ascii_only=False, theme="dracula"), SAID, True, (False, False, "dracula")),
        (Wishes(mouse=True, ascii_only=True), NOTHING, False, (True, True, None)),
    ],
)
def test_who_goes_before_whom(
    wishes: Wishes, settings: Settings, plain: bool, mouse_ascii_theme: tuple[bool, bool, str | None]
) -> None:
    made = drawing_of(wishes, settings, plain=plain, themes=themes)
    assert (made.mouse, made.ascii_only, made.theme) == mouse_ascii_theme
    assert (made.zone, made.signs) == (settings.zone, settings.signs)


def test_a_theme_that_there_is_not_is_told_by_who_said_it() -> None:
    with pytest.raises(ZdtuiError, match=r"^--theme: there is no theme `nort`; did you mean `nord`"):
        drawing_of(Wishes(theme="nort"), SAID, plain=False, themes=themes)
    with pytest.raises(ZdtuiError, match=r"^c: theme: there is no theme `solar`; known are dracula, nord"):
        drawing_of(Wishes(), Settings(where="c", theme="solar"), plain=False, themes=themes)


def test_the_themes_are_not_asked_for_where_none_is_named() -> None:
    def nobody() -> list[str]:
        raise AssertionError

    assert drawing_of(Wishes(), NOTHING, plain=False, themes=nobody).theme is None
