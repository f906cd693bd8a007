"""Effects from operations: small tables. The whole corpus is held against real servers by the integration tests."""

from dataclasses import replace

import pytest

from zdtui.sql.effects import Effects
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import UNKNOWN, Mention, Operation, Role
from zdtui.sql.predict import effects
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

TABLES = """
CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, org_id int REFERENCES org, name text, age int);
CREATE INDEX users_name_idx ON users (name);
CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
"""
AS, RX, SUX, S, SRX, X, AX = (
    LockMode.ACCESS_SHARE,
    LockMode.ROW_EXCLUSIVE,
    LockMode.SHARE_UPDATE_EXCLUSIVE,
    LockMode.SHARE,
    LockMode.SHARE_ROW_EXCLUSIVE,
    LockMode.EXCLUSIVE,
    LockMode.ACCESS_EXCLUSIVE,
)


def schema(complete: bool = True) -> Schema:
    known = Schema()
    for statement in split(TABLES):
        for operation in statement.operations:
            follow(known, operation)
    known.put([replace(each, fresh=False) for each in list(known.relations.values())])
    known.complete = complete
    return known


def of(sql: str, known: Schema | None = None, version: int = 18) -> Effects:
    (statement,) = split(sql)
    return effects(statement.operations, schema() if known is None else known, version)


def locks(found: Effects) -> dict[str, LockMode]:
    return {str(each.relation): each.mode for each in found.locks}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE users ADD COLUMN x int", {"users": AX}),
        ("ALTER TABLE users ALTER age SET STATISTICS 100", {"users": SUX}),
        ("ALTER TABLE users ALTER age SET STATISTICS 100, ADD COLUMN x int", {"users": AX}),
        ("ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES org", {"users": SRX, "org": SRX}),
        ("ALTER TABLE users ADD COLUMN x int REFERENCES org", {"users": AX, "org": SRX}),
        ("ALTER TABLE log ADD COLUMN x int", {"log": AX, "log_1": AX}),
        ("CREATE INDEX ON users (age)", {"users": S}),
        ("CREATE INDEX CONCURRENTLY ON users (age)", {"users": SUX}),
        ("DROP TABLE users", {"users": AX, "users_pkey": AX, "users_name_idx": AX, "org": AX}),
        ("LOCK TABLE users IN EXCLUSIVE MODE", {"users": X}),
        ("LOCK TABLE users", {"users": AX}),
        ("DROP TABLE IF EXISTS nothing", {}),
        ("ALTER TABLE IF EXISTS nothing ADD COLUMN x int", {}),
        ("SELECT 1", {}),
        ("CREATE TYPE mood AS ENUM ('fine')", {}),
    ],
)
def test_which_locks(sql: str, expected: dict[str, LockMode]) -> None:
    assert locks(of(sql)) == expected


@pytest.mark.parametrize(("valid", "other_side"), [("NOT VALID", {"org": LockMode.ROW_SHARE}), ("", {})])
def test_proving_a_foreign_key_touches_the_other_table_only_while_it_is_not_proved(
    valid: str, other_side: dict[str, LockMode]
) -> None:
    known = schema()
    (added,) = split(f"ALTER TABLE users ADD CONSTRAINT key FOREIGN KEY (age) REFERENCES org {valid}")
    for operation in added.operations:
        follow(known, operation)
    found = of("ALTER TABLE users VALIDATE CONSTRAINT key", known)
    assert locks(found) == {"users": SUX, **other_side}


@pytest.mark.parametrize(
    ("sql", "version", "rewrites", "scans"),
    [
        ("ALTER TABLE users ADD COLUMN x int DEFAULT 7", 18, [], []),
        ("ALTER TABLE users ADD COLUMN x float DEFAULT random()", 18, ["users"], ["users"]),
        ("ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS (age) STORED", 18, ["users"], ["users"]),
        ("ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS (age)", 18, [], []),
        ("ALTER TABLE users ALTER name TYPE varchar", 18, [], []),
        ("ALTER TABLE users ALTER age TYPE bigint", 18, ["users"], ["users"]),
        ("ALTER TABLE users ALTER name SET NOT NULL", 18, [], ["users"]),
        ("ALTER TABLE users ALTER id SET NOT NULL", 18, [], []),
        ("ALTER TABLE users ADD CHECK (age > 0)", 18, [], ["users"]),
        ("ALTER TABLE users ADD CHECK (age > 0) NOT VALID", 18, [], []),
        ("ALTER TABLE log ADD COLUMN x float DEFAULT random()", 18, ["log_1"], ["log_1"]),
        ("VACUUM FULL users", 18, ["users"], ["users"]),
    ],
)
def test_what_is_rewritten_and_read(sql: str, version: int, rewrites: list[str], scans: list[str]) -> None:
    found = of(sql, version=version)
    assert (list(map(str, found.rewrites)), list(map(str, found.scans))) == (rewrites, scans)
    assert found.wal_heavy or not rewrites


@pytest.mark.parametrize(
    ("sql", "version", "allowed"),
    [
        ("CREATE INDEX CONCURRENTLY ON users (age)", 18, False),
        ("VACUUM users", 18, False),
        ("ALTER TABLE log DETACH PARTITION log_1 CONCURRENTLY", 18, False),
        ("ALTER TABLE log DETACH PARTITION log_1", 18, True),
        ("CREATE INDEX ON users (age)", 18, True),
    ],
)
def test_whether_a_transaction_takes_it(sql: str, version: int, allowed: bool) -> None:
    assert of(sql, version=version).transactional is allowed


@pytest.mark.parametrize(
    ("sql", "reads", "writes", "ddl"),
    [
        ("ALTER TABLE users ADD COLUMN x int", True, True, True),
        ("CREATE INDEX ON users (age)", False, True, True),
        ("CREATE INDEX CONCURRENTLY ON users (age)", False, False, True),
        ("UPDATE users SET age = 1", False, False, False),
    ],
)
def test_who_is_kept_out(sql: str, reads: bool, writes: bool, ddl: bool) -> None:
    found, table = of(sql), schema().resolve(Name(None, "users"))
    assert [table in names for names in (found.blocks_reads, found.blocks_writes, found.blocks_ddl)] == [
        reads,
        writes,
        ddl,
    ]


def test_versions_differ_where_servers_do() -> None:
    sql = "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"
    known = schema()
    for statement in split(
        "ALTER TABLE log ADD PRIMARY KEY (id, at); CREATE TABLE note (id int, at date, FOREIGN KEY (id, at) REFERENCES log)"
    ):
        for operation in statement.operations:
            follow(known, operation)
    assert locks(of(sql, known, 14))["note"] is AS
    assert locks(of(sql, known, 15))["note"] is SRX


def test_what_nobody_understands_is_taken_at_its_worst() -> None:
    assert not of("FROBNICATE TABLE users").known
    named = Operation(kind=UNKNOWN, relation=Name(None, "users"), mentions=(Mention(Role.READ, Name(None, "org")),))
    found = effects((named,), schema())
    assert locks(found) == {"users": AX, "org": AX}
    assert not found.known


def test_a_table_that_is_not_known_leaves_a_doubt_only_where_there_may_be_more() -> None:
    sql = "ALTER TABLE elsewhere ADD COLUMN x int"
    from_text, from_server = of(sql, Schema()), of(sql, schema(complete=True))
    assert locks(from_text) == {"elsewhere": AX}
    assert (from_text.certain, bool(from_text.doubt)) == (False, True)
    assert (from_server.certain, locks(from_server)) == (True, {})


@pytest.mark.parametrize("sql", ["DO $$ BEGIN END $$", "CALL p()"])
def test_code_that_is_not_shown_leaves_a_doubt(sql: str) -> None:
    found = of(sql)
    assert (found.certain, bool(found.doubt)) == (False, True)


@pytest.mark.parametrize(
    ("sql", "inverse"),
    [
        ("ALTER TABLE users ADD COLUMN x int", "ALTER TABLE users DROP COLUMN x"),
        ("ALTER TABLE users DROP COLUMN age", None),
        ("DELETE FROM users", None),
        ("ALTER TABLE users ADD COLUMN x int, ADD COLUMN y int", None),
    ],
)
def test_what_undoes_it(sql: str, inverse: str | None) -> None:
    assert of(sql).inverse == inverse


def test_the_strongest_lock_counts_once_a_relation() -> None:
    found = of("ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES users (id)")
    assert locks(found) == {"users": SRX}
    assert found.strongest == found.locks[0]


@pytest.mark.parametrize(
    ("sql", "absent"),
    [
        ("ALTER TABLE shop.no_such ADD COLUMN a int", ["shop.no_such"]),
        ("DROP TABLE IF EXISTS shop.no_such", ["shop.no_such"]),
        ("CREATE INDEX ON shop.no_such (a)", ["shop.no_such"]),
        ("CREATE TABLE shop.made (a int)", []),
        ("CREATE TABLE shop.made (a int); ", []),
    ],
)
def test_what_is_not_there_is_named_where_the_whole_schema_is_known(sql: str, absent: list[str]) -> None:
    assert [str(name) for name in of(sql).absent] == absent
    assert of(sql, Schema()).absent == ()
