-- One row a table-level lock that somebody else holds on one of the relations: who would make a stronger lock wait.
-- A parallel worker's counts as its leader's. `pid` 0: a prepared transaction, told apart by `transaction`.
-- $1: oids of relations (bigint[]); $2: pids of our own (integer[]).
-- PostgreSQL 13 and later. Ages of other users' transactions, and who leads their workers, need pg_monitor.
SELECT l.relation::bigint AS relation, l.pid, l.mode,
       coalesce(nullif(a.application_name, ''), a.backend_type,
                CASE WHEN l.pid = 0 THEN 'prepared transaction' WHEN a.pid IS NULL THEN '(has just ended)'
                     ELSE '(hidden from this role)' END) AS application, a.state,
       pg_catalog.clock_timestamp() - a.xact_start AS transaction_age
  FROM (SELECT DISTINCT o.relation, o.mode, CASE WHEN o.pid IS NULL THEN o.virtualtransaction END AS transaction,
               coalesce(CASE WHEN w.backend_type = 'parallel worker' THEN w.leader_pid END, o.pid, 0) AS pid
          FROM pg_catalog.pg_locks AS o
          LEFT JOIN pg_catalog.pg_stat_activity AS w ON w.pid = o.pid
         WHERE o.locktype = 'relation' AND o.granted AND o.relation = ANY ($1::bigint[]::oid[])
           AND o.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                              WHERE d.datname = pg_catalog.current_database())) AS l
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.pid <> ALL ($2::integer[])
