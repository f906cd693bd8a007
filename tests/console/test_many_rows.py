"""A list of ten thousand rows: only those that are seen are made, and it moves like a short one."""

from textual.app import App, ComposeResult

from screens.lines import Lines
from screens.rows import Row, RowKeys, RowsAhead, row
from screens.views.plan_list import plan_rows
from tests.console.dialogs.stage import until
from tests.console.scenes import TOUR, run_of, scene, snapshot_of

MANY = 10_000
HEIGHT = 23


class Listed(App[None]):
    """One list over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Lines(id="list", selects=True)


async def test_only_what_is_seen_is_made() -> None:
    made: list[int] = []

    def make(place: int) -> Row:
        made.append(place)
        return row(f"row {place}", key=place)

    app = Listed()
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        lines = app.query_one(Lines)
        await until(pilot, lambda: lines.size.height == HEIGHT, "it is laid out")
        lines.show(RowsAhead(RowKeys(tuple(range(MANY))), make))
        assert len(made) <= HEIGHT
        for steps, selected in ((1, 1), (MANY, MANY - 1), (-100, MANY - 101), (-MANY, 0)):
            made.clear()
            lines.move(steps)
            assert lines.selected == selected
            assert len(made) <= HEIGHT
            assert any(f"row {selected}" == text for text in lines.plain())


def test_the_plan_looks_the_same_row_by_row_as_as_a_whole() -> None:
    """Rows taken one at a time, from either end, are those of the list."""
    rows = plan_rows(scene(snapshot_of(TOUR, run_of(TOUR)), width=44))
    whole = list(rows)
    assert [rows[at] for at in range(len(rows))] == whole == rows[:]
    assert rows[-1] == whole[-1]
    assert rows.keys.keys == tuple(each.key for each in whole)
    assert [each.id for each in TOUR.steps] == list(rows.keys.selectable)
    assert "point of no return" in "".join(each.text for each in whole)
