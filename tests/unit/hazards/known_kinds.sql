-- add column volatile default: stop
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
-- add column now default(safe): none
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT now();
-- add column const default(safe): none
ALTER TABLE users ADD COLUMN n bigint NOT NULL DEFAULT 0;
-- add column not null no default: stop
ALTER TABLE users ADD COLUMN tenant uuid NOT NULL;
-- add column serial: stop
ALTER TABLE users ADD COLUMN n bigserial;
-- add column identity: stop
ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;
-- add column stored generated: stop
ALTER TABLE users ADD COLUMN lower_name text GENERATED ALWAYS AS (lower(name)) STORED;
-- add column json: warn/note
ALTER TABLE users ADD COLUMN data json;
-- create table json: warn/note
CREATE TABLE logs (id bigint PRIMARY KEY, data json);
-- alter type json: stop
ALTER TABLE users ALTER COLUMN name TYPE json USING name::json;
-- add column jsonb(safe): none
ALTER TABLE users ADD COLUMN data jsonb;
-- add column unique: stop
ALTER TABLE users ADD COLUMN code2 int UNIQUE;
-- add column pk: stop
ALTER TABLE people ADD COLUMN key bigint PRIMARY KEY;
-- add column references(validated): note/none
ALTER TABLE users ADD COLUMN boss_id bigint REFERENCES users;
-- add column references default: stop/warn
ALTER TABLE users ADD COLUMN team_id bigint DEFAULT 1 REFERENCES org;
-- add column check: stop/warn
ALTER TABLE users ADD COLUMN size int DEFAULT 1 CHECK (size > 0);
-- add column varchar: note
ALTER TABLE users ADD COLUMN title varchar(20);
-- add column char: note
ALTER TABLE users ADD COLUMN country char(2);
-- add column timestamp: note
ALTER TABLE users ADD COLUMN seen timestamp;
-- add column text and timestamptz(safe): none
ALTER TABLE users ADD COLUMN title text, ADD COLUMN seen timestamptz, ADD COLUMN names varchar;
-- add column int pk: note/warn
CREATE TABLE visits (id int PRIMARY KEY);
-- add column smallint fk mismatch: warn
ALTER TABLE users ADD COLUMN team_id smallint REFERENCES org;
-- drop column: warn+
ALTER TABLE users DROP COLUMN age;
-- drop column indexed: warn+
ALTER TABLE users DROP COLUMN email;
-- drop column of multi index(silently drops index): warn+
ALTER TABLE users DROP COLUMN name;
-- rename column: stop
ALTER TABLE users RENAME COLUMN name TO full_name;
-- rename table: stop
ALTER TABLE users RENAME TO members;
-- rename enum value: stop/warn
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
-- rename schema: stop/warn
ALTER SCHEMA public RENAME TO shop;
-- rename type: warn
ALTER TYPE mood RENAME TO feeling;
-- rename domain: warn
ALTER DOMAIN positive RENAME TO natural_number;
-- rename view: warn+
ALTER VIEW user_names RENAME TO names;
-- rename sequence: warn+
ALTER SEQUENCE numbers RENAME TO counter;
-- rename function: warn+
ALTER FUNCTION f() RENAME TO g;
-- rename attribute composite: warn+
ALTER TYPE place RENAME ATTRIBUTE x TO east;
-- set schema: stop
ALTER TABLE users SET SCHEMA attic;
-- drop table: warn+
DROP TABLE orders;
-- drop table multi fk: warn+
DROP TABLE orders;
-- drop schema cascade: warn+
DROP SCHEMA attic CASCADE;
-- drop database: stop
DROP DATABASE shop;
-- drop type: warn
DROP TYPE place;
-- drop view: warn+
DROP VIEW user_names;
-- drop function: warn
DROP FUNCTION f();
-- drop procedure: warn
DROP PROCEDURE p();
-- drop sequence: warn+
DROP SEQUENCE numbers;
-- drop owned: warn+
DROP OWNED BY app;
-- truncate: stop
TRUNCATE users;
-- truncate cascade: stop
TRUNCATE users CASCADE;
-- delete no where: stop
DELETE FROM users;
-- update no where: stop
UPDATE users SET age = 0;
-- update where null: stop/warn
UPDATE users SET age = 0 WHERE age IS NULL;
-- insert select big: warn
INSERT INTO people SELECT id, age FROM users;
-- merge no where: warn
MERGE INTO people p USING users u ON p.id = u.id WHEN MATCHED THEN UPDATE SET age = u.age;
-- backfill same tx as ddl: stop
BEGIN;
ALTER TABLE users ADD COLUMN score int;
UPDATE users SET score = 0;
COMMIT;
-- alter type int bigint: stop
ALTER TABLE users ALTER COLUMN age TYPE bigint;
-- alter type text to varchar: stop
ALTER TABLE users ALTER COLUMN name TYPE varchar(10);
-- alter type varchar widen(safe): none/note
ALTER TABLE users ALTER COLUMN email TYPE varchar(100);
-- alter type varchar shrink: stop
ALTER TABLE users ALTER COLUMN email TYPE varchar(10);
-- alter type varchar to text(safe): none/note
ALTER TABLE users ALTER COLUMN email TYPE text;
-- alter type numeric widen(safe): none/note
ALTER TABLE users ALTER COLUMN price TYPE numeric(12, 2);
-- alter type numeric scale: stop
ALTER TABLE users ALTER COLUMN price TYPE numeric(10, 4);
-- alter type ts tz: stop/warn
ALTER TABLE users ALTER COLUMN at TYPE timestamptz;
-- alter type varchar to citext: stop/warn
ALTER TABLE users ALTER COLUMN email TYPE citext;
-- alter type enum text: stop
ALTER TABLE users ALTER COLUMN mood TYPE text;
-- set not null: stop
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
-- set not null after valid check(safe): none
BEGIN;
ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID;
COMMIT;
ALTER TABLE users VALIDATE CONSTRAINT named;
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
-- add fk: stop
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org;
-- add fk not valid(safe): none
--+ CREATE INDEX users_org_idx ON users (org_id);
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
-- add fk validate same tx: stop
BEGIN;
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_org;
COMMIT;
-- add multiple fk one create: warn
CREATE TABLE seats (id bigint PRIMARY KEY, user_id bigint REFERENCES users, org_id bigint REFERENCES org);
-- add multiple fk one create as constraints: warn
CREATE TABLE seats (id bigint PRIMARY KEY, user_id bigint, org_id bigint,
  FOREIGN KEY (user_id) REFERENCES users, FOREIGN KEY (org_id) REFERENCES org);
-- add one fk in create(safe): none
CREATE TABLE seats (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
CREATE INDEX seats_user ON seats (user_id);
-- add fk without index: warn
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
-- add fk with index later in the text(safe): none
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_org_idx ON users (org_id);
-- fk of another type: warn
ALTER TABLE orders ADD CONSTRAINT orders_total FOREIGN KEY (total) REFERENCES org NOT VALID;
-- fk of another type in create: warn
CREATE TABLE seats (id bigint PRIMARY KEY, user_id int REFERENCES users);
-- fk on delete cascade: note+
ALTER TABLE orders ADD CONSTRAINT orders_user2 FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE NOT VALID;
-- add check: stop
ALTER TABLE users ADD CONSTRAINT old CHECK (age > 0);
-- add unique: stop
ALTER TABLE users ADD CONSTRAINT one UNIQUE (name);
-- add pk: stop
ALTER TABLE people ADD PRIMARY KEY (id);
-- add pk using index nullable: stop
--+ CREATE TABLE loose (id bigint, n int); CREATE UNIQUE INDEX loose_key ON loose (id);
ALTER TABLE loose ADD CONSTRAINT loose_key PRIMARY KEY USING INDEX loose_key;
-- add pk using index(safe): none
--+ CREATE UNIQUE INDEX people_key ON people (id);
ALTER TABLE people ADD CONSTRAINT people_key PRIMARY KEY USING INDEX people_key;
-- add constraint trigger: note/warn
CREATE CONSTRAINT TRIGGER look AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
-- create trigger: note/warn
CREATE TRIGGER look BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
-- drop trigger: note/warn
DROP TRIGGER touch ON users;
-- disable trigger: warn
ALTER TABLE users DISABLE TRIGGER touch;
-- disable trigger all: stop/warn
ALTER TABLE users DISABLE TRIGGER ALL;
-- create index: stop
CREATE INDEX users_age ON users (age);
-- create unique index conc(dup data): none/note
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age);
-- create index partitioned: stop
CREATE INDEX m_v ON m (v);
-- create hash index: none/note
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_hash ON users USING hash (age);
-- index many columns nonunique: note
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_many ON users (age, at, org_id, code);
-- drop index: stop/warn
DROP INDEX users_name_idx;
-- replace index (drop before create): warn
DROP INDEX CONCURRENTLY IF EXISTS users_name_idx;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_idx ON users (name, at);
-- replace index under another name: warn
DROP INDEX CONCURRENTLY IF EXISTS users_name_age;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_names ON users (name, age, at);
-- replace index built first(safe): none
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_names ON users (name, age, at);
DROP INDEX CONCURRENTLY IF EXISTS users_name_age;
-- duplicate index: note
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_again ON users (name);
-- duplicate index as a prefix: note
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_again ON orders (id);
-- reindex table: stop
REINDEX TABLE users;
-- reindex index: stop
REINDEX INDEX users_name_idx;
-- reindex schema: stop
REINDEX SCHEMA public;
-- reindex database: stop
REINDEX DATABASE shop;
-- vacuum full: stop
VACUUM FULL users;
-- cluster: stop
CLUSTER users USING users_name_idx;
-- refresh mv: stop/warn
REFRESH MATERIALIZED VIEW totals;
-- refresh mv conc(safe): none
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
-- attach partition: stop/warn
ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- detach partition: stop/warn
ALTER TABLE m DETACH PARTITION m_0;
-- create partition of: note
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- set logged: stop
ALTER TABLE users SET UNLOGGED;
-- set tablespace: stop
ALTER TABLE users SET TABLESPACE fast;
-- set access method: stop
ALTER TABLE users SET ACCESS METHOD columnar;
-- enum add value: none/note
ALTER TYPE mood ADD VALUE 'glad';
-- create enum: note
CREATE TYPE colour AS ENUM ('red', 'blue');
-- create domain: note
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
-- set default change: none/note
ALTER TABLE users ALTER COLUMN age SET DEFAULT 1;
-- drop not null: note/warn
ALTER TABLE orders ALTER COLUMN user_id DROP NOT NULL;
-- drop constraint fk: note/warn
ALTER TABLE orders DROP CONSTRAINT orders_user;
-- drop pk: warn
ALTER TABLE org DROP CONSTRAINT org_pkey CASCADE;
-- drop pk of a table nobody references: warn
ALTER TABLE v DROP CONSTRAINT v_pkey;
-- drop default: note
ALTER TABLE users ALTER COLUMN age DROP DEFAULT;
-- lock table: stop
BEGIN;
LOCK TABLE users;
COMMIT;
-- multiple aex compound: warn/note
BEGIN;
ALTER TABLE users ADD COLUMN a int;
ALTER TABLE orders ADD COLUMN a int;
COMMIT;
-- statements after aex lock: warn/note
BEGIN;
ALTER TABLE users ADD COLUMN a int;
SELECT count(*) FROM orders;
COMMIT;
-- statements after aex lock without begin: note
ALTER TABLE users ADD COLUMN a int;
SELECT count(*) FROM orders;
-- no lock timeout: note
ALTER TABLE users ADD COLUMN a int;
-- multiple alter same table: note
ALTER TABLE users ADD COLUMN a int;
ALTER TABLE users ADD COLUMN b int;
-- enable rls: stop/warn
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
-- create policy: note
CREATE POLICY own ON users USING (org_id = 1);
-- replica identity: warn
ALTER TABLE users REPLICA IDENTITY NOTHING;
-- inherit: note
ALTER TABLE people INHERIT v;
-- revoke: warn
REVOKE SELECT ON users FROM app;
-- owner to: note/warn
ALTER TABLE users OWNER TO app;
-- create rule: warn
CREATE RULE quiet AS ON INSERT TO users DO INSTEAD NOTHING;
-- alter system: note
ALTER SYSTEM SET work_mem = '64MB';
-- create table as: warn
CREATE TABLE big_copy AS SELECT * FROM orders;
-- select into: warn
SELECT * INTO big_copy FROM orders;
-- create table as no data(safe): none
CREATE TABLE big_copy AS SELECT * FROM orders WITH NO DATA;
-- select for update all: warn
SELECT id FROM users FOR UPDATE;
-- select for update of one(safe): none
SELECT id FROM users WHERE id = 7 FOR UPDATE;
-- copy from file: warn
COPY users FROM '/tmp/users.csv';
-- drop extension cascade: warn+
DROP EXTENSION postgis CASCADE;
-- drop extension: warn
DROP EXTENSION postgis;
-- alter extension update: warn
ALTER EXTENSION postgis UPDATE;
-- create extension: note
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- create or replace view with a column more(safe): none
CREATE OR REPLACE VIEW user_names AS SELECT id, name, age FROM users;
-- alter table add generated on pk: none
ALTER TABLE people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
-- set expression (17): stop
--+ CREATE TABLE g (id bigint PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
ALTER TABLE g ALTER COLUMN twice SET EXPRESSION AS (n + n);
-- drop expression: none/note
--+ CREATE TABLE g (id bigint PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
ALTER TABLE g ALTER COLUMN twice DROP EXPRESSION;
-- pg18 not null not valid(safe): none
ALTER TABLE users ADD CONSTRAINT named NOT NULL name NOT VALID;
-- pg18 not null valid: stop
ALTER TABLE users ADD CONSTRAINT named NOT NULL name;
-- pg18 validate not null(safe): none
BEGIN;
ALTER TABLE users ADD CONSTRAINT named NOT NULL name NOT VALID;
COMMIT;
ALTER TABLE users VALIDATE CONSTRAINT named;
-- pg18 set not null after not valid nn: stop/warn
BEGIN;
ALTER TABLE users ADD CONSTRAINT named NOT NULL name NOT VALID;
COMMIT;
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
-- pg18 check not enforced(safe): none
ALTER TABLE users ADD CONSTRAINT old CHECK (age > 0) NOT ENFORCED;
-- pg18 fk not enforced(safe): none
--+ CREATE INDEX users_org_idx ON users (org_id);
ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT ENFORCED;
-- pg18 virtual generated(safe): none
ALTER TABLE users ADD COLUMN older int GENERATED ALWAYS AS (age + 1) VIRTUAL;
-- pg18 virtual default kw(safe): none
ALTER TABLE users ADD COLUMN older int GENERATED ALWAYS AS (age + 1);
-- pg18 temporal pk: stop
ALTER TABLE people ADD COLUMN during daterange NOT NULL DEFAULT '(,)', ADD PRIMARY KEY (id, during WITHOUT OVERLAPS);
-- pg18 temporal unique on users: stop
ALTER TABLE bookings ADD CONSTRAINT apart UNIQUE (room, during WITHOUT OVERLAPS);
-- pg18 temporal fk: stop
ALTER TABLE bookings ADD CONSTRAINT within FOREIGN KEY (room, PERIOD during) REFERENCES rooms (id, PERIOD during);
-- domain set not null: warn+
--+ CREATE TABLE stock (id bigint PRIMARY KEY, amount positive);
ALTER DOMAIN positive SET NOT NULL;
-- virtual col check: stop
ALTER TABLE users ADD COLUMN older int GENERATED ALWAYS AS (age + 1) VIRTUAL CHECK (older > 0);
-- virtual col check 2-step on virtual valid: stop
--+ CREATE TABLE g (id bigint PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL);
ALTER TABLE g ADD CONSTRAINT big CHECK (twice > 0);
-- virtual col set not null: stop
--+ CREATE TABLE g (id bigint PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL);
ALTER TABLE g ALTER COLUMN twice SET NOT NULL;
-- drop column re-add: warn+
ALTER TABLE users DROP COLUMN age;
ALTER TABLE users ADD COLUMN age bigint;
-- drop column re-add one stmt: warn+
ALTER TABLE users DROP COLUMN age, ADD COLUMN age bigint;
-- rename swap of unused new col(legit swap): warn/none
BEGIN;
ALTER TABLE users ADD COLUMN age_new bigint;
COMMIT;
BEGIN;
ALTER TABLE users RENAME age TO age_old;
ALTER TABLE users RENAME age_new TO age;
COMMIT;
-- rename table then view compat(safe): none/note
BEGIN;
ALTER TABLE users RENAME TO members;
CREATE VIEW users AS SELECT * FROM members;
COMMIT;
-- drop unique index (uniqueness lost): warn
DROP INDEX CONCURRENTLY IF EXISTS users_email_key;
-- drop unique constraint (uniqueness lost): warn
--+ ALTER TABLE people ADD CONSTRAINT people_one UNIQUE (age);
ALTER TABLE people DROP CONSTRAINT people_one;
-- update returning all via subselect: warn
UPDATE users SET age = 0 WHERE id IN (SELECT user_id FROM orders) RETURNING id;
-- delete where old: warn
DELETE FROM users WHERE at < '2020-01-01';
-- with update all: stop
WITH done AS (UPDATE users SET age = 0 RETURNING id) SELECT count(*) FROM done;
-- explain analyze update: warn+
EXPLAIN ANALYZE UPDATE users SET age = 0;
-- prepare/execute: warn
PREPARE change AS UPDATE users SET age = 0;
EXECUTE change;
-- select function call: note
SELECT tidy_up();
-- do loop with commit: note
DO $$ BEGIN FOR i IN 1..10 LOOP PERFORM 1; COMMIT; END LOOP; END $$;
-- alter column drop identity/serial seq owned: none
--+ CREATE TABLE i (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
ALTER TABLE i ALTER COLUMN id DROP IDENTITY;
-- alter sequence int: note
ALTER SEQUENCE numbers AS int;
-- alter sequence restart: warn
ALTER SEQUENCE numbers RESTART WITH 1;
-- set storage param: none
ALTER TABLE users SET (fillfactor = 90);
-- set autovac off: warn
ALTER TABLE users SET (autovacuum_enabled = false);
-- set autovac on(safe): none
ALTER TABLE users SET (autovacuum_enabled = true);
-- set lock timeout 0: warn
SET lock_timeout = 0;
ALTER TABLE users ADD COLUMN x int;
-- set lock timeout(safe): none
SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN x int;
-- add fk to partitioned parent not valid: none
--+ CREATE INDEX m_v ON m (v); CREATE TABLE kinds (id int PRIMARY KEY);
ALTER TABLE m ADD CONSTRAINT m_kind FOREIGN KEY (v) REFERENCES kinds NOT VALID;
-- add check not valid on parent inherits: none
ALTER TABLE m ADD CONSTRAINT m_big CHECK (v > 0) NOT VALID;
-- attach index missing on child (builds index): warn/stop
--+ CREATE INDEX m_v ON m (v); ALTER TABLE m_1 ADD CONSTRAINT bound CHECK (at >= '2026-01-01' AND at < '2027-01-01');
ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- create partition default with rows: warn+
ALTER TABLE d ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- create partition when default exists: warn+
CREATE TABLE d_1 PARTITION OF d FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- alter add column to view col star: none
CREATE VIEW everybody AS SELECT * FROM users;
-- generated to text cast enum: stop
ALTER TABLE users ADD COLUMN mood_text text GENERATED ALWAYS AS (name || 'x') STORED;
-- alter type bit widening: none/note
ALTER TABLE users ALTER COLUMN flags TYPE bit varying(7);
-- alter type interval etc: none/note
--+ CREATE TABLE t (id bigint PRIMARY KEY, took interval(3));
ALTER TABLE t ALTER COLUMN took TYPE interval(6);
-- alter column type same: none/note
ALTER TABLE users ALTER COLUMN age TYPE int;
-- alter column type indexed col varchar->text: note
ALTER TABLE users ALTER COLUMN email TYPE text;
-- cluster all: stop
CLUSTER;
-- vacuum full all: stop
VACUUM FULL;
-- drop materialized view: warn+
DROP MATERIALIZED VIEW totals;
-- security label / grant: none
GRANT SELECT ON users TO app;
-- alter default privileges: none
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;
-- alter role: note
ALTER ROLE app SET statement_timeout = '1s';
-- alter database: note
ALTER DATABASE shop SET work_mem = '64MB';
-- alter database tablespace: stop
ALTER DATABASE shop SET TABLESPACE fast;
-- drop role: warn
DROP ROLE app;
-- reassign owned: warn
REASSIGN OWNED BY app TO admin;
-- import foreign schema: none
IMPORT FOREIGN SCHEMA public FROM SERVER other INTO elsewhere;
-- create publication for all tables: note
CREATE PUBLICATION everything FOR ALL TABLES;
-- drop publication: warn
DROP PUBLICATION everything;
-- drop subscription: warn
DROP SUBSCRIPTION everything;
-- advisory lock: none
SELECT pg_advisory_xact_lock(1);
-- pg terminate: warn
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle';
-- long identifier: warn
ALTER TABLE users ADD COLUMN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa int;
-- add unique nulls not distinct: stop
ALTER TABLE users ADD CONSTRAINT one UNIQUE NULLS NOT DISTINCT (age);
-- add unique deferrable: stop
ALTER TABLE users ADD CONSTRAINT one UNIQUE (age) DEFERRABLE;
-- upper case quoted: stop
--+ CREATE TABLE "Users" ("Id" bigint PRIMARY KEY, "Name" text);
ALTER TABLE "Users" ALTER COLUMN "Name" SET NOT NULL;
-- other schema: stop
--+ CREATE TABLE shop.users (id bigint PRIMARY KEY, name text);
ALTER TABLE shop.users ALTER COLUMN name SET NOT NULL;
-- search path: stop
--+ CREATE TABLE shop.things (id bigint PRIMARY KEY, name text);
SET search_path = shop;
ALTER TABLE things ALTER COLUMN name SET NOT NULL;
-- if exists only: stop
ALTER TABLE IF EXISTS ONLY users ALTER COLUMN name SET NOT NULL;
-- create index if not exists non-conc: stop
CREATE INDEX IF NOT EXISTS users_age ON users (age);
-- create unique index non-conc: stop
CREATE UNIQUE INDEX users_age ON users (age);
-- matview index: stop/warn
CREATE INDEX totals_total ON totals (total);
-- set not null many: stop
ALTER TABLE users ALTER COLUMN name SET NOT NULL, ALTER COLUMN age SET NOT NULL;
-- add not null constraint named pg18 inline col: stop
ALTER TABLE users ADD COLUMN tenant uuid CONSTRAINT has_tenant NOT NULL;
-- add column constrained domain: stop
ALTER TABLE users ADD COLUMN p positive;
-- add column constrained domain default: stop
ALTER TABLE users ADD COLUMN p positive DEFAULT 1;
-- alter type collate: stop
ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";
-- add exclusion: stop
ALTER TABLE bookings ADD CONSTRAINT apart EXCLUDE USING gist (room WITH =, during WITH &&);
-- domain add constraint: stop
--+ CREATE TABLE stock (id bigint PRIMARY KEY, amount positive);
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100);
-- pg18 fk alter enforced: stop
--+ CREATE INDEX users_org_idx ON users (org_id); ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT ENFORCED;
ALTER TABLE users ALTER CONSTRAINT users_org ENFORCED;
-- pg18 virtual not null: stop
ALTER TABLE users ADD COLUMN older int GENERATED ALWAYS AS (age + 1) VIRTUAL NOT NULL;
-- attach with check (safe): none
--+ ALTER TABLE m_1 ADD CONSTRAINT bound CHECK (at >= '2026-01-01' AND at < '2027-01-01');
ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- alter table all in tablespace: stop
ALTER TABLE ALL IN TABLESPACE slow SET TABLESPACE fast;
-- alter matview set tablespace: stop
ALTER MATERIALIZED VIEW totals SET TABLESPACE fast;
-- alter index set tablespace: stop
ALTER INDEX users_name_idx SET TABLESPACE fast;
-- create table force (drop then create): stop
DROP TABLE IF EXISTS orders CASCADE;
CREATE TABLE orders (id bigint PRIMARY KEY);
-- create index conc in tx: stop
BEGIN;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age);
COMMIT;
-- create index conc partitioned: stop
CREATE INDEX CONCURRENTLY IF NOT EXISTS m_v ON m (v);
-- drop index conc in tx: stop
BEGIN;
DROP INDEX CONCURRENTLY IF EXISTS users_name_idx;
COMMIT;
-- enum add value used same tx: stop/warn
BEGIN;
ALTER TYPE mood ADD VALUE 'glad';
UPDATE users SET mood = 'glad' WHERE id = 1;
COMMIT;
-- do block plain ddl: warn+
DO $$ BEGIN ALTER TABLE users DROP COLUMN age; END $$;
-- drop table recreate: stop
DROP TABLE orders;
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
-- rename shift: stop
ALTER TABLE users RENAME name TO code2;
ALTER TABLE users RENAME email TO name;
-- reindex in tx: stop
BEGIN;
REINDEX TABLE CONCURRENTLY users;
COMMIT;
-- vacuum in tx: stop
BEGIN;
VACUUM users;
COMMIT;
-- do with update all: warn+
DO $$ BEGIN UPDATE users SET age = 0; END $$;
-- add fk to partitioned parent not valid [16]: stop
--+ CREATE INDEX m_v ON m (v); CREATE TABLE kinds (id int PRIMARY KEY);
ALTER TABLE m ADD CONSTRAINT m_kind FOREIGN KEY (v) REFERENCES kinds NOT VALID;
-- update where true: stop
UPDATE users SET age = 0 WHERE true;
-- update where 1 = 1: stop
UPDATE users SET age = 0 WHERE 1 = 1;
-- execute sql/do block: warn
DO $$ BEGIN PERFORM 1 FROM users; EXECUTE 'ALTER TABLE users ADD COLUMN x int'; END $$;
-- update limited(safe): none
UPDATE users SET age = 0 WHERE id IN (SELECT id FROM users WHERE age IS NULL ORDER BY id LIMIT 1000);
-- update id between(safe): none/note
UPDATE users SET age = 0 WHERE id BETWEEN 1 AND 1000;
