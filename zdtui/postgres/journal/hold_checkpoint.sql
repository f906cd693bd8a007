-- One row: the checkpoint of a lane is held where this console left it, until the transaction is over. It is an error that
-- names zdtui.run_held_elsewhere, and nothing that was sent with it is done, when somebody else has moved it, or when the
-- backend of our working session (`holder`) does not hold the run (the advisory lock `key`) any more.
SELECT CASE WHEN pg_catalog.count(*) = 1 THEN 'held'::text
            ELSE pg_catalog.current_setting('zdtui.run_held_elsewhere') END
  FROM (SELECT FROM zdtui.checkpoint
         WHERE run = %(run)s AND step = %(step)s AND lane = %(lane)s AND batches = %(batches)s
           AND EXISTS (
            SELECT FROM pg_catalog.pg_locks AS l
             WHERE l.locktype = 'advisory'
               AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                                  WHERE d.datname = pg_catalog.current_database())
               AND l.classid = (%(key)s::bigint >> 32)::integer::oid
               AND l.objid = (%(key)s::bigint & 4294967295)::oid
               AND l.objsubid = 1::smallint
               AND l.granted
               AND l.pid = %(holder)s::integer)
           FOR UPDATE) AS c
