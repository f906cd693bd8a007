-- At most one row: the session that holds the run's advisory lock (`key`) in this database; where there is none, one whose
-- batch is still open (`batch`), because nobody takes the run before it is over.
-- Columns other than pid are null for a role without pg_monitor.
SELECT l.pid, a.backend_start, a.application_name, a.client_addr::text AS client_addr, a.state,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::float8 AS state_seconds,
       l.objid = (%(batch)s::bigint & 4294967295)::oid AS is_in_batch
  FROM pg_catalog.pg_locks AS l
  LEFT JOIN pg_catalog.pg_stat_activity AS a USING (pid)
 WHERE l.locktype = 'advisory'
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND l.classid = (%(key)s::bigint >> 32)::integer::oid
   AND l.objid IN ((%(key)s::bigint & 4294967295)::oid, (%(batch)s::bigint & 4294967295)::oid)
   AND l.objsubid = 1
   AND l.granted
 ORDER BY l.objid = (%(key)s::bigint & 4294967295)::oid DESC, l.pid
 LIMIT 1
