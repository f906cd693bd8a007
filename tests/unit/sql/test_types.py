"""Types are read as authors and as format_type() write them; pairs are held to the truth on servers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.sql.schema.relations import Domain
from zdtui.sql.schema.types import Type, same_bits, type_of

DOMAINS = {
    "label": Domain("character varying(20)", False),
    "guarded": Domain("positive", False),
    "positive": Domain("integer", True),
}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("int4", Type("integer")),
        ("BIGSERIAL", Type("bigint")),
        ("pg_catalog.int8", Type("bigint")),
        ("varchar ( 20 )", Type("character varying", 20, 0)),
        ("character varying(20)", Type("character varying", 20, 0)),
        ("numeric(10, 2)", Type("numeric", 10, 2)),
        ("decimal(5,-2)", Type("numeric", 5, -2)),
        ("char", Type("character", 1, 0)),
        ("bpchar", Type("character")),
        ('"char"', Type('"char"')),
        ("bit", Type("bit", 1, 0)),
        ("timestamp", Type("timestamp without time zone")),
        ("timestamp(3) with time zone", Type("timestamp with time zone", 3, 0)),
        ("timestamptz(6)", Type("timestamp with time zone")),
        ("float(24)", Type("real")),
        ("float(25)", Type("double precision")),
        ("text[]", Type("text", array=True)),
        ("int ARRAY", Type("integer", array=True)),
        ("label", Type("character varying", 20, 0, domain="label")),
        ("public.label", Type("character varying", 20, 0, domain="public.label")),
        ("label[]", Type("label", array=True)),
        ("guarded", Type("integer", domain="guarded", constrained=True)),
        ("mood", Type("mood")),
    ],
)
def test_a_type_taken_apart(written: str, expected: Type) -> None:
    assert type_of(written, DOMAINS) == expected


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("varchar(20)", "varchar(40)", True),
        ("varchar(40)", "varchar(20)", False),
        ("varchar(20)", "text", True),
        ("text", "varchar(20)", False),
        ("varchar(30)", "label", False),
        ("label", "label", True),
        ("int", "positive", False),
        ("positive", "int", True),
        ("int", "bigint", False),
        ("numeric(10,2)", "numeric(12,2)", True),
        ("numeric(10,2)", "numeric(12,3)", False),
        ("text[]", "varchar[]", False),
        ("mood", "mood", True),
        ("mood", "text", False),
    ],
)
def test_whether_the_rows_stay(before: str, after: str, same: bool) -> None:
    assert same_bits(type_of(before, DOMAINS), type_of(after, DOMAINS)) is same


@given(st.text(), st.text())
def test_any_text_is_some_type(before: str, after: str) -> None:
    assert same_bits(type_of(before, DOMAINS), type_of(before, DOMAINS))
    assert same_bits(type_of(before, DOMAINS), type_of(after, DOMAINS)) in (True, False)
