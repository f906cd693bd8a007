-- At most one row: the newest run of a plan, by name.
SELECT run
  FROM zdtui.event
 WHERE kind = 'run opened' AND payload ->> 'plan_name' = %(plan_name)s
 ORDER BY at DESC
 LIMIT 1
