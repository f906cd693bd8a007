-- At most one row: how much of a backfill, copy or comparison is done, over all of its lanes. Any layout.
SELECT pg_catalog.sum(batches)::bigint, pg_catalog.sum(rows)::bigint, pg_catalog.sum(rejected)::bigint
  FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s
HAVING pg_catalog.count(*) > 0
