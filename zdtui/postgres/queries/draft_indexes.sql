-- One row an index of a table of people's own: the statement that makes it. Reads catalogs only; locks nothing.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_get_indexdef(c.oid) AS definition
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('i', 'I')
