"""The console itself, drawn headless at the sizes that matter, driven by keys."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import screens.console
from screens.app import ConsoleApp
from screens.palette import Palette
from tests.console.dialogs.stage import ScriptedEngine, pauses, until
from tests.console.scenes import LIVE, NOW, TOUR, WALL, backend, backfilling, run_of, samples, snapshot_of
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model import commands as c
from zdtui.watch.samples import QueriesSample, Reading

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = [(80, 23), (200, 50)]


class FixedClock:
    """The moment every snapshot is drawn at."""

    @staticmethod
    def monotonic() -> float:
        return NOW


class FixedDate:
    """The same for the wall clock."""

    @staticmethod
    def now(zone: object) -> object:
        return WALL


@pytest.fixture
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens.console, "time", FixedClock)
    monkeypatch.setattr(screens.console, "datetime", FixedDate)


def drawn(app: ConsoleApp) -> str:
    """What is on the screen, line by line, as plain text."""
    console = app.console_screen
    width, height = app.size
    canvas = [[" "] * width for _ in range(height)]
    from screens.lines import Lines

    for lines in console.query(Lines):
        if not lines.display or not lines.size.height:
            continue
        region = lines.region
        for y, text in enumerate(lines.plain()):
            for x, character in enumerate(text):
                if region.y + y < height and region.x + x < width:
                    canvas[region.y + y][region.x + x] = character
    return "\n".join("".join(line).rstrip() for line in canvas) + "\n"


def compare(name: str, text: str) -> None:
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("ZDTUI_UPDATE_SNAPSHOTS"):
        file.write_text(text)
    assert file.exists(), f"no snapshot {name}; look at it and set ZDTUI_UPDATE_SNAPSHOTS=1:\n{text}"
    assert text == file.read_text(), f"{name} looks different:\n{text}"


async def settled(pilot: Pilot[Any], app: ConsoleApp) -> None:
    await until(pilot, lambda: "PAUSE" in drawn(app), "the console is drawn")
    await pilot.pause()


def app_of(snapshot: Snapshot, **fields: Any) -> tuple[ConsoleApp, ScriptedEngine]:
    engine = ScriptedEngine(snapshot)
    return ConsoleApp(engine, **fields), engine


SNAPSHOT_CASES = {
    "backfill": (backfilling(LIVE), {}),
    "first": (snapshot_of(TOUR, run_of(TOUR, done=())), {}),
    "ascii": (backfilling(LIVE), {"ascii_only": True}),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("case", SNAPSHOT_CASES)
async def test_how_it_looks(case: str, size: tuple[int, int], fixed_clock: None) -> None:
    snapshot, fields = SNAPSHOT_CASES[case]
    app, _ = app_of(snapshot, **fields)
    async with app.run_test(size=size) as pilot:
        await settled(pilot, app)
        text = drawn(app)
    for essential in ("split-user-name", "shop on db1", "PAUSE", "roll back", "help", "quit"):
        assert essential in text
    assert all(len(line) <= size[0] for line in text.splitlines())
    compare(f"{case}-{size[0]}x{size[1]}", text)


async def test_without_colour_the_same_is_said(monkeypatch: pytest.MonkeyPatch, fixed_clock: None) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app, _ = app_of(backfilling(LIVE))
    async with app.run_test(size=(80, 23)) as pilot:
        await settled(pilot, app)
        text = drawn(app)
    assert text == (SNAPSHOTS / "backfill-80x23.txt").read_text()
    assert "PRODUCTION" in text
    assert "LAG 12 s > 10 s" in text


async def test_on_a_tiny_terminal_it_refuses_politely_and_still_pauses() -> None:
    app, engine = app_of(backfilling())
    async with app.run_test(size=(50, 12)) as pilot:
        await until(pilot, lambda: "too small" in drawn(app), "it says so")
        await pilot.press("p")
        await until(pilot, lambda: pauses(engine) == 1, "paused")


PLACES = {
    "console": [],
    "step": ["enter"],
    "locks": ["2"],
    "zoomed": ["z"],
    "help": ["question_mark"],
    "palette": ["ctrl+p"],
    "log": ["l"],
    "board": ["c"],
    "confirmation": ["R"],
    "rollback": ["B"],
    "frozen": ["space"],
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["p", "f9"])
async def test_pause_from_every_place(place: str, key: str) -> None:
    snapshot = snapshot_of(TOUR, run_of(TOUR)) if place == "confirmation" else backfilling()
    app, engine = app_of(snapshot)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot, app)
        for each in PLACES[place]:
            await pilot.press(each)
        await pilot.pause()
        before = pauses(engine)
        await pilot.press(key)
        await until(pilot, lambda: pauses(engine) == before + 1, f"{key} pauses from {place}")


@pytest.mark.parametrize("opens", ["n", "slash"])
async def test_while_one_types_p_is_a_letter_and_f9_pauses(opens: str) -> None:
    app, engine = app_of(backfilling())
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot, app)
        await pilot.press(opens)
        if opens == "n":
            await until(pilot, lambda: getattr(app.screen, "listening", False), "the dialog takes keys")
        await pilot.press("p")
        assert pauses(engine) == 0
        await pilot.press("f9")
        await until(pilot, lambda: pauses(engine) == 1, "F9 pauses")


async def test_enter_opens_and_never_runs() -> None:
    app, engine = app_of(snapshot_of(TOUR, run_of(TOUR)))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot, app)
        await pilot.press("enter", "enter", "y", "enter")
        await pilot.pause()
        assert not [each for each in engine.submitted if isinstance(each, c.RunStep)]
        assert app.console_screen.pane == "step"


async def test_a_key_that_does_nothing_now_says_why() -> None:
    app, engine = app_of(backfilling())
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot, app)
        await pilot.press("R")
        await until(pilot, lambda: "backfill-names is under way" in drawn(app), "it says why")
        assert engine.submitted == []


async def test_the_selection_stays_on_its_backend_while_rows_come_and_go() -> None:
    app, engine = app_of(backfilling())
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot, app)
        await pilot.press("3", "down")
        lines = app.console_screen.lines("queries")
        chosen = lines.selected
        assert isinstance(chosen, BackendKey)
        assert chosen.pid == 5201
        churn = QueriesSample(backends=tuple(backend(pid) for pid in (9001, 9002, 5201, 9003)), total_sessions=4)
        engine.snapshot = replace(engine.snapshot, samples=replace(samples(), queries=Reading(churn, NOW)))
        app.console_screen.draw()
        assert lines.selected == chosen
        gone = QueriesSample(backends=(backend(9001), backend(9002)), total_sessions=2)
        engine.snapshot = replace(engine.snapshot, samples=replace(samples(), queries=Reading(gone, NOW)))
        app.console_screen.draw()
        assert app.console_screen.selected_backend() is None


async def test_a_resize_changes_nothing_but_the_layout_and_holds_back_acting_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("screens.console.QUIET_AFTER_RESIZE", 600.0)
    app, engine = app_of(snapshot_of(TOUR, run_of(TOUR)))
    async with app.run_test(size=(160, 49)) as pilot:
        await settled(pilot, app)
        await pilot.press("j", "j")
        chosen = app.console_screen.selected_step
        await pilot.resize_terminal(80, 23)
        app.console_screen.on_resize(None)  # type: ignore[arg-type]
        await pilot.press("R")
        assert app.screen is app.console_screen
        assert app.console_screen.selected_step == chosen
        assert engine.submitted == []
        monkeypatch.setattr("screens.console.QUIET_AFTER_RESIZE", 0.0)
        await pilot.press("R")
        assert app.screen is not app.console_screen


async def test_freezing_freezes_the_panes_only_and_says_so() -> None:
    app, engine = app_of(backfilling())
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot, app)
        await pilot.press("space")
        engine.snapshot = snapshot_of(
            TOUR, run_of(TOUR), seen=replace(samples(), queries=Reading(QueriesSample(), NOW))
        )
        app.console_screen.draw()
        text = drawn(app)
        assert "FROZEN" in text
        assert "report-nightly" in text
        assert "READY" in text
        await pilot.press("space")
        assert "FROZEN" not in drawn(app)


async def test_a_filter_narrows_a_pane_and_is_seen() -> None:
    app, _ = app_of(backfilling())
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot, app)
        await pilot.press("3", "slash", *"bill", "enter")
        queries = "\n".join(app.console_screen.lines("queries").plain())
        assert "billing" in queries
        assert "report-nightly" not in queries
        assert "/bill 1 of 2 " in queries, "and how many rows it leaves out can be told"
        await pilot.press("escape")
        assert "report-nightly" in "\n".join(app.console_screen.lines("queries").plain())


async def test_zoom_gives_a_pane_the_screen_and_back() -> None:
    app, _ = app_of(backfilling())
    async with app.run_test(size=(80, 23)) as pilot:
        await settled(pilot, app)
        await pilot.press("2", "z")
        await pilot.pause()
        assert app.console_screen.query_one("#side").size.height > 15, "its rows, and its last hour below them"
        await pilot.press("escape")
        await pilot.pause()
        assert app.console_screen.lines("plan").display


async def test_the_palette_names_every_action_and_why_one_cannot_be_used() -> None:
    app, _ = app_of(backfilling())
    async with app.run_test(size=(100, 50)) as pilot:
        await settled(pilot, app)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette), "the palette is open")
        await pilot.pause()
        from screens.lines import Lines

        text = "\n".join(app.screen.query_one(Lines).plain())
        assert "(run) backfill-names is under way" in text
        assert "Stop at the next safe point" in text


async def test_only_lines_that_differ_are_repainted(monkeypatch: pytest.MonkeyPatch) -> None:
    from screens.lines import Lines

    app, engine = app_of(backfilling())
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot, app)
        monkeypatch.setattr(screens.console, "time", FixedClock)
        monkeypatch.setattr(screens.console, "datetime", FixedDate)
        app.console_screen.draw()
        await pilot.pause()
        repainted: list[tuple[str, int]] = []
        monkeypatch.setattr(Lines, "refresh_line", lambda lines, y: repainted.append((str(lines.id), y)))
        app.console_screen.draw()
        assert repainted == []
        seen = replace(samples(), queries=Reading(QueriesSample(total_sessions=1), NOW - 0.4))
        engine.snapshot = replace(engine.snapshot, samples=seen)
        app.console_screen.draw()
        assert {name for name, _ in repainted} == {"queries"}
