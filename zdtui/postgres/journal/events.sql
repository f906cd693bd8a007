-- The events of a run from a sequence number on, oldest first.
SELECT run, sequence, at, operator, payload
  FROM zdtui.event
 WHERE run = %(run)s AND sequence > %(after)s
 ORDER BY sequence
