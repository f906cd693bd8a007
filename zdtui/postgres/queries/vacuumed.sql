-- One row a table of this database that VACUUM or autovacuum works on. PostgreSQL 13 and later. Needs pg_monitor: of the
-- sessions of others a role without it learns only that they report progress, and the name is null then.
SELECT n.nspname || '.' || c.relname AS name
  FROM pg_catalog.pg_stat_progress_vacuum AS v
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = v.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE v.datname = pg_catalog.current_database()
 ORDER BY 1
