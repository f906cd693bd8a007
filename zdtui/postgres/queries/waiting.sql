-- One row a session that keeps $1 from going on; no row when it is not waiting for a lock. 0 is a prepared transaction.
-- Parallel workers that do so are told by the pid of their leader, once.
-- Columns: pid, application name, state, age of its transaction in seconds.
-- $1: pid of the backend that may be waiting. Server versions: 13 and later. Without pg_monitor all but pid are null.
SELECT b.pid, a.application_name, a.state,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8
  FROM (SELECT DISTINCT b.pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::integer)) AS b(pid)) AS b
  LEFT JOIN pg_catalog.pg_stat_activity AS a USING (pid)
 ORDER BY a.xact_start NULLS LAST
