-- The first rows of a step that were rejected, and why.
SELECT key, reason
  FROM zdtui.rejected
 WHERE run = %(run)s AND step = %(step)s
 ORDER BY at, part, key
 LIMIT %(most)s
