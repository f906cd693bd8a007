-- One row a lane: where a backfill, copy or comparison stands.
SELECT lane, part, way, position, upto, batches, rows, rejected
  FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s
 ORDER BY lane
