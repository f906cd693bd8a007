-- At most one row: the newest run of a plan, by name.
SELECT run
  FROM (SELECT run, at FROM zdtui.event WHERE kind = 'run opened' AND payload ->> 'plan_name' = %(plan_name)s::text
        UNION ALL
        SELECT run, opened FROM zdtui.head WHERE plan_name = %(plan_name)s::text) AS begun
 ORDER BY at DESC
 LIMIT 1
