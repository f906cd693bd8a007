-- One row a run, newest first; also those of which the table of events holds nothing any more.
SELECT run
  FROM (SELECT run, at FROM zdtui.event WHERE kind = 'run opened'
        UNION ALL
        SELECT run, opened FROM zdtui.head) AS begun
 GROUP BY run
 ORDER BY pg_catalog.max(at) DESC
