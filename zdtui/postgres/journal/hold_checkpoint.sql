-- Holds the checkpoint of a lane where this console left it, until the batch is committed. No row: somebody else moved it.
SELECT FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s AND lane = %(lane)s AND batches = %(batches)s
   FOR UPDATE
