-- One row a column of the relation $1, in their order (one with a null column where it has none): what the relation is, its
-- name as SQL writes it, the column, its type, whether NULL is forbidden, whether a value comes by itself (a default, an
-- identity, an expression). $1: the relation with its schema, as SQL writes it. PostgreSQL 13 and later. Needs no privilege.
SELECT c.relkind::text, c.oid::pg_catalog.regclass::text, a.attname::text,
       pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef OR a.attidentity <> ''
  FROM pg_catalog.pg_class AS c
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.oid = pg_catalog.to_regclass($1::text)
 ORDER BY a.attnum
