-- One row a table that has gaps where columns were dropped: its name, and how many.
-- Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.count(*)::integer
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attisdropped AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal') AND n.nspname !~ '^pg_(temp|toast)'
 GROUP BY 1
