"""A stretch of keys as its checkpoint keeps it."""

import pytest

from zdtui.run.bulk.by_key_stripe import KeyStretch


@pytest.mark.parametrize(
    "stretch",
    [
        KeyStretch(None, ("70",), 0, 7),
        KeyStretch(("-5",), ("70",), 3, 7),
        KeyStretch(("5",), ("70",), 6, 7, ("33",)),
        KeyStretch(("5",), ("70",), 0, 1, ("33",)),
    ],
)
def test_it_is_read_as_it_was_written(stretch: KeyStretch) -> None:
    assert KeyStretch.of(stretch.position) == stretch


def test_between_two_stretches_there_is_none() -> None:
    assert KeyStretch.of(None) is None
    assert KeyStretch.of(("70",)) is None
    assert KeyStretch(("5",), ("70",), 7, 7).position == ("70",)
