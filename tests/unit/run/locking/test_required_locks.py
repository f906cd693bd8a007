"""What is taken up front is a projection of what is predicted: which of the locks, which catalog has to be asked for it."""

from collections.abc import Iterable

import pytest

from zdtui.postgres.catalog.neighbourhood import Named
from zdtui.run.locks.required_locks import LEAST, may_need_locks, named_by, required_locks
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.predict import effects
from zdtui.sql.schema.relations import ForeignKey, Relation, RelationKind, Schema
from zdtui.sql.split import split
from zdtui.sql.text.identifiers import identifiers
from zdtui.sql.text.name import Name

ALL, WRITES, DDL = LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE_ROW_EXCLUSIVE, LockMode.SHARE_UPDATE_EXCLUSIVE
NAMES = ("p", "t", "child", "other")


def relation(number: int, name: str, kind: RelationKind = RelationKind.TABLE, **fields: object) -> Relation:
    return Relation(name=Name("public", name), oid=number, kind=kind, **fields)  # type: ignore[arg-type]


def schema() -> Schema:
    found = Schema(complete=True)
    t = Name("public", "t")
    found.put(
        [
            relation(1, "p"),
            relation(2, "t"),
            relation(3, "child", parents=(t,)),
            relation(4, "other"),
            relation(5, "t_idx", RelationKind.INDEX, table=t),
            relation(6, "t_seq", RelationKind.SEQUENCE, table=t),
        ]
    )
    found.foreign_keys.append(ForeignKey(name="t_fk", table=t, references=Name("public", "p"), columns=("a",)))
    return found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD COLUMN a int", {2: ALL, 3: ALL}),
        ("ALTER TABLE ONLY t ADD COLUMN a int", {2: ALL}),
        ("ALTER TABLE t SET (user_catalog_table = true)", {2: ALL}),
        ("ALTER TABLE t SET (fillfactor = 80)", {2: DDL}),
        ("ALTER TABLE t DROP CONSTRAINT t_fk", {1: ALL, 2: ALL, 3: ALL}),
        ("ALTER TABLE other ADD FOREIGN KEY (a) REFERENCES p NOT VALID", {1: WRITES, 4: WRITES}),
        ("DROP INDEX t_idx", {2: ALL}),
        ("REINDEX TABLE t", {2: LockMode.SHARE, 5: ALL}),
        ("ALTER TABLE other RENAME TO moved; ALTER TABLE moved ADD COLUMN x int", {4: ALL}),
        ("CREATE TABLE fresh (id int); ALTER TABLE fresh ADD COLUMN a int", {}),
        ("UPDATE other SET a = 1; ALTER TABLE t ADD COLUMN a int", {2: ALL, 3: ALL, 4: LockMode.ROW_EXCLUSIVE}),
        ("UPDATE other SET a = 1", {}),
        ("CREATE INDEX CONCURRENTLY ON t (a)", {}),
        ("ALTER TABLE missing ADD COLUMN a int", {}),
        ("SELECT 1", {}),
        ("this is not SQL", {}),
    ],
)
def test_what_is_taken(sql: str, expected: dict[int, LockMode]) -> None:
    assert required_locks(split(sql), schema(), 18).modes == expected


def test_what_cannot_be_named_is_not_nothing() -> None:
    found = required_locks(split("DROP FUNCTION f() CASCADE"), schema(), 18)
    assert found.unnamed is ALL
    assert "f" in found.unnamed_by
    assert required_locks(split("DROP FUNCTION f()"), schema(), 18).unnamed is None


STATEMENTS = (
    "ALTER TABLE t {}".format,
    "ALTER TABLE ONLY t {}".format,
)
ACTIONS = (
    *("ADD COLUMN a int", "DROP COLUMN a", "ALTER a TYPE bigint", "SET (user_catalog_table)", "RESET (fillfactor)"),
    *("RENAME TO u", "SET SCHEMA s", "OWNER TO r", "DISABLE TRIGGER x", "VALIDATE CONSTRAINT t_fk", "SET UNLOGGED"),
    *("ADD UNIQUE (a)", "ADD PRIMARY KEY USING INDEX t_idx", "CLUSTER ON t_idx", "INHERIT p", "NO INHERIT p"),
)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("version", [14, 16, 18])
def test_every_strong_lock_on_a_table_that_is_shown_is_taken_in_that_mode(action: str, version: int) -> None:
    for write in STATEMENTS:
        statements, known = split(write(action)), schema()
        said = _strong_tables(effects(statements[0].operations, known, version).locks, known)
        assert {
            oid: mode for oid, mode in required_locks(statements, schema(), version).modes.items() if oid < 5
        } == said


def _strong_tables(locks: Iterable[object], known: Schema) -> dict[int, LockMode]:
    found = {}
    for lock in locks:
        relation = known.find(lock.relation)  # type: ignore[attr-defined]
        if relation is not None and relation.kind is RelationKind.TABLE and lock.mode.strength >= LEAST.strength:  # type: ignore[attr-defined]
            found[relation.oid] = lock.mode  # type: ignore[attr-defined]
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("sql", "needed"),
    [
        ("ALTER TABLE t ADD COLUMN a int", True),
        ("DROP TYPE mood CASCADE", True),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", True),
        ("INSERT INTO t VALUES (1)", False),
        ("SELECT * FROM t", False),
        ("SET lock_timeout = '1s'", False),
    ],
)
def test_the_catalog_is_asked_only_where_a_strong_lock_may_come_of_it(sql: str, needed: bool) -> None:
    assert may_need_locks(split(sql)) is needed


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD COLUMN a int", {"by_relations": True}),
        ("SET lock_timeout = '1s'; ALTER TABLE t ADD COLUMN a int", {"by_relations": True}),
        ("DROP TABLE t CASCADE", {"drops_cascade": True}),
        ("TRUNCATE t CASCADE", {"truncates_cascade": True}),
        ("DROP TRIGGER IF EXISTS x ON t", {}),
        ("LOCK TABLE v", {}),
        ("DROP TYPE mood CASCADE", {"drops_cascade": True, "objects": frozenset({"drop", "type", "mood", "cascade"})}),
    ],
)
def test_what_decides_which_part_of_the_catalog_is_read(sql: str, expected: dict[str, object]) -> None:
    assert named_by(split(sql)) == Named(identifiers=identifiers([sql]), **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('ALTER TABLE "A ""b"" c" ADD x int', 'A "b" c'),
        ("ALTER TABLE Ünder ADD x int", "Ünder"),
        ("ALTER TABLE S.T ADD x int", "t"),
        ('ALTER TABLE U&"d\\0061t\\+000061\\\\" ADD x int', "data\\"),
    ],
)
def test_no_name_in_a_statement_is_missed(sql: str, name: str) -> None:
    assert name in identifiers([sql])
