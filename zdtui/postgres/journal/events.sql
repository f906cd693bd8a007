-- One row an event of the run after `seen`, oldest first, each with the run's head beside it: one statement, so that all of
-- it is of one moment. At least one row. Null where the run has no head, or no such events.
-- `seen_as`, `whole`: digests over the events up to `seen` and over all of them, as they are stored: whoever has read them
-- and finds the same digest need not read them again. Versions: 13 and later.
SELECT h.plan_name, h.sequence, h.digest, h.covered, h.covered_digest,
       s.seen_as, s.whole,
       e.sequence, e.at, e.operator, e.kind, e.step, e.payload, e.digest
  FROM (VALUES (%(run)s::uuid)) AS wanted (run)
 CROSS JOIN LATERAL (
       SELECT pg_catalog.sha256(pg_catalog.string_agg(r.stored, ''::bytea ORDER BY r.sequence)
                                FILTER (WHERE r.sequence <= %(seen)s::bigint)) AS seen_as,
              pg_catalog.sha256(pg_catalog.string_agg(r.stored, ''::bytea ORDER BY r.sequence)) AS whole
         FROM (SELECT v.sequence,
                      pg_catalog.sha256(pg_catalog.record_send(
                          ROW(v.run, v.sequence, v.at, v.operator, v.kind, v.step, v.payload, v.digest))) AS stored
                 FROM zdtui.event AS v
                WHERE v.run = wanted.run) AS r) AS s
  LEFT JOIN zdtui.head AS h ON h.run = wanted.run
  LEFT JOIN zdtui.event AS e ON e.run = wanted.run AND e.sequence > %(seen)s::bigint
 ORDER BY e.sequence
