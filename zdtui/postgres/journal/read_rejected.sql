-- Every rejected row of a run, and why; times in UTC. Of one moment by key, where a shorter number is a smaller one.
SELECT step, part, key, reason, at AT TIME ZONE 'UTC'
  FROM zdtui.rejected
 WHERE run = %(run)s
 ORDER BY step, part, at, pg_catalog.length(key::text), key
