-- At most one row: a prepared transaction and the locks it holds, at most 200. No row: it is no longer there.
-- $1: its name, as PREPARE TRANSACTION gave it (text). PostgreSQL 13 and later. Needs no privilege.
SELECT p.transaction::text AS xid, p.gid, p.owner::text AS owner, p.database::text AS database, p.prepared,
       pg_catalog.clock_timestamp() - p.prepared AS age,
       (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t)), '[]'::jsonb)
          FROM (SELECT l.mode, l.granted, l.locktype, d.datname AS database,
                       CASE WHEN d.datname = pg_catalog.current_database() OR l.database = 0
                            THEN n.nspname || '.' || c.relname END AS relation_name,
                       l.relation::bigint AS relation, l.page, l.tuple::integer AS tuple, l.virtualxid,
                       l.transactionid::text AS transactionid, l.classid::bigint AS classid, l.objid::bigint AS objid,
                       l.objsubid::integer AS objsubid
                  FROM pg_catalog.pg_locks AS l
                  JOIN pg_catalog.pg_locks AS x
                    ON x.virtualtransaction = l.virtualtransaction AND x.locktype = 'transactionid'
                   AND x.transactionid = p.transaction
                  LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
                  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
                  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                 WHERE l.pid IS NULL AND x.pid IS NULL AND l.locktype <> 'transactionid'
                 ORDER BY l.relation, l.mode
                 LIMIT 200) AS t) AS locks
  FROM pg_catalog.pg_prepared_xacts AS p
 WHERE p.gid = $1::text
