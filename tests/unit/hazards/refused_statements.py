"""What servers refuse and take, by version, on one small schema: the oracle is the server, the table is what we say."""

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE unused AS ENUM ('x');
CREATE TABLE users (id bigint PRIMARY KEY, name text, mood mood);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
CREATE TABLE parts (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
CREATE INDEX parts_k ON parts (k);
CREATE TABLE with_default (id int) PARTITION BY RANGE (id);
CREATE TABLE rest PARTITION OF with_default DEFAULT;
CREATE TABLE first PARTITION OF with_default FOR VALUES FROM (1) TO (2);
CREATE VIEW names AS SELECT name FROM users;
CREATE MATERIALIZED VIEW counted AS SELECT id, name FROM users;
CREATE MATERIALIZED VIEW keyed AS SELECT id, name FROM users;
CREATE UNIQUE INDEX keyed_id ON keyed (id);
CREATE TABLE alone (id bigint, name text);
CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN UPDATE alone SET name = '' WHERE id = 1; COMMIT; END $$;
CREATE PROCEDURE stays() LANGUAGE plpgsql AS $$ BEGIN UPDATE alone SET name = '' WHERE id = 1; END $$;
"""
REFUSED = """
BEGIN; VACUUM alone; COMMIT
BEGIN; CREATE INDEX CONCURRENTLY i ON alone (id); COMMIT
BEGIN; DROP INDEX CONCURRENTLY keyed_id; COMMIT
BEGIN; REINDEX TABLE CONCURRENTLY alone; COMMIT
BEGIN; CREATE DATABASE another; COMMIT
BEGIN; ALTER SYSTEM SET work_mem = '4MB'; COMMIT
BEGIN; DISCARD ALL; COMMIT
BEGIN; ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY; COMMIT
BEGIN; CALL commits(); COMMIT
BEGIN; DO $$ BEGIN COMMIT; END $$; COMMIT
BEGIN; ALTER TYPE mood ADD VALUE 'glad'; UPDATE users SET mood = 'glad' WHERE id = 1; COMMIT
BEGIN; ALTER TYPE mood ADD VALUE 'glad'; ALTER TABLE users ADD COLUMN m mood DEFAULT 'glad'; COMMIT
BEGIN; ALTER TYPE mood ADD VALUE 'glad'; INSERT INTO users VALUES (1, 'x', 'glad'); COMMIT
DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON alone (id); END $$
DO $$ BEGIN EXECUTE 'VACUUM alone'; END $$
CREATE INDEX CONCURRENTLY i ON parts (k)
DROP INDEX CONCURRENTLY parts_k
DROP INDEX CONCURRENTLY keyed_id, parts_k
DROP INDEX CONCURRENTLY keyed_id CASCADE
ALTER TABLE with_default DETACH PARTITION first CONCURRENTLY
REFRESH MATERIALIZED VIEW CONCURRENTLY counted
REFRESH MATERIALIZED VIEW CONCURRENTLY keyed WITH NO DATA
ALTER TABLE parts ADD UNIQUE (k)
ALTER TABLE parts DROP COLUMN id
ALTER TABLE parts ALTER COLUMN id TYPE bigint
ALTER TABLE parts_1 DROP COLUMN k
ALTER TABLE parts_1 ALTER COLUMN k TYPE bigint
TRUNCATE users
DROP TABLE users
DROP TABLE IF EXISTS orders, users
DROP TYPE mood
"""
"""By every version. One line each; several statements of a line are sent one by one."""
TAKEN = """
VACUUM alone
BEGIN; ANALYZE alone; COMMIT
BEGIN; REINDEX TABLE alone; COMMIT
BEGIN; CALL stays(); COMMIT
CALL commits()
DO $$ BEGIN COMMIT; END $$
BEGIN; ALTER TYPE mood ADD VALUE 'glad'; COMMIT; UPDATE users SET mood = 'glad' WHERE id = 1
BEGIN; ALTER TYPE mood ADD VALUE 'glad'; UPDATE alone SET name = 'glad' WHERE id = 1; COMMIT
REINDEX INDEX CONCURRENTLY keyed_id
REFRESH MATERIALIZED VIEW CONCURRENTLY keyed
ALTER TABLE parts ADD UNIQUE (id, k)
ALTER TABLE parts DROP COLUMN k
ALTER TABLE parts ALTER COLUMN k TYPE bigint
TRUNCATE users, orders
TRUNCATE users CASCADE
DROP TABLE orders
DROP TABLE users CASCADE
DROP TYPE unused
DROP TYPE mood CASCADE
"""
NEWER = """
18 ALTER TABLE alone ADD COLUMN v bigint GENERATED ALWAYS AS (id + 1) VIRTUAL
18 ALTER TABLE alone ADD CONSTRAINT n NOT NULL id NOT VALID
18 ALTER TABLE alone ADD CHECK (id > 0) NOT ENFORCED
18 ALTER TABLE parts ADD FOREIGN KEY (k) REFERENCES alone_key NOT VALID
18 SELECT uuidv7()
18 VACUUM ONLY alone
18 UPDATE alone SET id = 1 WHERE id = 2 RETURNING WITH (OLD AS o) o.id
17 MERGE INTO alone a USING users u ON a.id = u.id WHEN NOT MATCHED BY SOURCE THEN DELETE
17 MERGE INTO alone a USING users u ON a.id = u.id WHEN MATCHED THEN DELETE RETURNING a.id
17 SET transaction_timeout = '1min'
17 GRANT MAINTAIN ON alone TO CURRENT_USER
17 SELECT JSON_VALUE('{}', '$.a')
17 ALTER TABLE alone SET ACCESS METHOD DEFAULT
17 BEGIN; CREATE TYPE new AS ENUM ('a'); ALTER TYPE new ADD VALUE 'glad'; CREATE TABLE n (m new DEFAULT 'glad'); COMMIT
16 SELECT 1_000
16 SELECT any_value(id) FROM alone
16 SELECT * FROM (SELECT 1)
16 SELECT '{}' IS JSON
16 CREATE TABLE kept (a text STORAGE external)
15 CREATE UNIQUE INDEX ON alone (id) NULLS NOT DISTINCT
15 CREATE VIEW mine WITH (security_invoker) AS SELECT 1 AS one
"""
"""The first version that takes each."""


def lines(table: str) -> list[str]:
    """A statement, or a few, a line."""
    return table.strip().splitlines()


def newer() -> list[tuple[int, str]]:
    """NEWER as pairs."""
    return [(int(line.split(" ", 1)[0]), line.split(" ", 1)[1]) for line in lines(NEWER)]
