"""Whether `where` tells a row that is done: only where that is certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.sql.told import tells_done


@pytest.mark.parametrize(
    ("assignments", "where", "told"),
    [
        ((("x", "v"),), "x IS NULL", True),
        ((("x", "f(v)"), ("n", "n + 1")), "x IS NULL AND n < 5", True),
        ((("x", "lower(v)"),), "x IS DISTINCT FROM lower(v)", True),
        ((("state", "'new'"),), "state = 'old'", True),
        ((("state", "'new'"), ("n", "n + 1")), "t.state = 'old' AND v > 3", True),
        ((('"X"', "1"),), '"X" = 0', True),
        ((("x", "v + 1"),), "x < v", True),
        ((("x", "v"),), None, False),
        ((("x", "v"),), "v > 100", False),
        ((("n", "n + 1"),), "n < 5", False),
        ((("x", "random()"),), "x = 0", False),
        ((("x", "my_own(v)"),), "x = 0", False),
        ((("x", "y"), ("y", "x")), "x = 0", False),
        ((("x", "v"),), "public.t.x IS NULL", False),
        ((("x", "v"),), "x IS NULL)", False),
        ((("x", "(SELECT y FROM other)"), ("y", "1")), "x = 0", False),
    ],
)
def test_what_tells_and_what_does_not(assignments: tuple[tuple[str, str], ...], where: str | None, told: bool) -> None:
    assert tells_done(assignments, where) is told


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_makes_it_fail(expression: str, where: str) -> None:
    assert tells_done((("x", expression),), where) in (True, False)
