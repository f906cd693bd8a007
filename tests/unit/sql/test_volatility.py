"""How volatile an expression is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.sql.volatility import Volatility, volatility

IMMUTABLE, STABLE, VOLATILE, UNKNOWN = (
    Volatility.IMMUTABLE,
    Volatility.STABLE,
    Volatility.VOLATILE,
    Volatility.UNKNOWN,
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0", IMMUTABLE),
        ("'random()'", IMMUTABLE),
        ("'{}'::jsonb", IMMUTABLE),
        ("(1 + 2) * 3", IMMUTABLE),
        ("lower('A') || 'b'", IMMUTABLE),
        ("CAST(1 AS numeric(10, 2))", IMMUTABLE),
        ("'x'::varchar(20)", IMMUTABLE),
        ("coalesce(NULL, 1)", IMMUTABLE),
        ("ARRAY[]::text[]", IMMUTABLE),
        ("now()", STABLE),
        ("NOW() + interval '1 day'", STABLE),
        ("CURRENT_TIMESTAMP", STABLE),
        ("current_user::text", STABLE),
        ("'now()'::timestamptz", STABLE),
        ("date '2026-01-01'", STABLE),
        ("now() AT TIME ZONE 'UTC'", STABLE),
        ("coalesce(lower(current_setting('a.b')), 'x')", STABLE),
        ("pg_catalog.now()", STABLE),
        ("gen_random_uuid()", VOLATILE),
        ("random()", VOLATILE),
        ("floor(random() * 10)::int", VOLATILE),
        ("clock_timestamp()", VOLATILE),
        ("nextval('s')", VOLATILE),
        ("coalesce(now()::text, lower(timeofday()))", VOLATILE),
        ("public.uuid_generate_v4()", VOLATILE),
        ("f(1)", UNKNOWN),
        ("s.now()", UNKNOWN),
        ('"My f"(now())', UNKNOWN),
        ("f(random())", VOLATILE),
        ("'never ends", UNKNOWN),
        ("", IMMUTABLE),
    ],
)
def test_the_wildest_thing_in_it(expression: str, expected: Volatility) -> None:
    assert volatility(expression) is expected


@given(st.text())
def test_any_text_has_one(text: str) -> None:
    assert volatility(text) in Volatility
