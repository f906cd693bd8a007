-- Tables, partitions, views and sequences that come and go.
CREATE TABLE fresh (id int PRIMARY KEY, v text);
CREATE TABLE IF NOT EXISTS users (id int);
CREATE TABLE fresh (id int PRIMARY KEY, user_id int REFERENCES users, org_id int REFERENCES org);
CREATE TABLE fresh (LIKE users INCLUDING ALL);
CREATE TABLE fresh AS SELECT id, name FROM users;
CREATE TABLE fresh AS SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WITH NO DATA;
SELECT id INTO fresh FROM users;
CREATE TABLE fresh (x int) INHERITS (animal);
CREATE TABLE measure_3 PARTITION OF measure FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE ledger_9 PARTITION OF ledger FOR VALUES IN (9);
CREATE TEMPORARY TABLE fresh (id int);
CREATE UNLOGGED TABLE fresh (id int);
CREATE TABLE fresh (id serial PRIMARY KEY);
CREATE TABLE fresh (id int) PARTITION BY HASH (id);
DROP TABLE lone CASCADE;
DROP TABLE items;
DROP TABLE IF EXISTS nothing;
DROP TABLE orders CASCADE;
DROP TABLE users CASCADE;
DROP TABLE measure_1;
DROP TABLE measure;
DROP TABLE ledger CASCADE;
DROP TABLE dog;
DROP TABLE animal CASCADE;
DROP TABLE items, staged;
DROP TABLE ledger_1 CASCADE;
-- given: CREATE TABLE rows (one lone, more lone[]); CREATE VIEW kept AS SELECT one FROM rows
DROP TABLE lone CASCADE;
-- given: CREATE RULE lone_too AS ON INSERT TO staged DO ALSO DELETE FROM lone; CREATE POLICY by_lone ON org USING (id IN (SELECT id FROM lone))
DROP TABLE lone CASCADE;
-- given: CREATE TABLE book (id int, k int, FOREIGN KEY (id, k) REFERENCES ledger) PARTITION BY LIST (k); CREATE TABLE book_1 PARTITION OF book FOR VALUES IN (1)
DROP TABLE ledger CASCADE;
-- given: CREATE TABLE book (id int, k int, FOREIGN KEY (id, k) REFERENCES ledger) PARTITION BY LIST (k); CREATE TABLE book_1 PARTITION OF book FOR VALUES IN (1)
-- from: 15
DROP TABLE book;
TRUNCATE lone;
TRUNCATE TABLE lone RESTART IDENTITY;
TRUNCATE items, orders;
TRUNCATE users CASCADE;
TRUNCATE measure;
TRUNCATE animal;
TRUNCATE ONLY animal;
LOCK TABLE users;
LOCK TABLE users IN SHARE MODE;
LOCK TABLE users, orders IN ROW EXCLUSIVE MODE NOWAIT;
LOCK measure IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE tagged IN ACCESS SHARE MODE;
CREATE VIEW young AS SELECT id FROM users WHERE age < 18;
CREATE OR REPLACE VIEW tagged AS SELECT id, tags FROM users WHERE age >= 21;
CREATE VIEW both_kinds AS SELECT u.id, a.tags FROM users u JOIN tagged a USING (id);
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users WITH NO DATA;
REFRESH MATERIALIZED VIEW totals;
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
REFRESH MATERIALIZED VIEW totals WITH NO DATA;
DROP VIEW tagged;
-- given: CREATE VIEW again AS SELECT id FROM tagged; CREATE MATERIALIZED VIEW kept AS SELECT id FROM again; CREATE INDEX kept_idx ON kept (id)
DROP VIEW tagged CASCADE;
-- given: CREATE TABLE rows (one tagged)
DROP VIEW tagged CASCADE;
DROP VIEW IF EXISTS nothing;
DROP MATERIALIZED VIEW totals;
-- given: CREATE VIEW again AS SELECT total FROM totals
DROP MATERIALIZED VIEW totals CASCADE;
ALTER VIEW tagged RENAME TO grown_ups;
ALTER VIEW tagged RENAME COLUMN tags TO labels;
ALTER VIEW tagged ALTER COLUMN id SET DEFAULT 1;
ALTER VIEW tagged SET (security_barrier = true);
ALTER VIEW tagged OWNER TO corpus_reader;
ALTER VIEW tagged SET SCHEMA attic;
ALTER MATERIALIZED VIEW totals SET SCHEMA attic;
ALTER MATERIALIZED VIEW totals RENAME TO sums;
ALTER MATERIALIZED VIEW totals SET (fillfactor = 80);
ALTER MATERIALIZED VIEW totals CLUSTER ON totals_user_uq;
ALTER MATERIALIZED VIEW totals RENAME COLUMN total TO sum;
CREATE SEQUENCE counter;
CREATE SEQUENCE counter OWNED BY lone.id;
ALTER SEQUENCE lone_ticket INCREMENT BY 10;
ALTER SEQUENCE lone_ticket RESTART WITH 100;
ALTER SEQUENCE lone_ticket OWNED BY lone.id;
ALTER SEQUENCE ticket OWNED BY NONE;
ALTER SEQUENCE lone_ticket RENAME TO lonely;
ALTER SEQUENCE lone_ticket OWNER TO corpus_reader;
ALTER SEQUENCE lone_ticket SET SCHEMA attic;
DROP SEQUENCE lone_ticket;
DROP SEQUENCE ticket CASCADE;
-- given: ALTER TABLE lone ALTER w SET DEFAULT nextval('lone_ticket'); CREATE VIEW tickets AS SELECT last_value FROM lone_ticket
DROP SEQUENCE lone_ticket CASCADE;
VACUUM users;
VACUUM (ANALYZE) users;
VACUUM FULL lone;
VACUUM (FULL, ANALYZE) lone;
ANALYZE users;
ANALYZE users (age, name);
COMMENT ON TABLE users IS 'persons';
COMMENT ON COLUMN users.name IS 'as they call themselves';
COMMENT ON INDEX users_name_idx IS 'by name';
GRANT SELECT ON users TO corpus_reader;
REVOKE SELECT ON users FROM corpus_reader;
GRANT SELECT ON users, orders TO corpus_reader;
GRANT USAGE ON SEQUENCE ticket TO corpus_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA attic TO corpus_reader;
-- given: ALTER TABLE measure ADD FOREIGN KEY (v) REFERENCES org
DROP TABLE measure_1;
-- given: ALTER TABLE measure ADD FOREIGN KEY (v) REFERENCES org
DROP TABLE measure_1 CASCADE;
-- given: ALTER TABLE measure ADD FOREIGN KEY (v) REFERENCES org
DROP TABLE measure;
LOCK TABLE simple IN SHARE MODE;
