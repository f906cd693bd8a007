"""Data that is lost is never less than a stop, and a name that is freed and taken again means something else."""

import pytest

from zdtui.hazards.example import schema_of
from zdtui.hazards.find import findings_of_sql
from zdtui.hazards.hazard import Severity

SCHEMA = """
CREATE TABLE users (id bigint PRIMARY KEY, name text, age int, sidebar text);
CREATE TABLE orders (id bigint PRIMARY KEY);
"""
RULES = {"dropped-early", "cascade", "drop-everything", "column-rename", "table-rename", "truncate", "unbatched-change"}


def worst(sql: str) -> Severity | None:
    found = [
        hazard.severity
        for finding in findings_of_sql(sql, "x.sql", schema=schema_of(SCHEMA))
        for hazard in finding.hazards
        if hazard.rule in RULES
    ]
    return max(found, key=lambda each: each.rank, default=None)


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE users",
        "DROP TABLE IF EXISTS users; CREATE TABLE users (id bigint)",
        "BEGIN; DROP TABLE IF EXISTS users; CREATE TABLE users (id bigint); COMMIT",
        "DROP TABLE IF EXISTS unknown; CREATE TABLE unknown (id bigint)",
        "CREATE TABLE IF NOT EXISTS perhaps (id bigint); DROP TABLE perhaps",
        "CREATE INDEX ON users (age); DROP TABLE users",
        "CREATE TABLE other AS SELECT * FROM orders; DROP TABLE users; ALTER TABLE other RENAME TO users",
        "ALTER TABLE users DROP COLUMN age, ADD COLUMN age bigint",
        "ALTER TABLE users DROP COLUMN age; ALTER TABLE users ADD COLUMN age bigint",
        "ALTER TYPE place DROP ATTRIBUTE x",
        "DROP TYPE mood CASCADE",
        "DROP DOMAIN positive CASCADE",
        "DROP SCHEMA app CASCADE",
        "DROP EXTENSION hstore CASCADE",
        "DROP OWNED BY ana",
        "DROP DATABASE shop",
        "TRUNCATE users",
        "DELETE FROM users",
        "DO $$ BEGIN DROP TABLE users; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT 1) THEN EXECUTE 'TRUNCATE users'; END IF; END $$",
    ],
)
def test_data_that_is_lost_is_a_stop(sql: str) -> None:
    assert worst(sql) is Severity.STOP


@pytest.mark.parametrize(
    ("sql", "severity"),
    [
        ("CREATE TABLE own (id bigint); DROP TABLE own", None),
        ("ALTER TABLE users ADD COLUMN new int; ALTER TABLE users DROP COLUMN new", None),
        ("CREATE TEMPORARY TABLE own (id bigint); DROP TABLE own", None),
        ("DROP VIEW names; CREATE VIEW names AS SELECT 1", None),
        ("DROP VIEW names", Severity.WARN),
        ("DROP SEQUENCE numbers; CREATE SEQUENCE numbers", Severity.WARN),
        (
            "CREATE TABLE new (LIKE users); INSERT INTO new SELECT * FROM users; DROP TABLE users; "
            "ALTER TABLE new RENAME TO users",
            Severity.WARN,
        ),
        ("DROP FUNCTION f CASCADE", Severity.WARN),
    ],
)
def test_what_can_be_had_again_is_less(sql: str, severity: Severity | None) -> None:
    assert worst(sql) is severity


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE users RENAME name TO title; ALTER TABLE users RENAME sidebar TO name",
        "BEGIN; ALTER TABLE users RENAME name TO x; ALTER TABLE users RENAME age TO name; COMMIT",
        "ALTER TABLE users RENAME name TO x; ALTER TABLE users RENAME sidebar TO name; ALTER TABLE users RENAME x TO sidebar",
        "ALTER TABLE users RENAME name TO title; ALTER TABLE users ADD COLUMN name text",
        "ALTER TABLE users RENAME TO people; CREATE TABLE users (id bigint)",
        "ALTER TABLE users RENAME TO people; ALTER TABLE orders RENAME TO users",
        "BEGIN; ALTER TABLE users SET SCHEMA attic; CREATE TABLE users (id bigint); COMMIT",
    ],
)
def test_a_name_that_is_freed_and_taken_again_is_a_stop_that_says_so(sql: str) -> None:
    findings = findings_of_sql(sql, "x.sql", schema=schema_of(SCHEMA))
    sentences = [each.sentence for found in findings for each in found.hazards if each.severity is Severity.STOP]
    assert any(" gets " in sentence for sentence in sentences), sentences


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE users RENAME age TO age_old; ALTER TABLE users RENAME age_new TO age",
        "ALTER TABLE users ADD COLUMN whole bigint; ALTER TABLE users RENAME age TO old; "
        "ALTER TABLE users RENAME whole TO age",
        "ALTER TABLE users RENAME TO users_old; ALTER TABLE users_new RENAME TO users",
        "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people",
        "ALTER TABLE users RENAME TO users_1; CREATE TABLE users (id bigint) PARTITION BY RANGE (id); "
        "ALTER TABLE users ATTACH PARTITION users_1 FOR VALUES FROM (1) TO (9)",
    ],
)
def test_one_that_stands_in_for_the_other_is_let_be(sql: str) -> None:
    assert worst(sql) is None
