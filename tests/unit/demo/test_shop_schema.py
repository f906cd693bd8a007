"""Which release of the demo's application fits which schema."""

import pytest

from zdtui.demo.shop_schema import NameColumns, columns_to_use


@pytest.mark.parametrize(
    ("has_name", "has_both_parts", "proven", "expected"),
    [
        (True, False, False, NameColumns.ONE),
        (True, True, False, NameColumns.ONE),
        (True, True, True, NameColumns.TWO),
        (False, True, True, NameColumns.TWO),
        (False, True, False, NameColumns.TWO),
        (True, False, True, NameColumns.ONE),
    ],
)
def test_the_new_columns_are_used_once_they_are_proven_or_nothing_else_is_left(
    has_name: bool, has_both_parts: bool, proven: bool, expected: NameColumns
) -> None:
    assert columns_to_use(has_name, has_both_parts, proven) is expected
