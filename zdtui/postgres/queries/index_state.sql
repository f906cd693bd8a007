-- At most one row: whether the index of that name is valid.
-- $1: the index with its schema, as SQL writes it. Needs no privilege.
SELECT i.indisvalid AND i.indisready
  FROM pg_catalog.pg_index AS i
 WHERE i.indexrelid = pg_catalog.to_regclass($1)
