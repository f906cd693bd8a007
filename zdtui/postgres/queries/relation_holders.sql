-- One row a table-level lock that somebody else holds on one of the relations: who would make a stronger lock wait.
-- `pid` 0: a prepared transaction. $1: oids of relations (bigint[]); $2: pids of our own (integer[]).
-- PostgreSQL 13 and later. Ages of other users' transactions need pg_monitor (pg_read_all_stats).
SELECT l.relation::bigint AS relation, coalesce(l.pid, 0) AS pid, l.mode,
       coalesce(nullif(a.application_name, ''), a.backend_type, 'prepared transaction') AS application, a.state,
       pg_catalog.clock_timestamp() - a.xact_start AS transaction_age
  FROM pg_catalog.pg_locks AS l
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'relation' AND l.granted AND l.relation = ANY ($1::bigint[]::oid[])
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND coalesce(l.pid, 0) <> ALL ($2::integer[])
