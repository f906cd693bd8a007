-- At most one row: what a backend of ours does, and the seconds it has done so. No row: it has ended.
-- 'in a pipeline': it waits for the rest of what was sent together. The server calls that active, and no limit on
-- idle transactions ends it; the seconds are then those of the whole pipeline.
-- $1: its pid (integer); $2: its backend_start (timestamptz). PostgreSQL 13 and later. Needs no privilege (the same role).
SELECT CASE WHEN a.state = 'active' AND a.wait_event = 'ClientRead' THEN 'in a pipeline'::text
            ELSE coalesce(a.state, '') END,
       coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change), 0)::float8
  FROM pg_catalog.pg_stat_get_activity($1::integer) AS a
 WHERE a.backend_start = $2::timestamptz
