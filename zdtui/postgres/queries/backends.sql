-- One row a backend, as pg_stat_activity tells it. Ages are intervals by the server's clock; xmin_age in transactions.
-- `hidden`: the role may not see the rest (backend_start is then 1970-01-01). $1: the pids asked for (integer[]).
-- PostgreSQL 13 and later. Other users' columns need pg_monitor (pg_read_all_stats).
SELECT a.pid, a.leader_pid, coalesce(a.backend_start, 'epoch') AS backend_start, a.usename::text AS "user",
       coalesce(a.application_name, '') AS application, a.datname::text AS database, a.state,
       a.wait_event_type, a.wait_event,
       pg_catalog.clock_timestamp() - a.xact_start AS transaction_age,
       pg_catalog.clock_timestamp() - a.query_start AS query_age,
       pg_catalog.clock_timestamp() - a.state_change AS state_age,
       pg_catalog.left(coalesce(a.query, ''), 2000) AS query,
       coalesce(a.backend_type, '') AS backend_type, pg_catalog.age(a.backend_xmin) AS xmin_age,
       coalesce(a.query = '<insufficient privilege>' AND a.backend_type IS NULL, false) AS hidden,
       a.backend_xid IS NOT NULL AS has_written
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.pid = ANY ($1::integer[])
