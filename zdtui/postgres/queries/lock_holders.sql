-- One row a lock that somebody else holds (or waits for: not granted) on one of the relations $1 of this database.
-- pid 0: a prepared transaction. `transaction`: its virtual transaction id (empty: of a leader that has no such lock
-- itself). A parallel worker's lock counts as its leader's; `workers`: how many of them.
-- Ages in seconds by the server's clock.
-- $1: relations (oid[]); $2: pids never named (integer[]). PostgreSQL 13 and later.
-- Without pg_monitor other users' columns are null, but pid, relation, mode and granted are always there.
-- Of a database in another encoding the query is told byte by byte, as encode(..., 'escape') does: cutting it off as text
-- would end the question where it is none.
WITH lock AS MATERIALIZED (
    SELECT l.pid, l.relation, l.mode, l.granted, l.virtualtransaction
      FROM pg_catalog.pg_locks AS l
     WHERE l.locktype = 'relation'
       AND l.relation = ANY ($1::oid[])
       AND l.database IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d
                               WHERE d.datname = pg_catalog.current_database()))
       AND l.mode <> 'SIReadLock'
), led AS MATERIALIZED (
    SELECT coalesce(w.leader_pid, l.pid, 0) AS pid, l.relation, l.mode, l.granted,
           coalesce(min(l.virtualtransaction) FILTER (WHERE w.leader_pid IS NULL), '') AS transaction,
           count(w.leader_pid)::integer AS workers
      FROM lock AS l
      LEFT JOIN LATERAL (SELECT CASE WHEN s.backend_type = 'parallel worker' THEN s.leader_pid END AS leader_pid
                           FROM pg_catalog.pg_stat_get_activity(coalesce(l.pid, 0)) AS s) AS w ON true
     GROUP BY coalesce(w.leader_pid, l.pid, 0), l.relation, l.mode, l.granted,
              CASE WHEN l.pid IS NULL THEN l.virtualtransaction END
)
SELECT l.pid, l.relation::bigint AS relation, l.mode, l.granted, l.transaction,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS age,
       coalesce(a.backend_start, 'epoch') AS backend_start,
       coalesce(a.application_name, '') AS application, coalesce(a.state, '') AS state,
       CASE WHEN (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.oid = a.datid) IS DISTINCT FROM
                 (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
             AND a.datid IS NOT NULL
            THEN pg_catalog.left(pg_catalog.encode(pg_catalog.textsend(coalesce(a.query, '')), 'escape'), 500)
            ELSE pg_catalog.left(coalesce(a.query, ''), 500) END AS query, coalesce(a.backend_type, '') AS backend_type,
       pg_catalog.pg_get_userbyid(a.usesysid)::text AS "user", pg_catalog.current_database()::text AS database,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start)::float8 AS query_age,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::float8 AS state_age,
       a.backend_xid IS NOT NULL AS has_written,
       pg_catalog.host(a.client_addr) AS client_address, a.client_port, l.workers
  FROM led AS l
  LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(l.pid) AS a ON true
 WHERE l.pid <> ALL ($2::integer[])
