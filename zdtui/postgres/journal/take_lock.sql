-- One row: whether this session holds the run's advisory lock, which is taken without waiting if it is free.
SELECT CASE WHEN EXISTS (
    SELECT FROM pg_catalog.pg_locks AS l
     WHERE l.locktype = 'advisory'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
       AND l.classid = (%(key)s::bigint >> 32)::integer::oid
       AND l.objid = (%(key)s::bigint & 4294967295)::oid
       AND l.objsubid = 1::smallint
       AND l.granted
       AND l.pid = pg_catalog.pg_backend_pid())
  THEN true ELSE pg_catalog.pg_try_advisory_lock(%(key)s::bigint) END
