-- One row an invalid index of a table, as it would have to be written to drop it.
-- $1: the table with its schema, as SQL writes it. Needs no privilege.
SELECT i.indexrelid::regclass::text
  FROM pg_catalog.pg_index AS i
 WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indisvalid
 ORDER BY 1
