"""Looking for a text: pure rows first, then by keys in help, hazards, log and the palette."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from screens.actions import ACTIONS
from screens.app import ConsoleApp
from screens.hazards import HazardsScreen
from screens.help import HelpScreen
from screens.lines import Lines
from screens.log import LogScreen
from screens.look import Look
from screens.palette import Palette, matching_actions
from screens.reading.search import Search, following, holding, marked
from screens.rows import Span, matching, row
from tests.console.dialogs.stage import ScriptedEngine, screen_text, until
from tests.unit.screens_dialogs.scenes import ADD, a_snapshot, done

ROWS = [row("Locks"), row(Span("a "), Span("LOCK", Look.DANGER), Span(" x")), row("none")]


@given(st.text(max_size=30), st.text(min_size=1, max_size=4))
def test_marking_changes_no_letter(text: str, wanted: str) -> None:
    line = row(Span(text, Look.QUIET), Span(text))
    assert marked(line, wanted).text == line.text


def test_what_is_looked_for_is_found_in_any_case_and_set_off() -> None:
    assert holding(ROWS, "lock") == [0, 1]
    assert holding(ROWS, "") == []
    assert [(span.text, span.look) for span in marked(ROWS[0], "lock").spans] == [
        ("Lock", Look.LOUD),
        ("s", Look.PLAIN),
    ]


@pytest.mark.parametrize(("at", "by", "place"), [(0, 1, 3), (3, 1, 7), (7, 1, 3), (3, -1, 7), (7, -1, 3), (9, -1, 7)])
def test_one_goes_round_and_round(at: int, by: int, place: int) -> None:
    assert following([3, 7], at, by) == place
    assert following([], at, by) is None


def test_letters_are_kept_until_it_is_given_up() -> None:
    search = Search(typing=True)
    for letter in "lockx":
        search = search.typed(letter, letter)
    search = search.typed("backspace", None)
    assert search.typed("enter", None) == Search("lock")
    assert search.typed("escape", None) == Search()


def test_a_filter_of_a_text_without_a_selection_leaves_what_holds_it() -> None:
    assert [each.text for each in matching(ROWS, "lock")] == ["Locks", "a LOCK x"]
    assert [each.text for each in matching([*ROWS, row("Lock", key=1)], "lock")] == ["Lock"]


def test_actions_are_found_by_label_before_sentence() -> None:
    assert matching_actions(ACTIONS, "roll")[0].id == "roll_back"
    assert matching_actions(ACTIONS, "") == list(ACTIONS)
    assert matching_actions(ACTIONS, "no such thing") == []


@asynccontextmanager
async def opening(key: str, size: tuple[int, int] = (80, 23)) -> AsyncIterator[tuple[ConsoleApp, Pilot[int]]]:
    """A console with what that key opens on top."""
    engine = ScriptedEngine(a_snapshot(done(ADD)))
    app = ConsoleApp(engine)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, OPENED[key]), "it opens")
        yield app, pilot
    assert not engine.submitted, "what is typed is letters, not keys"


OPENED = {"question_mark": HelpScreen, "l": LogScreen, "h": HazardsScreen, "ctrl+p": Palette}


async def test_help_is_looked_through() -> None:
    async with opening("question_mark") as (app, pilot):
        await until(pilot, lambda: "roll back" in screen_text(app), "the help")
        await pilot.press("slash", *"pause", "enter")
        await until(pilot, lambda: "/pause 1 of" in screen_text(app), "the first is found")
        await pilot.press("n")
        await until(pilot, lambda: "/pause 2 of" in screen_text(app), "the next")
        await pilot.press("N")
        await until(pilot, lambda: "/pause 1 of" in screen_text(app), "the one before")
        await pilot.press("escape")
        await until(pilot, lambda: "n N find" in screen_text(app), "it is given up")
        await pilot.press("tab")
        await until(pilot, lambda: "Other backends" in screen_text(app).split("\n")[1], "the next part")
        await pilot.press("shift+tab")
        await until(pilot, lambda: screen_text(app).split("\n")[1].startswith("Run"), "the part before")
        assert isinstance(app.screen, HelpScreen)


async def test_the_log_stops_following_where_something_was_found() -> None:
    async with opening("l") as (app, pilot):
        await until(pilot, lambda: "following" in screen_text(app), "the log")
        await pilot.press("slash", *"opened", "enter")
        await until(pilot, lambda: "G follows again" in screen_text(app), "it stands still")


async def test_the_palette_is_typed_into() -> None:
    async with opening("ctrl+p", size=(100, 40)) as (app, pilot):
        await pilot.press(*"help")
        await until(pilot, lambda: app.screen.query_one(Lines).selected == "help", "what was typed is chosen")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "it is done")


async def test_the_hazards_open_and_close() -> None:
    async with opening("h") as (app, pilot):
        await pilot.press("tab", "n", "h")
        await until(pilot, lambda: not isinstance(app.screen, HazardsScreen), "they close")
