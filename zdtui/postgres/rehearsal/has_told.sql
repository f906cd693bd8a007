-- One row: whether that session has told what it has counted, which is what a rehearsal asks of it last.
-- $1: its pid (integer). PostgreSQL 15 and later. Of another role's session: pg_monitor, else it is never told.
SELECT a.state = 'idle' AND (a.query LIKE '%pg_stat_force_next_flush%' OR a.query = 'SELECT 1') AS told
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.pid = $1::integer
