-- One row a backend of ours that still lives. No row: it has ended, or its pid is another's by now.
-- $1: their pids (integer[]); $2: the backend_start of each (timestamptz[]). PostgreSQL 13 and later. Needs no privilege
-- (the same role).
SELECT a.pid, a.backend_start
  FROM ROWS FROM (pg_catalog.unnest($1::integer[]), pg_catalog.unnest($2::timestamptz[])) AS ours (pid, backend_start)
 CROSS JOIN LATERAL pg_catalog.pg_stat_get_activity(ours.pid) AS a
 WHERE a.backend_start = ours.backend_start
