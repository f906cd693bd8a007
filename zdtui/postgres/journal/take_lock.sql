-- One row: whether this session holds the run's advisory lock (`key`), which is taken without waiting if it is free and no
-- batch of another console is still open (`batch`, which each of them shares and this lets go of at once).
SELECT CASE WHEN EXISTS (
    SELECT FROM pg_catalog.pg_locks AS l
     WHERE l.locktype = 'advisory'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
       AND l.classid = (%(key)s::bigint >> 32)::integer::oid
       AND l.objid = (%(key)s::bigint & 4294967295)::oid
       AND l.objsubid = 1::smallint
       AND l.granted
       AND l.pid = pg_catalog.pg_backend_pid())
  THEN true
  WHEN pg_catalog.pg_try_advisory_xact_lock(%(batch)s::bigint)
  THEN pg_catalog.pg_try_advisory_lock(%(key)s::bigint)
  ELSE false END
