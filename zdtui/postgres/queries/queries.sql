-- One row a session that does something or holds a transaction open, the oldest transaction first, at most 200.
-- Ages are intervals by the server's clock; xmin_age in transactions. $1: pids to leave out (integer[]); consoles'
-- watching sessions of this role are left out, too.
-- PostgreSQL 13 and later. Sessions of others need pg_monitor (pg_read_all_stats); without it they are not listed.
-- Of a database in another encoding the query is told byte by byte, as encode(..., 'escape') does: cutting it off as text
-- would end the question where it is none.
SELECT a.pid, CASE WHEN a.backend_type = 'parallel worker' THEN a.leader_pid END AS leader_pid,
       coalesce(a.backend_start, 'epoch') AS backend_start, a.usename::text AS "user",
       coalesce(a.application_name, '') AS application, a.datname::text AS database, a.state,
       a.wait_event_type, a.wait_event,
       pg_catalog.clock_timestamp() - a.xact_start AS transaction_age,
       pg_catalog.clock_timestamp() - a.query_start AS query_age,
       pg_catalog.clock_timestamp() - a.state_change AS state_age,
       CASE WHEN (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.oid = a.datid) IS DISTINCT FROM
                 (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
             AND a.datid IS NOT NULL
            THEN pg_catalog.left(pg_catalog.encode(pg_catalog.textsend(coalesce(a.query, '')), 'escape'), 2000)
            ELSE pg_catalog.left(coalesce(a.query, ''), 2000) END AS query,
       coalesce(a.backend_type, '') AS backend_type, pg_catalog.age(a.backend_xmin) AS xmin_age,
       coalesce(a.query = '<insufficient privilege>' AND a.backend_type IS NULL, false) AS hidden,
       CASE WHEN a.backend_type IS NOT NULL THEN a.backend_xid IS NOT NULL END AS has_written,
       pg_catalog.host(a.client_addr) AS client_address, a.client_port, coalesce(led.workers, 0)::integer AS workers
  FROM pg_catalog.pg_stat_activity AS a
  LEFT JOIN (SELECT w.leader_pid, pg_catalog.count(*) AS workers
               FROM pg_catalog.pg_stat_get_activity(NULL) AS w
              WHERE w.backend_type = 'parallel worker'
              GROUP BY w.leader_pid) AS led ON led.leader_pid = a.pid
 WHERE a.pid <> ALL ($1::integer[])
   AND NOT (a.application_name = 'zdtui watcher' AND a.usename = current_user)
   AND a.backend_type NOT IN ('walsender', 'parallel worker')
   AND coalesce(a.state, '') <> 'idle'
   AND (a.state IS NOT NULL OR a.xact_start IS NOT NULL)
   AND NOT (a.backend_type IN ('logical replication launcher', 'autovacuum launcher') AND a.xact_start IS NULL)
 ORDER BY a.xact_start NULLS LAST, a.query_start NULLS LAST, a.pid
 LIMIT 200
