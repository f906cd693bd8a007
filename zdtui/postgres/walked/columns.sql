-- One row a column of a table, in their order: its name quoted where needed, its bare name, and its type.
-- The type has its schema, but for those whose name is part of SQL's grammar (integer, timestamp with time zone).
-- $1: the table as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.quote_ident(a.attname), a.attname::text,
       CASE WHEN pg_catalog.format_type(e.oid, NULL) = pg_catalog.quote_ident(e.typname)
             AND e.typnamespace = 'pg_catalog'::regnamespace
            THEN 'pg_catalog.' ELSE '' END || pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
  JOIN pg_catalog.pg_type AS e ON e.oid = CASE WHEN y.typlen = -1 AND y.typelem <> 0 THEN y.typelem ELSE y.oid END
 WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
