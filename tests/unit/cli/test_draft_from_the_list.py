"""*draft* of the list: a statement is asked for until a plan can be drafted; its file is new, and named by the plan."""

from pathlib import Path

import pytest

from zdtui.cli.start.opening import Start
from zdtui.configuration.settings import Settings
from zdtui.plan.load import load_plan
from zdtui.start.plans_here import plans_here


def drafting(folder: Path, monkeypatch: pytest.MonkeyPatch, *typed: str | None) -> tuple[str | None, list[str]]:
    """What comes of typing these, one after the other; and what was said each time before."""
    monkeypatch.chdir(folder)
    start, said, left = Start(Settings(), plans_here(folder)), [], list(typed)

    def answer(text: str, why: str) -> str | None:
        said.append(why)
        return left.pop(0)

    monkeypatch.setattr(start, "_typed", answer)
    return start._draft(), said


def test_it_is_written_beside_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = "CREATE INDEX by_price ON products (price)"
    first, _ = drafting(tmp_path, monkeypatch, statement)
    second, said = drafting(tmp_path, monkeypatch, "nonsense", statement)
    assert first is not None
    assert second == first.replace(".yaml", "-2.yaml")
    assert load_plan(tmp_path / second).digest == load_plan(tmp_path / first).digest
    assert said[0] == ""
    assert "cannot be read" in said[1]


def test_who_thinks_better_of_it_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drafting(tmp_path, monkeypatch, "nonsense", None)[0] is None
    assert list(tmp_path.iterdir()) == []
