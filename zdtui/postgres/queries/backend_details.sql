-- At most one row: all that is to be known of one backend, as pg_stat_activity, pg_locks and pg_stat_replication tell it.
-- $1: its pid (integer); $2: its backend_start (timestamptz), or null for whoever has that pid now. No row: it has ended.
-- Ages are intervals by the server's clock; `xmin_age` in transactions. `locks`: what it and its parallel workers hold and
-- want, wishes first, at most 200 of `locks_held`. `kept_by`: who keeps it waiting; `behind`: who wants what it holds, or
-- queues behind it (PostgreSQL 14 and later say since when). `sender` and `slots`: where it is a walsender.
-- `kept`: bytes of a query that the server keeps. PostgreSQL 13 and later. Other users' columns need pg_monitor.
-- Of a database in another encoding the query is told byte by byte, as encode(..., 'escape') does.
WITH it AS MATERIALIZED (
    SELECT a.*
      FROM pg_catalog.pg_stat_activity AS a
     WHERE a.pid = $1::integer AND ($2::timestamptz IS NULL OR coalesce(a.backend_start, 'epoch') = $2::timestamptz)
), worker AS MATERIALIZED (
    SELECT w.pid
      FROM pg_catalog.pg_stat_get_activity(NULL) AS w
     WHERE w.leader_pid = $1::integer AND w.backend_type = 'parallel worker'
), lock AS MATERIALIZED (
    SELECT l.*, (pg_catalog.to_jsonb(l) ->> 'waitstart')::timestamptz AS since,
           l.pid = $1::integer OR l.pid IN (SELECT w.pid FROM worker AS w) AS own
      FROM pg_catalog.pg_locks AS l
     WHERE l.mode <> 'SIReadLock' AND EXISTS (SELECT FROM it)
), own AS MATERIALIZED (
    SELECT l.mode, l.granted, l.locktype, l.database AS in_database, d.datname AS database,
           CASE WHEN d.datname = pg_catalog.current_database() OR l.database = 0
                THEN n.nspname || '.' || c.relname END AS relation_name,
           l.relation::bigint AS relation, l.page, l.tuple::integer AS tuple, l.virtualxid,
           l.transactionid::text AS transactionid, l.classid::bigint AS classid, l.objid::bigint AS objid,
           l.objsubid::integer AS objsubid, pg_catalog.min(l.since) AS since
      FROM lock AS l
      LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
      LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
      LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE l.own
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
), told AS MATERIALIZED (
    SELECT o.* FROM own AS o WHERE NOT (o.granted AND o.locktype IN ('virtualxid', 'transactionid'))
)
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
            THEN pg_catalog.encode(pg_catalog.textsend(coalesce(a.query, '')), 'escape')
            ELSE coalesce(a.query, '') END AS query,
       coalesce(a.backend_type, '') AS backend_type, pg_catalog.age(a.backend_xmin) AS xmin_age,
       coalesce(a.query = '<insufficient privilege>' AND a.backend_type IS NULL, false) AS hidden,
       CASE WHEN a.backend_type IS NOT NULL THEN a.backend_xid IS NOT NULL END AS has_written,
       pg_catalog.host(a.client_addr) AS client_address, a.client_port,
       (SELECT pg_catalog.count(*) FROM worker)::integer AS workers,
       pg_catalog.clock_timestamp() - a.backend_start AS backend_age,
       pg_catalog.pg_size_bytes(pg_catalog.current_setting('track_activity_query_size'))::integer AS kept,
       ARRAY(SELECT w.pid FROM worker AS w ORDER BY w.pid) AS worker_pids,
       (SELECT pg_catalog.count(*) FROM told)::integer AS locks_held,
       (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t)), '[]'::jsonb)
          FROM (SELECT t.* FROM told AS t ORDER BY t.granted, t.relation, t.mode LIMIT 200) AS t) AS locks,
       (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(k)), '[]'::jsonb)
          FROM (SELECT DISTINCT b.pid, coalesce(s.application_name, '') AS application
                  FROM pg_catalog.unnest(CASE WHEN EXISTS (SELECT FROM lock AS l WHERE l.own AND NOT l.granted)
                                              THEN pg_catalog.pg_blocking_pids($1::integer) END) AS b(pid)
                  LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(b.pid) AS s ON true) AS k) AS kept_by,
       (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(k)), '[]'::jsonb)
          FROM (SELECT coalesce(CASE WHEN s.backend_type = 'parallel worker' THEN s.leader_pid END, w.pid) AS pid,
                       coalesce(s.application_name, '') AS application, w.mode AS wanted, o.*,
                       o.granted OR coalesce(w.since >= o.since, true) AS behind
                  FROM lock AS w
                  JOIN own AS o
                    ON (o.locktype, o.in_database, o.relation, o.page, o.tuple, o.virtualxid, o.transactionid, o.classid,
                        o.objid, o.objsubid)
                       IS NOT DISTINCT FROM
                       (w.locktype, w.database, w.relation::bigint, w.page, w.tuple::integer, w.virtualxid,
                        w.transactionid::text, w.classid::bigint, w.objid::bigint, w.objsubid::integer)
                  LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(w.pid) AS s ON true
                 WHERE NOT w.granted AND NOT w.own
                 ORDER BY w.since, w.pid
                 LIMIT 200) AS k) AS behind,
       (SELECT pg_catalog.to_jsonb(r)
          FROM (SELECT r.state, r.sync_state, r.sync_priority, r.sent_lsn, r.write_lsn, r.flush_lsn, r.replay_lsn,
                       r.write_lag, r.flush_lag, r.replay_lag, r.reply_time
                  FROM pg_catalog.pg_stat_get_wal_senders() AS r
                 WHERE r.pid = $1::integer) AS r) AS sender,
       (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(s)), '[]'::jsonb)
          FROM pg_catalog.pg_replication_slots AS s
         WHERE s.active_pid = $1::integer) AS slots
  FROM it AS a
