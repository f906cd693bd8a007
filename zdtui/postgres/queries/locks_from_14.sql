-- One row a heavyweight lock that is waited for, or that is held or wanted on something another waits for;
-- with them every row-lock queue (locktype 'tuple'), which tells the table of a wait for a transaction. No row: nobody waits.
-- `pid` 0 and `prepared_xid`: a prepared transaction. `waited`: time spent in the queue so far.
-- PostgreSQL 14 and later. Needs no privilege.
WITH lock AS MATERIALIZED (
    SELECT l.*
      FROM pg_catalog.pg_locks AS l
     WHERE l.mode <> 'SIReadLock'
), wanted AS MATERIALIZED (
    SELECT l.locktype, coalesce(l.database, 0) AS database, coalesce(l.relation, 0) AS relation,
           coalesce(l.page, -1) AS page, coalesce(l.tuple, -1) AS tuple, coalesce(l.virtualxid, '') AS virtualxid,
           coalesce(l.transactionid::text, '') AS transactionid, coalesce(l.classid, 0) AS classid,
           coalesce(l.objid, 0) AS objid, coalesce(l.objsubid, -1) AS objsubid
      FROM lock AS l
     WHERE NOT l.granted
)
SELECT coalesce(l.pid, 0) AS pid,
       CASE WHEN l.pid IS NULL
            THEN (SELECT own.transactionid::text
                    FROM lock AS own
                   WHERE own.pid IS NULL AND own.virtualtransaction = l.virtualtransaction
                     AND own.locktype = 'transactionid' AND own.granted
                   LIMIT 1) END AS prepared_xid,
       l.mode, l.granted, pg_catalog.clock_timestamp() - l.waitstart AS waited, l.locktype,
       d.datname AS database,
       CASE WHEN d.datname = pg_catalog.current_database() OR l.database = 0
            THEN n.nspname || '.' || c.relname END AS relation_name,
       l.relation::bigint AS relation, l.page, l.tuple::integer AS tuple, l.virtualxid,
       l.transactionid::text AS transactionid,
       l.classid::bigint AS classid, l.objid::bigint AS objid, l.objsubid::integer AS objsubid
  FROM lock AS l
  LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE (l.locktype, coalesce(l.database, 0), coalesce(l.relation, 0), coalesce(l.page, -1), coalesce(l.tuple, -1),
        coalesce(l.virtualxid, ''), coalesce(l.transactionid::text, ''), coalesce(l.classid, 0), coalesce(l.objid, 0),
        coalesce(l.objsubid, -1)) IN (SELECT * FROM wanted)
    OR (l.locktype = 'tuple' AND EXISTS (SELECT FROM wanted))
