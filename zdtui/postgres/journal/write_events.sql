-- Writes events at the end of a run, if the backend given holds the run's lock and nobody wrote since `before`.
-- One row: whether it holds the lock, and how many events were written: all or none.
-- pid and backend_start: the working session's, which may be another than the one that asks. Null: the role may not see
-- when its own sessions began (ALTER ROLE ... SET role); then the pid alone has to do.
WITH held AS (
    SELECT FROM pg_catalog.pg_locks AS l
     WHERE l.locktype = 'advisory'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
       AND l.classid = (%(key)s::bigint >> 32)::integer::oid
       AND l.objid = (%(key)s::bigint & 4294967295)::oid
       AND l.objsubid = 1::smallint
       AND l.granted
       AND l.pid = %(pid)s::integer
       AND (l.pid = pg_catalog.pg_backend_pid()
            OR %(backend_start)s::timestamptz IS NULL
            OR EXISTS (SELECT FROM pg_catalog.pg_stat_get_activity(%(pid)s::integer) AS a
                        WHERE a.backend_start = %(backend_start)s::timestamptz))
), moved AS (
    UPDATE zdtui.head AS h
       SET sequence = %(sequence)s::bigint, digest = %(digest)s::bytea
     WHERE h.run = %(run)s::uuid AND h.sequence = %(before)s::bigint AND h.digest = %(digest_before)s::bytea
       AND EXISTS (SELECT FROM held)
       AND (h.covered >= %(before)s::bigint
            OR EXISTS (SELECT FROM zdtui.event AS e
                        WHERE e.run = %(run)s::uuid AND e.sequence = %(before)s::bigint
                          AND e.digest = %(digest_before)s::bytea))
    RETURNING h.run
), added AS (
    INSERT INTO zdtui.event (run, sequence, at, operator, kind, step, payload, digest)
    SELECT m.run, n.sequence, n.at, n.operator, n.kind, n.step, n.payload, n.digest
      FROM moved AS m,
           ROWS FROM (pg_catalog.unnest(%(sequences)s::bigint[]), pg_catalog.unnest(%(ats)s::timestamptz[]),
                      pg_catalog.unnest(%(operators)s::text[]), pg_catalog.unnest(%(kinds)s::text[]),
                      pg_catalog.unnest(%(steps)s::text[]), pg_catalog.unnest(%(payloads)s::jsonb[]),
                      pg_catalog.unnest(%(digests)s::bytea[]))
               AS n (sequence, at, operator, kind, step, payload, digest)
    RETURNING 1
)
SELECT EXISTS (SELECT FROM held), (SELECT pg_catalog.count(*) FROM added)
