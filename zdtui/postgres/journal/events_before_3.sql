-- One row an event of the run, oldest first, in a journal of layout 1 or 2, as events.sql gives them. At least one row.
SELECT NULL::text, NULL::bigint, NULL::bytea, NULL::bigint, NULL::bytea, NULL::bytea, NULL::bytea,
       e.sequence, e.at, e.operator, e.kind, e.step, e.payload, NULL::bytea
  FROM (VALUES (%(run)s::uuid)) AS wanted (run)
  LEFT JOIN zdtui.event AS e ON e.run = wanted.run
 ORDER BY e.sequence
