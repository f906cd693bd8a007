-- Types, domains, functions, triggers, policies, rules, publications, schemas.
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TYPE spot AS (x int, y int);
ALTER TYPE mood ADD VALUE 'glad';
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' AFTER 'fine';
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood RENAME TO feeling;
ALTER TYPE pair ADD ATTRIBUTE c int;
ALTER TYPE pair DROP ATTRIBUTE b;
ALTER TYPE pair RENAME ATTRIBUTE a TO x;
ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint;
ALTER TYPE mood OWNER TO corpus_reader;
ALTER TYPE mood SET SCHEMA attic;
DROP TYPE pair;
DROP TYPE mood CASCADE;
-- given: CREATE VIEW moods AS SELECT mood FROM users; CREATE INDEX users_mood_idx ON users (mood)
DROP TYPE mood CASCADE;
-- given: CREATE TABLE kept (id int, moods mood[]) PARTITION BY LIST (id); CREATE TABLE kept_1 PARTITION OF kept FOR VALUES IN (1)
DROP TYPE mood CASCADE;
-- given: ALTER TABLE lone ADD CONSTRAINT lone_moody CHECK (v::mood <> 'sad') NOT VALID
DROP TYPE mood CASCADE;
-- given: CREATE TABLE composed OF pair
DROP TYPE pair CASCADE;
-- given: CREATE TABLE composed OF pair
ALTER TYPE pair ADD ATTRIBUTE c int CASCADE;
-- given: CREATE TABLE composed OF pair
ALTER TYPE pair DROP ATTRIBUTE b CASCADE;
-- given: CREATE TABLE composed OF pair
ALTER TYPE pair RENAME ATTRIBUTE b TO c CASCADE;
-- given: CREATE TABLE composed OF pair
ALTER TYPE pair ALTER ATTRIBUTE b TYPE bigint CASCADE;
ALTER TYPE pair SET SCHEMA attic;
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000);
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID;
-- given: ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID
ALTER DOMAIN positive VALIDATE CONSTRAINT small;
ALTER DOMAIN positive DROP CONSTRAINT positive_check;
ALTER DOMAIN label SET DEFAULT 'x';
ALTER DOMAIN label DROP DEFAULT;
-- given: UPDATE users SET note = 'n'
ALTER DOMAIN label SET NOT NULL;
ALTER DOMAIN label DROP NOT NULL;
ALTER DOMAIN label RENAME TO tag;
ALTER DOMAIN positive SET SCHEMA attic;
-- given: CREATE DOMAIN deep AS positive; CREATE TABLE deeper (d deep); CREATE VIEW amounts AS SELECT amount FROM users
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000);
DROP DOMAIN label CASCADE;
-- given: CREATE DOMAIN deep AS positive; CREATE TABLE deeper (d deep); CREATE INDEX users_amount_idx ON users (amount)
DROP DOMAIN positive CASCADE;
CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT name FROM users';
CREATE PROCEDURE again() LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET age = 1; END $$;
ALTER FUNCTION one() STABLE;
ALTER FUNCTION one() RENAME TO uno;
ALTER FUNCTION one() OWNER TO corpus_reader;
ALTER PROCEDURE nothing() RENAME TO nought;
DROP FUNCTION one();
DROP FUNCTION IF EXISTS nothing_like_that();
DROP PROCEDURE nothing();
ALTER FUNCTION one() SET SCHEMA attic;
DROP FUNCTION one() CASCADE;
-- given: ALTER TABLE lone ALTER w SET DEFAULT one(); CREATE VIEW ones AS SELECT one(); CREATE INDEX staged_idx ON staged ((id + one()))
DROP FUNCTION one() CASCADE;
-- given: CREATE POLICY of_one ON org USING (id = one()); ALTER TABLE lone ADD CONSTRAINT lone_more CHECK (w > one()) NOT VALID
DROP FUNCTION one() CASCADE;
DROP FUNCTION touch() CASCADE;
DROP EXTENSION plpgsql CASCADE;
CREATE TRIGGER users_again BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER users_after AFTER DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER users_later AFTER INSERT ON users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER measure_touch BEFORE INSERT ON measure FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER users_touch ON users RENAME TO users_touched;
DROP TRIGGER users_touch ON users;
DROP TRIGGER users_touch ON users CASCADE;
DROP TRIGGER IF EXISTS nothing ON users;
CREATE POLICY theirs ON orders FOR SELECT TO corpus_reader USING (true);
CREATE POLICY linked ON orders USING (user_id IN (SELECT id FROM users));
ALTER POLICY mine ON users USING (age > 0);
ALTER POLICY mine ON users RENAME TO ours;
DROP POLICY mine ON users;
DROP POLICY mine ON users CASCADE;
DROP POLICY IF EXISTS nothing ON users;
CREATE RULE no_delete AS ON DELETE TO lone DO INSTEAD NOTHING;
ALTER RULE lone_log ON lone RENAME TO lone_rule;
DROP RULE lone_log ON lone;
DROP RULE lone_log ON lone CASCADE;
CREATE PUBLICATION more FOR TABLE lone;
CREATE PUBLICATION nobody;
CREATE PUBLICATION all_of_it FOR ALL TABLES;
-- from: 15
CREATE PUBLICATION of_attic FOR TABLES IN SCHEMA attic;
ALTER PUBLICATION changes ADD TABLE lone;
ALTER PUBLICATION changes SET TABLE users;
ALTER PUBLICATION changes DROP TABLE orders;
ALTER PUBLICATION changes SET (publish = 'insert');
ALTER PUBLICATION changes RENAME TO stream;
DROP PUBLICATION changes;
CREATE SCHEMA loft;
ALTER SCHEMA attic RENAME TO loft;
DROP SCHEMA attic;
DROP SCHEMA attic CASCADE;
-- given: CREATE TABLE attic.box (id int PRIMARY KEY, user_id int REFERENCES users); CREATE TABLE toy (box_id int REFERENCES attic.box)
DROP SCHEMA attic CASCADE;
-- given: CREATE TABLE attic.box (id int); CREATE VIEW boxes AS SELECT id FROM attic.box; CREATE VIEW attic.names AS SELECT name FROM users
DROP SCHEMA attic CASCADE;
-- given: CREATE TABLE attic.box (id int NOT NULL, at date NOT NULL, v int) PARTITION BY RANGE (at); ALTER TABLE measure DETACH PARTITION measure_1; ALTER TABLE attic.box ATTACH PARTITION measure_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')
DROP SCHEMA attic CASCADE;
-- given: ALTER TABLE measure_1 SET SCHEMA attic; ALTER TABLE ledger_1 SET SCHEMA attic
DROP SCHEMA attic CASCADE;
-- given: CREATE TYPE attic.shade AS ENUM ('a'); ALTER TABLE lone ADD s attic.shade; CREATE INDEX lone_s_idx ON lone (s)
DROP SCHEMA attic CASCADE;
-- given: CREATE FUNCTION attic.two() RETURNS int LANGUAGE sql AS 'SELECT 2'; ALTER TABLE lone ALTER w SET DEFAULT attic.two()
DROP SCHEMA attic CASCADE;
-- given: ALTER TABLE lone OWNER TO corpus_reader; ALTER VIEW tagged OWNER TO corpus_reader
DROP OWNED BY corpus_reader CASCADE;
-- given: ALTER TABLE lone OWNER TO corpus_reader; ALTER VIEW tagged OWNER TO corpus_reader
REASSIGN OWNED BY corpus_reader TO CURRENT_USER;
-- given: GRANT SELECT ON users TO corpus_reader; CREATE POLICY reads ON orders TO corpus_reader USING (true)
DROP OWNED BY corpus_reader;
-- given: CREATE COLLATION german FROM "C"; ALTER TABLE lone ADD c text COLLATE german
DROP COLLATION german CASCADE;
-- given: CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); CREATE VIEW firsts AS SELECT id FROM lone WHERE id === 1
DROP OPERATOR === (int, int) CASCADE;
-- given: CREATE FOREIGN DATA WRAPPER w; CREATE SERVER afar FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE far (id int) SERVER afar
DROP SERVER afar CASCADE;
ALTER DEFAULT PRIVILEGES IN SCHEMA attic GRANT SELECT ON TABLES TO corpus_reader;
DROP EXTENSION IF EXISTS nothing;
CREATE EXTENSION IF NOT EXISTS plpgsql;
DO $$ BEGIN PERFORM 1; END $$;
CALL nothing();
CREATE COLLATION german FROM "C";
CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT;
CREATE AGGREGATE total_of (int) (SFUNC = int4pl, STYPE = int);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
SET LOCAL lock_timeout = '1s';
RESET lock_timeout;
SHOW lock_timeout;
