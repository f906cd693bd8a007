-- One row a run, newest first.
SELECT run, at, payload ->> 'plan_name' AS plan_name
  FROM zdtui.event
 WHERE kind = 'run opened'
 ORDER BY at DESC
