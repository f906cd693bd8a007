-- One row a lock that somebody else holds (or waits for: not granted) on one of the relations $1 of this database.
-- pid 0: a prepared transaction. `transaction`: its virtual transaction id (empty: of a leader that has no such lock
-- itself). A parallel worker's lock counts as its leader's; `workers`: how many of them.
-- Ages in seconds by the server's clock. Sessions are read once: asked for a lock, each costs a look at all of them.
-- $1: relations (oid[]); $2: pids never named (integer[]). PostgreSQL 13 and later.
-- Without pg_monitor other users' columns are null and `hidden` is true (such a session may be a worker whose leader
-- nobody names), but pid, relation, mode and granted are always there.
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
), session AS MATERIALIZED (
    SELECT a.pid, CASE WHEN a.backend_type = 'parallel worker' THEN a.leader_pid END AS led_by,
           extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS age, a.backend_start,
           a.application_name AS application, a.state,
           CASE WHEN (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.oid = a.datid) IS DISTINCT FROM
                     (SELECT d.encoding FROM pg_catalog.pg_database AS d
                       WHERE d.datname = pg_catalog.current_database())
                 AND a.datid IS NOT NULL
                THEN pg_catalog.left(pg_catalog.encode(pg_catalog.textsend(coalesce(a.query, '')), 'escape'), 500)
                ELSE pg_catalog.left(coalesce(a.query, ''), 500) END AS query,
           a.backend_type, pg_catalog.pg_get_userbyid(a.usesysid)::text AS "user",
           extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start)::float8 AS query_age,
           extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::float8 AS state_age,
           CASE WHEN a.backend_type IS NOT NULL THEN a.backend_xid IS NOT NULL END AS has_written,
           pg_catalog.host(a.client_addr) AS client_address, a.client_port,
           a.query = '<insufficient privilege>' AND a.backend_type IS NULL AS hidden
      FROM pg_catalog.pg_stat_get_activity(NULL) AS a
), led AS MATERIALIZED (
    SELECT coalesce(w.led_by, l.pid, 0) AS pid, l.relation, l.mode, l.granted,
           coalesce(pg_catalog.min(l.virtualtransaction) FILTER (WHERE w.led_by IS NULL), '') AS transaction,
           pg_catalog.count(w.led_by)::integer AS workers
      FROM lock AS l
      LEFT JOIN session AS w ON w.pid = l.pid
     GROUP BY coalesce(w.led_by, l.pid, 0), l.relation, l.mode, l.granted,
              CASE WHEN l.pid IS NULL THEN l.virtualtransaction END
)
SELECT l.pid, l.relation::bigint AS relation, l.mode, l.granted, l.transaction, s.age,
       coalesce(s.backend_start, 'epoch') AS backend_start, coalesce(s.application, '') AS application,
       coalesce(s.state, '') AS state, coalesce(s.query, '') AS query, coalesce(s.backend_type, '') AS backend_type,
       s."user", pg_catalog.current_database()::text AS database, s.query_age, s.state_age, s.has_written,
       s.client_address, s.client_port, l.workers, coalesce(s.hidden, false) AS hidden
  FROM led AS l
  LEFT JOIN session AS s ON s.pid = l.pid
 WHERE l.pid <> ALL ($2::integer[])
