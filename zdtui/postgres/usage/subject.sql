-- The relation that a name means, and which of its columns are there; no row where it means none.
-- Runs under the author's search_path: everything in it is named with its schema, so that nobody else's is used.
-- $1: the relation as the author wrote it (text). $2: the column as the catalog has it, or null (text). `column_there`: null
-- where no column is asked for. PostgreSQL 13 and later. Needs no privilege.
SELECT c.oid::pg_catalog.int8 AS oid, n.nspname::pg_catalog.text AS schema, c.relname::pg_catalog.text AS name,
       c.relkind::pg_catalog.text AS kind,
       CASE WHEN $2::pg_catalog.text IS NOT NULL THEN EXISTS (
            SELECT FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
               AND a.attname::pg_catalog.text OPERATOR(pg_catalog.=) $2::pg_catalog.text) END AS column_there
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1::pg_catalog.text)::pg_catalog.oid
