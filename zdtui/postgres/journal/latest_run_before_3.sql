-- At most one row: the newest run of a plan, by name, in a journal of layout 1 or 2.
SELECT run
  FROM zdtui.event
 WHERE kind = 'run opened' AND payload ->> 'plan_name' = %(plan_name)s::text
 ORDER BY at DESC
 LIMIT 1
