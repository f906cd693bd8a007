"""Whatever follows a column by its number is named when the column's name goes to another one, and only then."""

import pytest

from zdtui.hazards.example import schema_of
from zdtui.hazards.find import findings_of_sql

TABLE = """
CREATE TABLE users (id bigint PRIMARY KEY, age int, "ageNew" bigint, name text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
"""
SWAP = 'ALTER TABLE users RENAME age TO age_old; ALTER TABLE users RENAME "ageNew" TO age;'


def said(given: str, text: str) -> str:
    findings = findings_of_sql(text, "x.sql", schema=schema_of(f"{TABLE}; {given}"))
    return "; ".join(each.sentence for one in findings for each in one.hazards if each.rule == "follows-by-number")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("CREATE TRIGGER t BEFORE UPDATE OF id, age ON users FOR EACH ROW EXECUTE FUNCTION f()", "trigger t"),
        ("CREATE TRIGGER t BEFORE UPDATE OF age OR INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()", "trigger t"),
        ("CREATE VIEW v AS SELECT u.age FROM users AS u", "view v"),
        ("CREATE VIEW v AS SELECT * FROM users", "view v"),
        ("CREATE MATERIALIZED VIEW v AS SELECT age FROM users", "materialized view v"),
        ("CREATE POLICY p ON users USING (age > 1)", "policy p"),
        ("CREATE PUBLICATION p FOR TABLE users (id, age)", "publication p"),
    ],
)
def test_it_is_named_at_a_swap_and_not_at_a_rename(given: str, what: str) -> None:
    assert said(given, SWAP).startswith(f"{what} follows the column by its number")
    assert said(given, "ALTER TABLE users RENAME age TO age_old; ALTER TABLE users ADD COLUMN age text").startswith(
        what
    )
    assert said(given, "ALTER TABLE users RENAME age TO age_old") == ""


@pytest.mark.parametrize(
    "given",
    [
        "CREATE TRIGGER t BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.age > 1) EXECUTE FUNCTION f()",
        "CREATE VIEW v AS SELECT name FROM users",
        "CREATE VIEW v AS SELECT age FROM users; DROP VIEW v",
        "CREATE PUBLICATION p FOR TABLE users (id, name)",
    ],
)
def test_what_has_nothing_to_do_with_the_column_is_not(given: str) -> None:
    assert said(given, SWAP) == ""


def test_what_was_made_again_in_between_is_not() -> None:
    made = "CREATE TRIGGER t BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f()"
    assert said(made, f"BEGIN; DROP TRIGGER t ON users; {SWAP} {made}; COMMIT") == ""
