-- Forgets a checkpoint when its step is rolled back.
DELETE FROM zdtui.checkpoint
 WHERE run = %(run)s AND step = %(step)s
