"""Made-up rows: how many, how different, how long; what refers to another table names a row that is there."""

import pytest

from zdtui.rehearse.rows.made_up import MakesUp, rows_of
from zdtui.rehearse.rows.shape import Column, Reference, Shape, Statistics
from zdtui.sql.text.name import Name

USERS, ORDERS, LINKS = Name("public", "users"), Name("public", "orders"), Name("public", "links")
ID = Column("id", "integer", "integer", required=True)
EMAIL = Column("email", "character varying(20)", "character varying", most=20, statistics=Statistics(width=30))
KIND = Column("kind", "public.kind", "public.kind", labels=("a'b", "c"))
USER = Column("user_id", "integer", "integer", required=True)


def shapes(**orders: object) -> dict[Name, Shape]:
    users = Shape(USERS, (ID, EMAIL, KIND), unique=(("id",), ("email",)), rows=1000)
    references = (Reference(("user_id",), USERS, ("id",)),)
    return {USERS: users, ORDERS: Shape(ORDERS, (ID, USER), unique=(("id",),), references=references, **orders)}  # type: ignore[arg-type]


def test_a_table_has_as_many_rows_as_there_are_or_as_were_asked_for() -> None:
    assert rows_of(shapes(rows=7), 100) == {USERS: 100, ORDERS: 7}
    assert rows_of(shapes(rows=None), 100) == {USERS: 100, ORDERS: 100}, "never analysed"


def test_without_what_it_must_refer_to_a_table_stays_empty() -> None:
    made = shapes(rows=7)
    made[USERS] = Shape(USERS, made[USERS].columns, rows=0)
    assert rows_of(made, 100) == {USERS: 0, ORDERS: 0}


def test_a_reference_names_a_row_of_the_other_table() -> None:
    text = MakesUp(shapes(rows=7), {USERS: 50, ORDERS: 7}).insert(ORDERS)
    assert "(1 + ((made.i) - 1) / 1 % 50)" in text
    assert text.endswith("FROM generate_series(1::bigint, 7::bigint) AS made (i)")


def test_a_key_over_two_references_is_no_pair_twice() -> None:
    both = (Reference(("a",), USERS, ("id",)), Reference(("b",), USERS, ("id",)))
    columns = (Column("a", "integer", "integer", required=True), Column("b", "integer", "integer", required=True))
    made = {**shapes(rows=7), LINKS: Shape(LINKS, columns, unique=(("a", "b"),), references=both)}
    text = MakesUp(made, {USERS: 50, ORDERS: 7, LINKS: 60}).insert(LINKS)
    assert "/ 1 % 50" in text
    assert "/ 50 % 50" in text


@pytest.mark.parametrize(
    ("column", "part"),
    [
        (EMAIL, "left("),
        (KIND, "ARRAY['a''b', 'c']"),
        (Column("x", "text", "text", checked=("on", "off")), "ARRAY['on', 'off']"),
        (Column("x", "integer[]", "integer[]", element="integer"), "ARRAY["),
        (Column("x", "strange", "strange"), "NULL::strange"),
        (Column("x", "integer", "integer", statistics=Statistics(null_fraction=0.25)), "% 1000 >= 250 THEN"),
        (Column("x", "integer", "integer", statistics=Statistics(n_distinct=3)), "% 3)"),
        (Column("x", "text", "text", statistics=Statistics(lengths=(2, 9))), "(ARRAY[2, 9])"),
    ],
)
def test_a_value_is_of_its_type_and_as_different_as_there(column: Column, part: str) -> None:
    made = MakesUp({USERS: Shape(USERS, (ID, column), rows=10)}, {USERS: 10})
    assert part in made.value(USERS, column, "made.i", frozenset())


def test_what_must_be_there_is_never_null() -> None:
    must = Column("x", "integer", "integer", required=True, statistics=Statistics(null_fraction=0.9))
    assert "CASE" not in MakesUp({USERS: Shape(USERS, (must,))}, {USERS: 10}).value(USERS, must, "i", frozenset())
