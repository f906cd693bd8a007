"""What is locked up front is what the statement locks: compared, statement by statement, with pg_locks on real servers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import psycopg
import pytest

from tests.corpus import sample_of
from tests.corpus.kept import Seen, kept
from tests.corpus.observing import copy_with
from tests.fix_db import Database
from tests.integration.run.driver import do
from zdtui.demo.embedded import Cluster
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.table_locks.lock_facts import Target
from zdtui.run.locks.lock_set import lock_set
from zdtui.run.locks.required_locks import LEAST
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.predict import effects
from zdtui.sql.schema.relations import RelationKind, Schema
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

SCHEMA = """
CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_fk REFERENCES parent, n int CHECK (n > 0));
CREATE TABLE free (id int PRIMARY KEY, parent_id int, n int);
ALTER TABLE free ADD CONSTRAINT later CHECK (n > 0) NOT VALID;
CREATE INDEX free_n ON free (n);
CREATE TABLE parted (id int, k int, parent_id int REFERENCES parent, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE part_d PARTITION OF parted DEFAULT;
CREATE TABLE alone (id int NOT NULL, k int NOT NULL, parent_id int);
CREATE TABLE base (id int, x int);
CREATE TABLE heir (y int) INHERITS (base);
CREATE TABLE kin (id int, x int);
CREATE VIEW v AS SELECT id FROM free;
CREATE MATERIALIZED VIEW m AS SELECT id FROM free;
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER old BEFORE INSERT ON free FOR EACH ROW EXECUTE FUNCTION noop();
CREATE POLICY rows ON free USING (true);
"""
STATEMENTS = """
ALTER TABLE free ADD COLUMN a int
ALTER TABLE free ADD COLUMN a int REFERENCES parent
ALTER TABLE free ALTER COLUMN parent_id TYPE bigint
ALTER TABLE free ALTER COLUMN n SET NOT NULL
ALTER TABLE free ALTER COLUMN n SET DEFAULT 3
ALTER TABLE free ALTER COLUMN n SET STATISTICS 300
ALTER TABLE free ALTER COLUMN n SET (n_distinct = 5)
ALTER TABLE free SET (fillfactor = 80)
ALTER TABLE free RESET (fillfactor)
ALTER TABLE free DROP COLUMN n CASCADE
ALTER TABLE child DROP COLUMN parent_id
ALTER TABLE free ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent NOT VALID
ALTER TABLE free ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent
ALTER TABLE free ADD CONSTRAINT c CHECK (id > 0) NOT VALID
ALTER TABLE free VALIDATE CONSTRAINT later
ALTER TABLE child VALIDATE CONSTRAINT child_fk
ALTER TABLE child DROP CONSTRAINT child_fk
ALTER TABLE child DROP CONSTRAINT child_n_check
ALTER TABLE parent DROP CONSTRAINT parent_code_key
ALTER TABLE free DISABLE TRIGGER old
ALTER TABLE free ENABLE ROW LEVEL SECURITY
ALTER TABLE free RENAME TO freed
ALTER TABLE free RENAME COLUMN n TO nn
ALTER TABLE free CLUSTER ON free_n
ALTER TABLE free REPLICA IDENTITY FULL
ALTER TABLE free SET UNLOGGED
ALTER TABLE free OWNER TO CURRENT_USER
ALTER TABLE base ADD COLUMN z int
ALTER TABLE base RENAME TO basis
ALTER TABLE heir NO INHERIT base
ALTER TABLE kin INHERIT base
ALTER TABLE parted ADD COLUMN z int
ALTER TABLE parted ATTACH PARTITION alone FOR VALUES IN (2)
ALTER TABLE parted DETACH PARTITION part_1
CREATE TABLE made (id int REFERENCES parent, b int)
CREATE TABLE made () INHERITS (base)
CREATE TABLE part_2 PARTITION OF parted FOR VALUES IN (2)
CREATE INDEX ON free (parent_id)
CREATE INDEX ON parted (k)
CREATE TRIGGER t BEFORE UPDATE ON free FOR EACH ROW EXECUTE FUNCTION noop()
CREATE TRIGGER t BEFORE UPDATE ON parted FOR EACH ROW EXECUTE FUNCTION noop()
DROP TRIGGER old ON free
CREATE POLICY more ON free USING (true)
ALTER POLICY rows ON free USING (false)
DROP POLICY rows ON free
CREATE RULE r AS ON DELETE TO free DO INSTEAD NOTHING
CREATE STATISTICS s ON id, n FROM free
CREATE OR REPLACE VIEW v AS SELECT id FROM free
ALTER VIEW v RENAME TO w
DROP VIEW v
REFRESH MATERIALIZED VIEW m
DROP MATERIALIZED VIEW m
DROP TABLE alone
DROP TABLE alone, heir
DROP TABLE child
DROP TABLE parent CASCADE
DROP TABLE part_1
DROP TABLE parted
DROP INDEX free_n
ALTER INDEX free_n RENAME TO other
ALTER INDEX free_n SET (fillfactor = 80)
REINDEX INDEX free_n
REINDEX TABLE free
CLUSTER free USING free_n
TRUNCATE alone
TRUNCATE parent CASCADE
TRUNCATE parted
LOCK TABLE free, child IN SHARE MODE
LOCK TABLE ONLY base
UPDATE free SET n = 1; ALTER TABLE free ADD COLUMN a int
CREATE TABLE fresh (id int); ALTER TABLE fresh ADD COLUMN a int; ALTER TABLE free ADD COLUMN b int
ALTER TABLE IF EXISTS missing ADD COLUMN a int; ALTER TABLE free ADD COLUMN b int
""".strip().splitlines()
HELD = """
SELECT l.relation::bigint, l.mode FROM pg_locks AS l
 WHERE l.pid = pg_backend_pid() AND l.granted AND l.relation = ANY (%s::oid[])
"""
THERE = """
SELECT oid::bigint, relname, relkind IN ('r', 'p') FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'i', 'I')
"""
LOCKABLE = (RelationKind.TABLE, RelationKind.PARTITIONED)
FELT = LockMode.SHARE_UPDATE_EXCLUSIVE.strength
"""From this mode on others wait for it."""


@pytest.fixture
async def dsn(server: Database) -> str:
    await do(server.dsn(), SCHEMA)
    return str(server.dsn())


async def locked_by(session: psycopg.AsyncConnection, sql: str, there: list[int]) -> dict[int, LockMode]:
    """The strongest mode on each relation that was there before, once the statements have run; they are undone."""
    found: dict[int, LockMode] = {}
    async with session.transaction(force_rollback=True):
        await session.execute(sql.encode())
        for relation, mode in await (await session.execute(HELD, [there])).fetchall():
            held = LockMode.of_pg_locks(mode)
            assert held is not None
            found[relation] = max(held, found.get(relation, held), key=lambda each: each.strength)
    return found


async def test_every_strong_lock_on_a_table_is_foreseen_and_none_is_asked_for_that_is_stronger(dsn: str) -> None:
    wrong = []
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as session:
        there = await (await session.execute(THERE)).fetchall()
        for sql in STATEMENTS:
            targets = {target.oid: target for target in await lock_set(session, split(sql))}
            real = await locked_by(session, sql, [oid for oid, _, _ in there])
            for oid, name, is_table in there:
                target, held = targets.get(oid), real.get(oid)
                missed = (
                    is_table and held is not None and held.strength >= FELT and (target is None or not target.lockable)
                )
                if missed or (target is not None and target.lockable and target.mode is not held):
                    wrong.append(f"{sql}: {name} foreseen {target}, taken {held}")
    assert not wrong, "\n".join(wrong)


def shown(sql: str, schema: Schema, version: int) -> dict[Name, LockMode]:
    """The locks of the prediction that an operator sees, of the strength that is taken."""
    locks = [
        lock for each in split(sql) if each.transactional for lock in effects(each.operations, schema, version).locks
    ]
    taken = {lock.relation: lock.mode for lock in locks if lock.mode.strength >= LEAST.strength and not lock.late}
    return taken if any(mode.strength > LEAST.strength for mode in taken.values()) else {}


@pytest.mark.timeout(300)
async def test_what_is_taken_is_what_is_shown_and_what_the_server_takes(
    corpus_server: Cluster,
) -> None:
    version, wrong, compared = corpus_server.binaries.major, [], 0
    observed = kept(version)
    there = sorted(sample_of(version), key=lambda each: each.given)
    for given, group in groupby(there, key=lambda each: each.given):
        async with copy_with(corpus_server, given) as session:
            schema = await read_schema(session)
            for case in group:
                real = observed.get(case.name)
                if not isinstance(real, Seen) or not split(case.sql)[0].transactional:
                    continue
                compared += 1
                targets = await lock_set(session, split(case.sql))
                seen = {lock.relation: lock.mode for lock in real.observed.locks}
                said = shown(case.sql, schema, version)
                wrong += [f"{case.name}: {each}" for each in differences(targets, said, seen, schema)]
    assert compared > 25
    assert not wrong, "\n".join(wrong)


def differences(
    targets: Sequence[Target], said: Mapping[Name, LockMode], seen: Mapping[Name, LockMode], schema: Schema
) -> Iterator[str]:
    """Tables that are locked beside those that are shown and those the server locks; and what is only waited for."""
    tables = {name for name, known in schema.relations.items() if known.kind in LOCKABLE}
    locked = {Name(each.schema, each.name): each.mode for each in targets if each.lockable}
    waited = {Name(each.schema, each.name): each.mode for each in targets if not each.lockable}
    for name in sorted((locked.keys() | said.keys() | seen.keys()) & tables):
        mode, held = locked.get(name), seen.get(name)
        if mode is not said.get(name):
            yield f"{name}: shown {said.get(name)}, locked {mode}"
        if mode is not None and held is not mode:
            yield f"{name}: locked {mode}, by the server {held}"
        if mode is None and held is not None and held.strength >= FELT and waited.get(name) is not held:
            yield f"{name}: neither locked nor waited for, by the server {held}"
    for name in sorted(seen.keys() - tables):
        if seen[name].strength >= FELT and name not in waited and said.get(name) is not seen[name]:
            yield f"{name}: not waited for, by the server {seen[name]}"
