"""A name that is freed and taken by something else does not fail: it means something else, and that is what is said."""

import pytest

from zdtui.hazards.find import findings_of_sql

FAILS = "fails the moment this commits"


def said(sql: str) -> list[str]:
    found = findings_of_sql(sql, "m.sql")
    return [one.sentence for each in found for one in each.hazards if one.rule in ("object-rename", "object-dropped")]


TAKEN = [
    ("ALTER TYPE mood RENAME TO old; ALTER TYPE other RENAME TO mood", "type mood gets what was other"),
    ("ALTER TYPE mood RENAME TO old; CREATE DOMAIN mood AS text", "type mood gets another, new one"),
    ("ALTER DOMAIN d SET SCHEMA attic; CREATE DOMAIN d AS text", "domain d gets another, new one"),
    ("ALTER TYPE p RENAME ATTRIBUTE a TO b; ALTER TYPE p ADD ATTRIBUTE a int", "attribute a gets another, new one"),
    ("ALTER FUNCTION f() RENAME TO g; ALTER FUNCTION h() RENAME TO f", "function f gets what was h"),
    ("ALTER SEQUENCE q RENAME TO r; CREATE SEQUENCE q", "sequence q gets another, new one"),
    ("ALTER SCHEMA a RENAME TO b; ALTER SCHEMA c RENAME TO a", "schema a gets what was c"),
    ("DROP FUNCTION f(); ALTER FUNCTION g() RENAME TO f", "function f gets what was g"),
    ("DROP TYPE mood; ALTER TYPE other RENAME TO mood", "type mood gets what was other"),
]


@pytest.mark.parametrize(("sql", "becomes"), TAKEN)
def test_what_takes_the_name_is_said(sql: str, becomes: str) -> None:
    first = said(sql)[0]
    assert becomes in first
    assert FAILS not in first


FREED = [
    "ALTER TYPE mood RENAME TO old",
    "ALTER TYPE other RENAME TO mood; ALTER TYPE mood RENAME TO old",
    "ALTER TYPE mood RENAME TO old; CREATE FUNCTION mood() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TYPE mood RENAME TO old; CREATE TYPE s.mood AS ENUM ('a')",
    "DROP FUNCTION f()",
    "BEGIN; DROP FUNCTION f(); COMMIT; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP OPERATOR + (int, int)",
    "ALTER SCHEMA a RENAME TO b",
]


@pytest.mark.parametrize("sql", FREED)
def test_a_name_that_nothing_takes_fails(sql: str) -> None:
    assert any(FAILS in each for each in said(sql))


NOBODY_S = [
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood RENAME TO other",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f()",
    "CREATE SCHEMA a; ALTER SCHEMA a RENAME TO b",
    "DROP FUNCTION f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
]


@pytest.mark.parametrize("sql", NOBODY_S)
def test_what_the_text_itself_made_nobody_uses_yet(sql: str) -> None:
    assert said(sql) == []


def test_what_was_there_perhaps_is_not_the_text_s_own() -> None:
    made = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    assert said(f"{made}; DROP FUNCTION f()")
