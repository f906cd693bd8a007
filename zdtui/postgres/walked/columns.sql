-- One row a column of a table, in their order: its name quoted where needed, its bare name, and its type.
-- $1: the table as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.quote_ident(a.attname), a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_attribute AS a
 WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
