"""Plots of the last hour: of which pane what, with the guard's line, gaps as gaps, in ASCII; and z shows them."""

import subprocess
import sys

import pytest

from screens.app import ConsoleApp
from screens.rows import Row
from screens.views.plots import charts_of, pieces, plot_rows
from tests.console.dialogs.stage import ScriptedEngine, until
from tests.console.scenes import NOW, TOUR, run_of, scene, snapshot_of, text_of
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.figures.history import History, Point


def remembering(*points: Point) -> Snapshot:
    """The console after these seconds."""
    history = History()
    for point in points:
        history = history.added(point)
    return snapshot_of(TOUR, run_of(TOUR), history=history)


LAST = tuple(
    Point(
        at=NOW - 600 + second,
        waiting=second % 3,
        behind_us=0,
        lags=(("standby-a", 0.4), ("standby-b", second / 50)),
        wal=4e6,
        rows=41000.0 if second < 300 or second > 400 else None,
        rests=450 < second < 500,
    )
    for second in range(600)
)
SNAPSHOT = remembering(*LAST)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_lag_is_drawn_per_standby_with_the_line_of_the_guard(ascii_only: bool) -> None:
    rows = plot_rows("replication", scene(SNAPSHOT, 100, ascii_only=ascii_only), 14)
    text = text_of(rows)
    assert "replay lag, s · a standby-a · b standby-b · - the guard, 10" in text
    assert "----" in text
    assert "aaaa" in text
    assert "now" in text
    assert "-10m" in text
    assert len(rows) <= 14


def test_progress_draws_rows_with_rests_and_wal_and_waiting_sessions_as_far_as_there_is_room() -> None:
    titles = [each.title for each in charts_of("progress", scene(SNAPSHOT, 100))]
    assert titles == ["rows/s", "WAL, MB/s", "sessions waiting for a lock"]
    assert "r rests" in text_of(plot_rows("progress", scene(SNAPSHOT, 100), 30))
    assert "WAL" not in text_of(plot_rows("progress", scene(SNAPSHOT, 100), 10))


def test_locks_and_queries_draw_who_waits() -> None:
    for pane in ("locks", "queries"):
        assert "a waiting for a lock · b behind us" in text_of(plot_rows(pane, scene(SNAPSHOT, 80), 10))


def test_what_was_not_seen_is_not_joined_over_and_a_spike_is_not_lost() -> None:
    seen = tuple((float(at), 9.0 if at == 33 else 1.0) for at in range(60) if not 40 <= at < 50)
    first, second = pieces(seen, step=10.0)
    assert [at for at, _ in first] == [0.0, 10.0, 20.0, 30.0]
    assert max(value for _, value in first) == 9.0
    assert second[0][0] == 50.0


def test_in_ascii_no_other_character_is_drawn() -> None:
    from screens.words import ASCII

    drawn = text_of(plot_rows("progress", scene(SNAPSHOT, 100, ascii_only=True), 30)).translate(ASCII)
    assert drawn.isascii(), drawn


def test_nothing_seen_yet_is_said() -> None:
    (row,) = plot_rows("locks", scene(remembering(), 80), 10)
    assert isinstance(row, Row)
    assert "Nothing to draw yet" in row.text


def test_the_library_is_not_loaded_with_the_console() -> None:
    code = "import sys, screens.app, screens.console, screens.acting; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_z_gives_the_pane_the_screen_with_its_plot_below_the_rows_and_back(size: tuple[int, int]) -> None:
    app = ConsoleApp(ScriptedEngine(SNAPSHOT))
    async with app.run_test(size=size) as pilot:
        await pilot.press("4", "z")
        plot, rows = (app.console_screen.lines(name) for name in ("plot", "replication"))
        await until(pilot, lambda: any("replay lag" in line for line in plot.plain()), "the plot")
        assert any("standby-b" in line for line in rows.plain())
        assert plot.size.height + rows.size.height == app.console_screen.query_one("#side").size.height
        await pilot.press("z")
        await until(pilot, lambda: not plot.display, "it is gone")
