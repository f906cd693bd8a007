-- Every rejected row of a run, and why; times in UTC.
SELECT step, part, key, reason, at AT TIME ZONE 'UTC'
  FROM zdtui.rejected
 WHERE run = %(run)s
 ORDER BY step, part, at, key
