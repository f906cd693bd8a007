-- One row a column of the table's primary key, in key order: name (quoted where needed) and type.
-- $1: the table as the author wrote it. Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod), true AS not_null
  FROM pg_catalog.pg_index AS i
 CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
 WHERE i.indrelid = $1::text::regclass AND i.indisprimary AND k.place <= i.indnkeyatts
 ORDER BY k.place
