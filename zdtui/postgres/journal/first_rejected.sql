-- The first rows of a step that were rejected, and why; of one moment by key, where a shorter number is a smaller one.
SELECT key, reason
  FROM zdtui.rejected
 WHERE run = %(run)s AND step = %(step)s
 ORDER BY at, part, pg_catalog.length(key::text), key
 LIMIT %(most)s
