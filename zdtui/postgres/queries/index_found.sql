-- At most one row: what has the name $2 in the schema of the table $1. `oid`, as it is written, whether it is an index,
-- a valid one, of that table; the table it is of, and its definition (null for what is no index).
-- $1: the table with its schema, as SQL writes it; $2: a bare name. PostgreSQL 13 and later. Needs no privilege.
SELECT c.oid::bigint, c.oid::pg_catalog.regclass::text, i.indexrelid IS NOT NULL,
       coalesce(i.indisvalid AND i.indisready AND i.indislive, false), coalesce(i.indrelid = t.oid, false),
       i.indrelid::pg_catalog.regclass::text, pg_catalog.pg_get_indexdef(i.indexrelid)
  FROM pg_catalog.pg_class AS t
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = t.relnamespace AND c.relname = $2::text
  LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
 WHERE t.oid = pg_catalog.to_regclass($1::text)
