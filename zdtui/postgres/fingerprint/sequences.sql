-- One row a sequence: its name as SQL writes it, and whether this role may read where it stands.
-- Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
       AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal') AND n.nspname !~ '^pg_temp'
 ORDER BY 1
