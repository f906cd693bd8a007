"""What statements that came before decide of one that comes after: domains, constraints, columns that went."""

import pytest

from zdtui.hazards.example import schema_of
from zdtui.sql.effects import Effects
from zdtui.sql.predict import effects
from zdtui.sql.split import split

TWO = "CREATE TABLE b (id int PRIMARY KEY, t text); CREATE TABLE a (id int PRIMARY KEY, t int, b int REFERENCES b);"


def after(before: str, statement: str, version: int = 18) -> Effects:
    (read,) = split(statement)
    return effects(read.operations, schema_of(before), version)


def locked(found: Effects) -> dict[str, str]:
    return {str(lock.relation): str(lock.mode) for lock in found.locks}


def names(found: tuple[object, ...]) -> list[str]:
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("domain", "rewrites"),
    [
        ("CREATE DOMAIN d AS int CHECK (VALUE > 0);", True),
        ("CREATE DOMAIN d int CONSTRAINT c CHECK (VALUE > 0);", True),
        ("CREATE DOMAIN public.d AS int NOT NULL;", True),
        ("CREATE DOMAIN d AS int;", False),
        ("CREATE DOMAIN d AS int DEFAULT 1 NULL;", False),
        ("CREATE DOMAIN e AS int CHECK (VALUE > 0); CREATE DOMAIN d AS e;", True),
        ("CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;", True),
        ("CREATE DOMAIN d AS int; ALTER DOMAIN d SET NOT NULL;", True),
        ("CREATE DOMAIN e AS int CHECK (VALUE > 0); ALTER DOMAIN e RENAME TO d;", True),
        ("CREATE DOMAIN d AS int CHECK (VALUE > 0); DROP DOMAIN d; CREATE DOMAIN d AS int;", False),
    ],
)
def test_a_column_of_a_domain_that_could_be_failed_rewrites_the_table(domain: str, rewrites: bool) -> None:
    for written in ("d", "public.d", '"d"'):
        assert bool(after(TWO + domain, f"ALTER TABLE a ADD COLUMN p {written}").rewrites) is rewrites


def test_an_array_of_such_a_domain_does_not() -> None:
    assert not after(TWO + "CREATE DOMAIN d AS int CHECK (VALUE > 0);", "ALTER TABLE a ADD COLUMN p d[]").rewrites


@pytest.mark.parametrize(
    ("column", "scans"),
    [
        ("v int GENERATED ALWAYS AS (t) VIRTUAL NOT NULL", ["a"]),
        ("v int GENERATED ALWAYS AS (t) NOT NULL", ["a"]),
        ("v int GENERATED ALWAYS AS (t) VIRTUAL CHECK (v > 0)", ["a"]),
        ("v int GENERATED ALWAYS AS (t) VIRTUAL", []),
        ("v int NOT NULL DEFAULT 3", []),
    ],
)
def test_a_virtual_column_that_may_not_be_null_is_proved_row_by_row(column: str, scans: list[str]) -> None:
    assert names(after(TWO, f"ALTER TABLE a ADD COLUMN {column}").scans) == scans


def test_enforcing_a_key_locks_and_reads_both_tables() -> None:
    before = TWO + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES b NOT ENFORCED;"
    found = after(before, "ALTER TABLE a ALTER CONSTRAINT f ENFORCED")
    assert locked(found) == {"a": "ACCESS EXCLUSIVE", "b": "SHARE ROW EXCLUSIVE"}
    assert names(found.scans) == ["a", "b"]
    enforced = before + "ALTER TABLE a ALTER CONSTRAINT f ENFORCED;"
    assert not after(enforced, "ALTER TABLE a ALTER CONSTRAINT f ENFORCED").scans
    assert locked(after(enforced, "ALTER TABLE a ALTER CONSTRAINT f NOT ENFORCED"))["b"] == "ACCESS EXCLUSIVE"
    assert not after(enforced, "ALTER TABLE a ALTER CONSTRAINT f DEFERRABLE").scans


def test_what_an_unknown_key_references_is_locked_too() -> None:
    found = after("", "ALTER TABLE x ALTER CONSTRAINT f ENFORCED")
    assert found.unnamed is not None
    assert not found.certain


@pytest.mark.parametrize("what", ["TABLE", "INDEX", "MATERIALIZED VIEW"])
def test_all_in_a_tablespace_is_never_nothing(what: str) -> None:
    found = after(TWO, f"ALTER {what} ALL IN TABLESPACE x SET TABLESPACE y")
    assert found.unnamed is not None
    assert found.unnamed.rewritten
    assert not found.certain


def test_an_index_that_moves_is_copied() -> None:
    before = TWO + "CREATE INDEX i ON a (t);"
    assert names(after(before, "ALTER INDEX i SET TABLESPACE fast").rebuilds) == ["i"]


@pytest.mark.parametrize(
    ("statement", "neighbours"),
    [
        ("UPDATE a SET t = 2", set()),
        ("UPDATE a SET b = 2", {"b"}),
        ("UPDATE a SET t = 2, b = b", {"b"}),
        ("INSERT INTO a VALUES (1)", {"b"}),
        ("DELETE FROM a", set()),
        ("DELETE FROM b", {"a"}),
        ("UPDATE b SET t = 'x'", set()),
        ("UPDATE b SET id = 2", {"a"}),
        ("INSERT INTO b VALUES (1)", set()),
    ],
)
def test_a_foreign_keys_other_table_is_touched_only_with_its_columns(statement: str, neighbours: set[str]) -> None:
    found = locked(after(TWO, statement))
    assert found.keys() - {statement.split(" ")[2 if statement.startswith(("INSERT", "DELETE")) else 1]} == neighbours


@pytest.mark.parametrize("drop", ["ALTER TABLE a DROP COLUMN b;", "ALTER TABLE a DROP CONSTRAINT a_b_fkey;"])
def test_a_key_goes_with_its_column(drop: str) -> None:
    assert locked(after(TWO + drop, "DELETE FROM b")) == {"b": "ROW EXCLUSIVE"}


def test_what_is_on_a_column_follows_its_new_name() -> None:
    before = TWO + "ALTER TABLE a RENAME b TO c; ALTER TABLE b RENAME id TO key;"
    assert "b" in locked(after(before, "UPDATE a SET c = 1"))
    assert "a" in locked(after(before, "UPDATE b SET key = 1"))
    proved = TWO + "ALTER TABLE a ADD CHECK (t IS NOT NULL); ALTER TABLE a RENAME t TO u;"
    assert not after(proved, "ALTER TABLE a ALTER u SET NOT NULL").scans


def test_a_table_is_known_by_its_new_schema() -> None:
    found = after(TWO + "ALTER TABLE a SET SCHEMA attic;", "ALTER TABLE attic.a DROP COLUMN b")
    assert "b" in locked(found)


RANGE = "CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE p (LIKE m);"
ATTACH = "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"


@pytest.mark.parametrize(
    ("check", "reads"),
    [
        ("at >= '2026-01-01' AND at < '2026-02-01'", False),
        ("(at >= date '2026-01-01') AND (at < '2026-02-01'::date) AND at IS NOT NULL", False),
        ("at >= '2026-01-05' AND at < '2026-01-20'", False),
        ("at >= '2025-12-31' AND at < '2026-02-01'", True),
        ("at > '2026-01-01' OR at < '2026-02-01'", True),
        ("NOT (at >= '2026-01-01' AND at < '2026-02-01')", True),
        ("at >= '2026-01-01'", True),
        ("made >= '2026-01-01' AND made < '2026-02-01'", True),
    ],
)
def test_attach_reads_nothing_that_a_valid_check_proves(check: str, reads: bool) -> None:
    not_valid = f"{RANGE} ALTER TABLE p ADD CONSTRAINT c CHECK ({check}) NOT VALID;"
    assert after(not_valid, ATTACH).scans
    assert bool(after(f"{not_valid} ALTER TABLE p VALIDATE CONSTRAINT c;", ATTACH).scans) is reads


def test_attach_reads_what_its_indexes_and_keys_need() -> None:
    proved = f"{RANGE} ALTER TABLE p ADD CHECK (at >= '2026-01-01' AND at < '2026-02-01');"
    assert after(f"{proved} CREATE INDEX ON m (at);", ATTACH).scans
    assert not after(f"{proved} CREATE INDEX ON m (at); CREATE INDEX ON p (at);", ATTACH).scans
    assert after(f"{proved} CREATE UNIQUE INDEX ON m (at); CREATE INDEX ON p (at);", ATTACH).scans
    keyed = f"CREATE TABLE days (at date PRIMARY KEY); {proved} ALTER TABLE m ADD FOREIGN KEY (at) REFERENCES days;"
    assert after(keyed, ATTACH).scans


@pytest.mark.parametrize(
    ("check", "reads"),
    [("k = 'a'", False), ("k IN ('a', 'b')", False), ("k = ANY (ARRAY['b'])", False), ("k IN ('a', 'c')", True)],
)
def test_attach_of_a_list(check: str, reads: bool) -> None:
    before = "CREATE TABLE m (k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p (k text NOT NULL);"
    attach = "ALTER TABLE m ATTACH PARTITION p FOR VALUES IN ('a', 'b')"
    assert bool(after(f"{before} ALTER TABLE p ADD CHECK ({check});", attach).scans) is reads
    may_be_null = before.replace("p (k text NOT NULL)", "p (k text)")
    assert after(f"{may_be_null} ALTER TABLE p ADD CHECK ({check});", attach).scans


def test_an_index_is_called_as_its_constraint_is() -> None:
    before = TWO + "ALTER TABLE b ADD CONSTRAINT once UNIQUE (t); ALTER TABLE b RENAME CONSTRAINT once TO one;"
    assert "one" in locked(after(before, "ALTER TABLE b DROP CONSTRAINT one"))
    again = before + "ALTER TABLE b RENAME CONSTRAINT one TO another; ALTER TABLE a RENAME CONSTRAINT a_b_fkey TO f;"
    assert "another" in locked(after(again, "ALTER TABLE b DROP CONSTRAINT another"))
    assert "b" in locked(after(again, "ALTER TABLE a DROP CONSTRAINT f"))
