"""What is watched: how each probe is tied to its reading, and that each question it asks is there."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from zdtui.watch.probe import Asked
from zdtui.watch.probes import watched
from zdtui.watch.samples import Pane, Reading, Samples

CHECKOUT = Path(__file__).parents[3]
QUERIES = CHECKOUT / "zdtui/postgres/queries"
ASKED = re.compile(r"""(?:\.ask|\.attempt)\(\s*"(\w+)["@]""")


def test_every_reading_has_a_name_among_the_panes() -> None:
    assert [each.name for each in fields(Samples)] == [pane.value for pane in Pane]


@pytest.mark.parametrize("pane", Pane)
def test_a_failed_look_is_told_in_its_own_reading(pane: Pane) -> None:
    """What was seen before stays, and no other reading is touched."""
    before = Samples(**{each.value: Reading(taken_at=7.0) for each in Pane})
    after = watched(pane).failed("no answer")(before)
    for each in Pane:
        expected: Reading[object] = Reading(taken_at=7.0, error="no answer" if each is pane else None)
        assert getattr(after, each.value) == expected


async def test_a_look_fills_its_own_reading() -> None:
    async def nothing(name: str, *parameters: object) -> list[dict[str, object]]:
        return []

    samples = (await watched(Pane.LOCKS).look(Asked(nothing, frozenset(), 0.0)))(Samples())
    assert [each.value for each in Pane if getattr(samples, each.value).sample is not None] == ["locks"]


def test_every_question_that_is_asked_is_a_file() -> None:
    """A probe without its query is told of here, not by a pane at night."""
    files = {re.sub(r"_from_\d+$", "", path.stem) for path in QUERIES.glob("*.sql")}
    asked = {
        name: path.name
        for path in (CHECKOUT / "zdtui/watch").glob("*.py")
        for name in ASKED.findall(path.read_text("utf-8"))
    }
    assert len(asked) > 10
    assert {name: by for name, by in asked.items() if name not in files} == {}
