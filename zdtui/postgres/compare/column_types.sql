-- One row a column of the table: its name and its type as SQL writes it. $1: the table's name (text).
-- PostgreSQL 13 and later. Needs no privilege on the table.
SELECT a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_catalog.pg_attribute AS a
 WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
