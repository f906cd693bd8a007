-- One row a run, newest first, in a journal of layout 1 or 2.
SELECT run
  FROM zdtui.event
 WHERE kind = 'run opened'
 ORDER BY at DESC
