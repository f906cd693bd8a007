-- One row a lock that a session waits for while $1 holds, or waits for, a lock on the same thing.
-- A parallel worker counts as its leader. `behind`: it came to the queue after $1 did; of no account where $1 holds. `waited`: seconds in the queue so far.
-- $1: pid. PostgreSQL 14 and later. Needs no privilege.
WITH lock AS MATERIALIZED (
    SELECT l.*
      FROM pg_catalog.pg_locks AS l
     WHERE (l.pid = $1::integer OR NOT l.granted) AND l.mode <> 'SIReadLock'
)
SELECT coalesce(CASE WHEN s.backend_type = 'parallel worker' THEN s.leader_pid END, w.pid) AS pid,
       w.mode AS wanted, o.mode AS ours, o.granted AS held,
       coalesce(w.waitstart >= o.waitstart, true) AS behind,
       coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - w.waitstart), 0)::float8 AS waited
  FROM lock AS w
  JOIN lock AS o
    ON o.pid = $1::integer
   AND (o.locktype, o.database, o.relation, o.page, o.tuple, o.virtualxid, o.transactionid::text, o.classid, o.objid,
        o.objsubid)
       IS NOT DISTINCT FROM
       (w.locktype, w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid::text, w.classid, w.objid,
        w.objsubid)
  LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(w.pid) AS s ON true
 WHERE NOT w.granted AND w.pid <> $1::integer
