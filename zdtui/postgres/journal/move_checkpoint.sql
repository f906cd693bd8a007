-- Moves the checkpoint of a lane on by one batch, in that batch's transaction.
-- Touches no row when the checkpoint is not where this console left it: somebody else moved it.
UPDATE zdtui.checkpoint
   SET position = %(position)s, batches = batches + 1, rows = rows + %(rows)s, rejected = rejected + %(rejected)s,
       at = pg_catalog.now()
 WHERE run = %(run)s AND step = %(step)s AND lane = %(lane)s AND batches = %(batches)s
