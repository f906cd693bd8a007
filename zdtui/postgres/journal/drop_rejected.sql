-- Forgets the rejected rows of a step when it is rolled back.
DELETE FROM zdtui.rejected
 WHERE run = %(run)s AND step = %(step)s
