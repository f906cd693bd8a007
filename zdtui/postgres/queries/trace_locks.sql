-- One row a lock on a relation that one backend holds or waits for. $1: its pid (integer).
-- PostgreSQL 13 and later. Needs no privilege.
SELECT l.relation::bigint AS oid, l.mode
  FROM pg_catalog.pg_locks AS l
 WHERE l.pid = $1 AND l.locktype = 'relation'
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
