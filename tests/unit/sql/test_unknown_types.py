"""A type that nobody has said here may be a domain: what hangs on it is in doubt, and nothing else is."""

import pytest

from zdtui.hazards.example import schema_of
from zdtui.sql.effects import Effects
from zdtui.sql.predict import effects
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split

GIVEN = """
CREATE TYPE colour AS ENUM ('red'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN plain AS int;
CREATE DOMAIN over AS mood; CREATE TABLE t (id bigint, v varchar(10), m mood, c colour, p plain)
"""


def of(sql: str, schema: Schema | None = None) -> Effects:
    return effects(split(sql)[0].operations, schema or schema_of(GIVEN))


@pytest.mark.parametrize("written", ["mood", "app.mood", "mood NOT NULL DEFAULT 'sad'", '"Mood"', "over"])
def test_a_new_column_of_a_type_nobody_knows_may_write_every_row(written: str) -> None:
    found = of(f"ALTER TABLE t ADD COLUMN x {written}")
    assert (found.rewrites, found.certain) == ((), False)
    assert "not known here" in found.doubt


KNOWN = ["int", "varchar(9)", "timestamp(3) with time zone", "interval year to month", '"char"', "mood[]", "colour"]


@pytest.mark.parametrize("written", [*KNOWN, "pg_catalog.int4", "float(8)", "plain", "numeric(4, 2)", "uuid"])
def test_a_type_that_is_known_leaves_no_doubt(written: str) -> None:
    assert of(f"ALTER TABLE t ADD COLUMN x {written}").certain


def test_a_domain_with_a_check_is_certain_to_write_every_row() -> None:
    found = of("ALTER TABLE t ADD COLUMN x positive")
    assert (len(found.rewrites), found.certain) == (1, True)


@pytest.mark.parametrize("change", ["m TYPE text", "v TYPE mood", "nobody_knows_it TYPE text", "m TYPE app.feeling"])
def test_a_change_from_or_to_a_type_nobody_knows_is_the_worst_in_doubt(change: str) -> None:
    found = of(f"ALTER TABLE t ALTER COLUMN {change}")
    assert (len(found.rewrites), found.certain) == (1, False)


@pytest.mark.parametrize("change", ["m TYPE mood", "c TYPE text", "v TYPE text", "m TYPE text USING upper(m::text)"])
def test_a_change_that_is_clear_whatever_the_type_is_leaves_no_doubt(change: str) -> None:
    assert of(f"ALTER TABLE t ALTER COLUMN {change}").certain


def test_a_type_that_is_dropped_or_has_another_name_is_known_no_more() -> None:
    for gone in ("DROP TYPE colour", "ALTER TYPE colour RENAME TO tone"):
        assert not of("ALTER TABLE t ADD COLUMN x colour", schema_of(f"{GIVEN}; {gone}")).certain
    assert of("ALTER TABLE t ADD COLUMN x tone", schema_of(f"{GIVEN}; ALTER TYPE colour RENAME TO tone")).certain


def test_what_a_whole_catalog_does_not_call_a_domain_is_none() -> None:
    schema = schema_of(GIVEN)
    schema.complete = True
    assert of("ALTER TABLE t ADD COLUMN x mood", schema).certain
