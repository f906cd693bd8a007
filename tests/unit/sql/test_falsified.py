"""Only what is certain lets a backfill be walked by pages: a row it changed is not found again."""

import pytest

from zdtui.sql.grammar.falsified import falsified


@pytest.mark.parametrize(
    ("assignments", "where", "column"),
    [
        ((("x", "f(a)"),), "x IS NULL", "x"),
        ((("x", "f(a)"),), "a > 3 AND (t.x IS NULL AND b < 2)", "x"),
        ((('"X y"', "1"),), '"X y" IS NULL', '"X y"'),
        ((("X", "gen_random_uuid()"),), "x is null -- of course\n", "X"),
        ((("n", "n + 1"), ("x", "2")), "x IS NULL", "x"),
        ((("x", "a * 2"),), "x IS DISTINCT FROM a*2", "x"),
        ((("x", "a * 2"),), "x IS DISTINCT FROM (a * 2) AND true", "x"),
    ],
)
def test_a_where_that_the_update_makes_untrue(
    assignments: tuple[tuple[str, str], ...], where: str, column: str
) -> None:
    found = falsified(assignments, where)
    assert found is not None
    assert found.column == column


@pytest.mark.parametrize(
    ("assignments", "where"),
    [
        ((("x", "1"),), None),
        ((("x", "1"),), "y IS NULL"),
        ((("x", "1"),), "x IS NULL OR y IS NULL"),
        ((("x", "1"),), "NOT (x IS NULL)"),
        ((("x", "1"),), "x IS NOT NULL"),
        ((("x", "1"),), '"X" IS NULL'),
        ((("x", "1"),), "x IS DISTINCT FROM 2"),
        ((("x", "random()"),), "x IS DISTINCT FROM random()"),
        ((("x", "1"),), "f(x) IS NULL"),
        ((("x", "1"),), "x IS NULL; SELECT 1"),
        ((("x", "1"),), "this is ( not SQL"),
        ((("x", "1"),), "x = 0"),
    ],
)
def test_anything_less_certain_is_walked_by_key(assignments: tuple[tuple[str, str], ...], where: str | None) -> None:
    assert falsified(assignments, where) is None
