-- One row a relation that does not lie in the database's own tablespace, or is not kept by the usual access method.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'PLACE', pg_catalog.format('%I.%I', n.nspname, c.relname),
       pg_catalog.format('tablespace %s, access method %s', coalesce(t.spcname, '(the database''s)'), coalesce(m.amname, '-'))
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace AS t ON t.oid = c.reltablespace
  LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
 WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'zdtui', 'zdtui_rehearsal')
   AND n.nspname !~ '^pg_(temp|toast)'
   AND (c.reltablespace <> 0 OR (c.relkind IN ('r', 'p', 'm') AND m.amname <> 'heap'))
