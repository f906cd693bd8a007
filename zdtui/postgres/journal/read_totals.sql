-- At most one row: how much of a backfill, copy or comparison is done, over all of its lanes. Any layout.
SELECT sum(batches)::bigint, sum(rows)::bigint, sum(rejected)::bigint
  FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s
HAVING count(*) > 0
