-- Begins the chain of a run with its first events, or begins it anew after what an operator took on as it is: what is
-- there up to `covered` is covered by one digest. Only if the backend given holds the run's lock, and only where the run
-- has no head, or the one given (null: none). One row: whether it holds the lock, and how many events were written.
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
    INSERT INTO zdtui.head AS h (run, plan_name, opened, sequence, digest, covered, covered_digest)
    SELECT %(run)s::uuid, %(plan_name)s::text, %(opened)s::timestamptz, %(sequence)s::bigint, %(digest)s::bytea,
           %(covered)s::bigint, %(covered_digest)s::bytea
      FROM held
    ON CONFLICT (run) DO UPDATE
       SET sequence = excluded.sequence, digest = excluded.digest,
           covered = excluded.covered, covered_digest = excluded.covered_digest
     WHERE h.sequence = %(head_sequence)s::bigint AND h.digest = %(head_digest)s::bytea
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
