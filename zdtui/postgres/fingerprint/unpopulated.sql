-- One row a materialized view that holds nothing to read.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'MATERIALIZED VIEW DATA', pg_catalog.format('%I.%I', n.nspname, c.relname), 'not populated'
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind = 'm' AND NOT c.relispopulated AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal')
