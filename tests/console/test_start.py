"""`zdtui` alone: the list of what can be opened, filtered by typing."""

import pytest
from textual.app import App

from screens.lines import Lines
from screens.start import StartApp, StatementApp, start_rows
from tests.console.dialogs.stage import screen_text, until
from zdtui.start.entry import Entry, Opens

ROWS = [
    Entry(Opens.PLAN, "a.yaml", "a.yaml", "Add an index"),
    Entry(Opens.TARGET, "staging", "staging", "its runs"),
    Entry(Opens.DEMO, "demo", "demo", "a shop"),
]


def test_what_was_typed_leaves_what_holds_it() -> None:
    assert [each.key for each in start_rows(ROWS, "SHOP")] == [ROWS[2]]
    assert len(start_rows(ROWS, "")) == 3


def test_what_is_cut_on_its_row_is_found_all_the_same() -> None:
    long = Entry(Opens.PROPOSAL, "p", f"proposals/{'x' * 60}-price.yaml", "proposed by claude")
    assert [each.key for each in start_rows([*ROWS, long], "-price.yaml")] == [long]


async def opened_by(*keys: str) -> Entry | None:
    """What the list ends with after these keys."""
    app = StartApp(ROWS, "zdtui", theme=None, ascii_only=False)
    async with app.run_test(size=(80, 23)) as pilot:
        await until(pilot, lambda: bool(app.query_one(Lines).rows), "the list is there")
        await pilot.press(*keys)
        await until(pilot, lambda: not is_running(app), "it is left")
    return app.return_value


def is_running(app: App[Entry]) -> bool:
    return app._exit is False


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (("enter",), "a.yaml"),
        (("down", "enter"), "staging"),
        ((*"shop", "enter"), "demo"),
        ((*"nothing", "enter", "escape", "enter"), "a.yaml"),
        ((*"index", "backspace", "enter"), "a.yaml"),
        (("escape",), None),
        (("x", "ctrl+c"), None),
    ],
)
async def test_keys_open_filter_and_leave(keys: tuple[str, ...], key: str | None) -> None:
    chosen = await opened_by(*keys)
    assert (None if chosen is None else chosen.key) == key


@pytest.mark.parametrize(
    ("keys", "answer"),
    [((*"DROP", "enter"), "ALTER DROP"), (("enter",), "ALTER"), (("escape",), None), (("x", "ctrl+c"), None)],
)
async def test_a_statement_is_typed_on_where_it_could_not_be_drafted(keys: tuple[str, ...], answer: str | None) -> None:
    app = StatementApp("ALTER ", "`ALTER` cannot be read", "by no database", theme=None, ascii_only=False)
    async with app.run_test(size=(80, 23)) as pilot:
        await until(pilot, lambda: "cannot be read" in screen_text(app), "why is told")
        await pilot.press(*keys)
        await until(pilot, lambda: app._exit is True, "it is left")
    assert app.return_value == answer
