-- One row an advisory lock of this session that was let go of, once; $1 is the key of one that stays (bigint).
-- PostgreSQL 13 and later. Needs no privilege.
SELECT CASE WHEN l.objsubid = 1 AND l.mode = 'ShareLock'
            THEN pg_catalog.pg_advisory_unlock_shared((l.classid::bigint << 32) | l.objid::bigint)
            WHEN l.objsubid = 1 THEN pg_catalog.pg_advisory_unlock((l.classid::bigint << 32) | l.objid::bigint)
            WHEN l.mode = 'ShareLock'
            THEN pg_catalog.pg_advisory_unlock_shared(l.classid::bigint::bit(32)::integer, l.objid::bigint::bit(32)::integer)
            ELSE pg_catalog.pg_advisory_unlock(l.classid::bigint::bit(32)::integer, l.objid::bigint::bit(32)::integer) END
  FROM pg_catalog.pg_locks AS l
 WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND NOT (l.objsubid = 1 AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint)
