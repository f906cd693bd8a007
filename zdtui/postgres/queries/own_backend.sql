-- At most one row: what a backend of ours does, and the seconds it has done so. No row: it has ended.
-- $1: its pid (integer); $2: its backend_start (timestamptz). PostgreSQL 13 and later. Needs no privilege (the same role).
SELECT coalesce(a.state, ''), coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change), 0)::float8
  FROM pg_catalog.pg_stat_get_activity($1::integer) AS a
 WHERE a.backend_start = $2::timestamptz
