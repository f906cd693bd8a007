-- One row an autovacuum to prevent wraparound at work on one of these tables: it does not give way to a lock request.
-- $1: the tables with their schemas, as SQL writes them (text[]). PostgreSQL 13 and later. Needs pg_monitor (pg_read_all_stats).
SELECT v.pid, v.relid::regclass::text AS "table"
  FROM pg_catalog.pg_stat_progress_vacuum AS v
  JOIN pg_catalog.pg_stat_activity AS a USING (pid)
 WHERE v.datname = pg_catalog.current_database()
   AND v.relid IN (SELECT pg_catalog.to_regclass(t.name) FROM pg_catalog.unnest($1::text[]) AS t(name))
   AND a.query LIKE '%(to prevent wraparound)%'
