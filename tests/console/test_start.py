"""`zdtui` alone: the list of what can be opened, filtered by typing."""

from pathlib import Path

import pytest
from textual.app import App

from screens.lines import Lines
from screens.start import Entry, Opens, StartApp, start_rows
from tests.console.dialogs.stage import until
from tests.unit.run.plans import RUN, done, fold, plan
from zdtui.cli.start import Here, entries, plans_here
from zdtui.configuration.settings import settings_of
from zdtui.plan.shipped import plans_folder
from zdtui.run.journal.reader import Journal

ROWS = [
    Entry(Opens.PLAN, "a.yaml", "a.yaml", "Add an index"),
    Entry(Opens.TARGET, "staging", "staging", "its runs"),
    Entry(Opens.DEMO, "demo", "demo", "a shop"),
]


def test_what_was_typed_leaves_what_holds_it() -> None:
    assert [each.key for each in start_rows(ROWS, "SHOP")] == [ROWS[2]]
    assert len(start_rows(ROWS, "")) == 3


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


def test_plans_are_told_from_other_files_and_from_broken_ones(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text((plans_folder() / "add-index.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "bad.yml").write_text("zdtui: 1\nname: x\n", "utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "binary.yaml").write_bytes(b"zdtui:\x00")
    found = plans_here(tmp_path)
    assert {Path(path).name: plan is not None for path, plan in found.items()} == {"good.yaml": True, "bad.yml": False}


def test_a_plan_is_told_with_its_last_run_there() -> None:
    of = plan()
    run = fold(*done(of, "add"))
    settings = settings_of({"targets": {"staging": "service=x", "live": "service=y"}}, "config.toml")
    here = Here(settings, {"t.yaml": of, "b.yaml": None}, "staging", [(Journal(RUN, [], None), run)])
    rows = entries(here)
    told = {(each.opens, each.name): each.about for each in rows}
    assert told[(Opens.PLAN, "t.yaml")].startswith(f"{of.title} · last run waiting on 20")
    assert told[(Opens.PLAN, "b.yaml")] == "has problems: zdtui check tells them"
    assert told[(Opens.RUN, str(RUN)[:8])].startswith(of.name)
    assert (Opens.TARGET, "live") in told
    assert (Opens.TARGET, "staging") not in told, "one is there already"
    assert (Opens.DEMO, "demo") in told
