-- One row for the table of that name, if there is one: as SQL writes it, relkind, whether row security hides rows of it
-- from this role, and its columns by name.
-- $1: the table with its schema, as SQL writes it (text). Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind::text, pg_catalog.row_security_active(c.oid),
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.oid = pg_catalog.to_regclass($1::text) AND c.relkind IN ('r', 'p', 'f', 'm')
