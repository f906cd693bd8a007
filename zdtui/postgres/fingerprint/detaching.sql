-- One row a partition whose DETACH CONCURRENTLY was begun and not finished.
-- Server versions: 14 and later. Needs no privilege.
SELECT 'DETACHING', pg_catalog.format('%I.%I', n.nspname, c.relname), 'is being detached'
  FROM pg_catalog.pg_inherits AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE i.inhdetachpending AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal')
