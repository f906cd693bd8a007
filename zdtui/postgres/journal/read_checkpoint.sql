-- At most one row: where a backfill or copy stands.
SELECT position, upto, batches, rows, rejected
  FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s
