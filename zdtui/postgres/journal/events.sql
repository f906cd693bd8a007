-- One row an event of the run, oldest first, each with the run's head beside it: one statement, so that both are of one
-- moment. At least one row. Null where the run has no head, or no events.
SELECT h.plan_name, h.sequence, h.digest, h.covered, h.covered_digest,
       e.sequence, e.at, e.operator, e.kind, e.step, e.payload, e.digest
  FROM (VALUES (%(run)s::uuid)) AS wanted (run)
  LEFT JOIN zdtui.head AS h ON h.run = wanted.run
  LEFT JOIN zdtui.event AS e ON e.run = wanted.run
 ORDER BY e.sequence
