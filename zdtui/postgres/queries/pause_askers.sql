-- One row a session that asks for a pause of the run in this database: it holds a shared advisory lock of that key, which any
-- session may take and which changes nothing. $1: the key. PostgreSQL 13 and later. Needs no privilege.
SELECT a.pid, a.backend_start, a.application_name::text AS application, a.usename::text AS role
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_stat_activity AS a USING (pid)
 WHERE l.locktype = 'advisory'
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND l.classid = ($1::bigint >> 32)::integer::oid
   AND l.objid = ($1::bigint & 4294967295)::oid
   AND l.objsubid = 1
   AND l.mode = 'ShareLock'
   AND l.granted
 ORDER BY a.pid
 LIMIT 20
