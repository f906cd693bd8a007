-- One row: whether this session holds the run's advisory lock, and whether it does now: it is taken without waiting where
-- a statement of the author's has let go of it. $1: its key (bigint).
SELECT h.held, CASE WHEN h.held THEN true ELSE pg_catalog.pg_try_advisory_lock($1::bigint) END
  FROM (SELECT EXISTS (
            SELECT FROM pg_catalog.pg_locks AS l
             WHERE l.locktype = 'advisory'
               AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                                  WHERE d.datname = pg_catalog.current_database())
               AND l.classid = ($1::bigint >> 32)::integer::oid
               AND l.objid = ($1::bigint & 4294967295)::oid
               AND l.objsubid = 1
               AND l.granted
               AND l.pid = pg_catalog.pg_backend_pid()) AS held) AS h
