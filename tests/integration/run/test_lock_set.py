"""What is locked up front is what the statement locks: compared, statement by statement, with pg_locks on real servers."""

import psycopg
import pytest

from tests.corpus import SCHEMA as CORPUS
from tests.corpus import cases
from tests.corpus.observing import kept
from tests.fix_db import Database
from tests.integration.run.driver import do
from zdtui.demo.embedded import SUPERUSER
from zdtui.run.locks.lock_set import lock_set
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.split import split
from zdtui.trace.observed import Observed

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
            foreseen = {target.oid: target.mode for target in await lock_set(session, split(sql))}
            real = await locked_by(session, sql, [oid for oid, _, _ in there])
            for oid, name, is_table in there:
                asked, held = (-1 if mode is None else mode.strength for mode in (foreseen.get(oid), real.get(oid)))
                if (is_table and held >= FELT and asked < held) or (asked >= FELT and asked > held):
                    wrong.append(f"{sql}: {name} foreseen {foreseen.get(oid)}, taken {real.get(oid)}")
    assert not wrong, "\n".join(wrong)


FELT_BY_WRITERS = LockMode.SHARE.strength
HIDDEN = (
    "ALTER DOMAIN",
    "DROP DOMAIN",
    "DROP TYPE",
    "DROP SEQUENCE",
    "DROP FUNCTION",
    "DROP EXTENSION",
    "user_catalog_table",
)
"""What the text does not show: which tables use a type, a sequence or a function. The ceiling and the watchdog are there for it."""


LESS = ("IF EXISTS", "ADD UNIQUE", "ADD PRIMARY KEY", "NO INHERIT")
"""Where less than is asked for may be taken: what is not there, and in PostgreSQL 16 the children of what is changed."""


async def test_the_whole_corpus_of_statements_is_foreseen_but_for_what_the_text_hides(server: Database) -> None:
    major = server.cluster.binaries.major
    observed, wrong, compared = kept(major), [], 0
    async with await psycopg.AsyncConnection.connect(server.dsn(SUPERUSER), autocommit=True) as session:
        role = f"reader_of_{server.name}"[:63]
        await session.execute(CORPUS.replace("corpus_reader", f'"{role}"').encode())
        tables = {f"public.{name}" for _, name, is_table in await (await session.execute(THERE)).fetchall() if is_table}
        for case in cases():
            real, statements = observed.get(case.name), split(case.sql)
            if case.given or not isinstance(real, Observed) or not all(each.transactional for each in statements):
                continue
            compared += 1
            taken = {str(lock.relation): lock.mode for lock in real.locks}
            asked = {f"{each.schema}.{each.name}": each.mode for each in await lock_set(session, statements)}
            for name in tables & (asked.keys() | taken.keys()):
                foreseen, held = (-1 if mode is None else mode.strength for mode in (asked.get(name), taken.get(name)))
                missed = held >= FELT_BY_WRITERS and foreseen < held and not any(each in case.sql for each in HIDDEN)
                too_much = foreseen >= FELT and foreseen > held and not any(each in case.sql for each in LESS)
                if missed or too_much:
                    wrong.append(f"{case.sql}: {name} foreseen {asked.get(name)}, taken {taken.get(name)}")
        await session.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"'.encode())
    assert compared > 300
    assert not wrong, "\n".join(wrong)
