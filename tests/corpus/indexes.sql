-- Indexes.
CREATE INDEX users_created_idx ON users (created);
CREATE INDEX ON users (created);
CREATE INDEX IF NOT EXISTS users_name_idx ON users (name);
CREATE UNIQUE INDEX users_name_uq ON users (name);
CREATE INDEX users_lower ON users (lower(email)) WHERE age > 5;
CREATE INDEX users_tags ON users USING gin (tags);
CREATE INDEX users_brin ON users USING brin (created);
CREATE INDEX measure_id_idx ON measure (id);
CREATE INDEX measure_id_idx ON ONLY measure (id);
CREATE INDEX totals_total ON totals (total);
CREATE INDEX CONCURRENTLY users_created_idx ON users (created);
CREATE UNIQUE INDEX CONCURRENTLY users_name_uq ON users (name);
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_created_idx ON users (created);
CREATE INDEX CONCURRENTLY totals_total ON totals (total);
DROP INDEX users_name_idx;
DROP INDEX IF EXISTS nothing;
DROP INDEX users_name_idx, orders_state_idx;
DROP INDEX measure_v_idx;
DROP INDEX measure_v_idx CASCADE;
-- given: CREATE TABLE mail (email varchar(100) REFERENCES users (email))
DROP INDEX users_email_key CASCADE;
DROP INDEX CONCURRENTLY users_name_idx;
DROP INDEX CONCURRENTLY IF EXISTS orders_state_idx;
REINDEX INDEX users_name_idx;
REINDEX TABLE users;
REINDEX TABLE lone;
REINDEX (VERBOSE) INDEX orders_state_idx;
REINDEX INDEX CONCURRENTLY users_name_idx;
REINDEX TABLE CONCURRENTLY users;
ALTER INDEX users_name_idx RENAME TO users_by_name;
ALTER INDEX users_name_idx SET (fillfactor = 70);
ALTER INDEX users_name_idx RESET (fillfactor);
ALTER INDEX users_name_idx SET TABLESPACE pg_default;
-- given: CREATE INDEX users_low ON users (lower(name))
ALTER INDEX users_low ALTER COLUMN 1 SET STATISTICS 100;
-- given: CREATE INDEX m_id ON ONLY measure (id); CREATE INDEX m1_id ON measure_1 (id)
ALTER INDEX m_id ATTACH PARTITION m1_id;
ALTER INDEX IF EXISTS nothing RENAME TO something;
CLUSTER users USING users_name_idx;
-- given: ALTER TABLE users CLUSTER ON users_name_idx
CLUSTER users;
CREATE STATISTICS lone_stats ON id, w FROM lone;
DROP STATISTICS users_stats;
ALTER STATISTICS users_stats SET STATISTICS 100;
ALTER STATISTICS users_stats RENAME TO people_stats;
